"""What an object hangs on, however far up, as Django names the way there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from custode.guard import kinds
from custode.guard.owned import Guarded


def paths_up(model: type[Guarded]) -> Iterator[str]:
    """The relations to all that the objects of a kind hang on: `process`, `process__lead`."""
    for key, parent in kinds.parents_of(model).items():
        yield key
        yield from (f"{key}__{path}" for path in paths_up(parent))


def with_above(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The rows, each with all that it hangs on, by one query for however many (`Guarded.lives`)."""
    paths = list(paths_up(rows.model))
    return rows.select_related(*paths) if paths else rows
