"""The base of every other layer: actors, scopes, time, errors and small helpers.

Plain Python; nothing here knows about tables or screens.
"""
