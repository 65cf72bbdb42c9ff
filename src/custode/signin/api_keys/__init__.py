"""Keys of applications: actors of their own, with scopes, which use the API only."""
