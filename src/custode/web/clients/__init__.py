"""The screens of client folders: list, page, contacts."""
