"""The screens of post-sales."""
