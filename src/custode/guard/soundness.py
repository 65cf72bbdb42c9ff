"""Whether all that the guard puts into the database stands as it should.

Asked at every start, and after a migration.
"""

from __future__ import annotations

from django.db import connection

from custode.guard import locksmith, wordindex


def missing_locks() -> list[str]:
    """The names of the locks that the database lacks; empty when all stand."""
    return locksmith.missing()


def missing_indexes() -> list[str]:
    """The names of the search's indexes without which it would miss what is there."""
    return wordindex.missing() if connection.vendor == "sqlite" else []


def slow_search() -> str:
    """What to tell the operator of a search that finds all, but slowly; "" when all is well."""
    return wordindex.WITHOUT if connection.vendor != "sqlite" and wordindex.missing() else ""
