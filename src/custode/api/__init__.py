"""The API entrance: applications use a key, a user's programs use a token; cookies never count.

To add an endpoint, write one function with typed parameters in `v2/` and one shape in `v2/shapes/`.
"""
