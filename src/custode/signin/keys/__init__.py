"""Keys of applications: actors of their own, with scopes, who come in by the API alone."""
