"""Checks that everything the guard puts into the database is in place.

Called at every start, and after a migration.
"""

from __future__ import annotations

from django.db import connection

from custode.guard import lock_installation, search_index


def missing_locks() -> list[str]:
    """Return the names of the locks that the database lacks; empty when all are in place."""
    return lock_installation.missing()


def missing_indexes() -> list[str]:
    """Return the names of missing search indexes without which results would be incomplete."""
    return search_index.missing() if connection.vendor == "sqlite" else []


def slow_search() -> str:
    """Return a message for the operator if search works but is slow; "" when all is well."""
    return search_index.WITHOUT if connection.vendor != "sqlite" and search_index.missing() else ""
