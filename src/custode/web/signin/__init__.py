"""Coming in, going out, and setting a password by a link."""
