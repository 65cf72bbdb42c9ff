"""One lead: what it is, edited in place, and what happened to it."""
