"""The security section: sensitive acts, told in sentences."""
