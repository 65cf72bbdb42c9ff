"""The search over everything that a person may see."""
