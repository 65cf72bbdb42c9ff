"""Sign-in and sign-out, and setting a password by a link."""
