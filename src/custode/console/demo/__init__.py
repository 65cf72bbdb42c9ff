"""The demo: two invented companies and what they sell, always the same, told from today."""
