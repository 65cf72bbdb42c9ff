"""Signing in, and determining the actor of a request."""
