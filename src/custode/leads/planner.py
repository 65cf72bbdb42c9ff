"""Updates SQLite's planner statistics; PostgreSQL updates its own.

Without them SQLite considers any index that begins with the account selective: to fetch the fifty
leads of a page it walked through all of the account's. It samples a few hundred rows of each index,
so this takes some hundredths of a second however many leads there are.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import connection

from custode.kernel import schedule
from custode.kernel.actor import Actor
from custode.kernel.schedule import Periodic

ROWS: Final = 400
"""How many rows of an index are sampled; SQLite recommends 100 to 1,000."""


def add() -> None:
    """Register the job."""
    schedule.add(Periodic("the planner's knowledge", timedelta(hours=1), tell))


def tell(_system: Actor | None = None) -> None:
    """Let SQLite analyse its tables."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA analysis_limit = {ROWS}")
            cursor.execute("ANALYZE")
