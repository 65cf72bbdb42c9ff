"""Default fields: additional fields that an account defines for its leads or client folders."""
