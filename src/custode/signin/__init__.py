"""How people come in, and which actor a request has."""
