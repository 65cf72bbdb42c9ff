"""Where security begins: what happened lately, who is in now, and what is open to improve."""
