"""Prospecting lists: all of them, one as a sheet, its settings, and one prospect."""
