"""Prospecting lists from a file: each row a prospect, each column one of the list's own."""
