"""Bulk acts on leads: all of them pass the door."""
