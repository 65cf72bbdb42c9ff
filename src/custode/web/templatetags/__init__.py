"""Template tags of screens."""
