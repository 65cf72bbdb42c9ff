"""The screens of the trash: what was deleted, by whom, and restoring it."""
