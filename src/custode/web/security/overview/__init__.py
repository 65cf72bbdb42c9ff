"""The start page of security: recent events, who is signed in, and what to improve."""
