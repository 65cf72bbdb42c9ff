"""Quick creation of leads."""
