"""Backups: one file with the database, the attachments and the secret key (decision 0012)."""
