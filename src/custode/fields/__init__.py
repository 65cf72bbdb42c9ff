"""Default fields: what an account writes down of each of its leads or client folders."""
