"""Whether the guard stands as it should: asked at every start, and after a migration."""

from __future__ import annotations

from custode.guard import locksmith


def missing_locks() -> list[str]:
    """The names of the locks that the database lacks; empty when all stand."""
    return locksmith.missing()
