"""The API entrance: applications come in by a key, a user's programs by a token; never by cookies.

Adding an endpoint is one function with typed parameters in `v2/`, and one shape in `v2/shapes/`.
"""
