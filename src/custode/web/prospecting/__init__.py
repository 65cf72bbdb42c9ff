"""The screens of prospecting lists: all lists, one as a sheet, its settings, and one prospect."""
