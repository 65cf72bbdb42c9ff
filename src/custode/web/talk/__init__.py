"""The timeline of an object: its comments, e-mails and changes."""
