"""Leads that leave as files: asking for them, and the files that wait to be downloaded."""
