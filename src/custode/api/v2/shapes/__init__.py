"""Things as the API shows them: one file each, with its fields, and what makes it from rows."""
