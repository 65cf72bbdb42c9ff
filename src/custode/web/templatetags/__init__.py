"""The template tags of screens."""
