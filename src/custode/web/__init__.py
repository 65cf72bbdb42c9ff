"""The web entrance: pages for people."""
