"""The tenant: an account, its edition and its settings."""
