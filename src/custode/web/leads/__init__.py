"""The screens of leads: list, board, page, quick creation."""
