"""What the tests of the locks share: what the database says, and trying it without the door."""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction

SAID = "only the door may do this"


def sql(statement: str, *params: Any) -> Any:
    """Run a statement as somebody would who has the connection but not the door."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.rowcount
