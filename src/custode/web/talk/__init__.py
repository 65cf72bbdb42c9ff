"""What is said about things: comments, e-mails and what was changed, in one timeline."""
