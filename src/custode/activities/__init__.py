"""Conversation and activity about any object: comments with types and versions, and e-mails."""
