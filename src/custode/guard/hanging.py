"""Paths from a kind to its parents, at any distance, as Django names relations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from custode.guard import kinds
from custode.guard.owned import Guarded


def paths_up(model: type[Guarded]) -> Iterator[str]:
    """Yield the relations to all ancestors of a kind's objects: `process`, `process__lead`."""
    for key, parent in kinds.parents_of(model).items():
        yield key
        yield from (f"{key}__{path}" for path in paths_up(parent))


def paths_to(model: type[Guarded], root: type[Guarded]) -> Iterator[str]:
    """Yield the relations from a kind's objects to those of one of its ancestors."""
    for key, parent in kinds.parents_of(model).items():
        if parent is root:
            yield key
        yield from (f"{key}__{path}" for path in paths_to(parent, root))


def with_above(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Select the rows together with all their ancestors, in one query (for `Guarded.lives`)."""
    paths = list(paths_up(rows.model))
    return rows.select_related(*paths) if paths else rows
