"""The security section: what sensitive acts there were, read as sentences."""
