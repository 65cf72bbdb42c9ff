"""The web server: granian in front, Django in a few threads, and a bridge between them."""
