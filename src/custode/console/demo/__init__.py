"""The demo: two invented companies and their sales; always the same, relative to today."""
