"""The database's time, in which processes on several hosts agree on what is due."""

from __future__ import annotations

from datetime import datetime

from django.db.models.functions import Now

from custode.kernel import clock


def now() -> Now | datetime:
    """Return the present moment for a statement: the database's, or the one that a test has set."""
    return clock.frozen() or Now()
