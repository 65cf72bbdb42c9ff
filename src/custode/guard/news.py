"""Announces changes to listeners in the layers above, within the transaction of the change.

All changes pass through one of a few places: an object's history (`history.write`), the history of
a bulk edit (`door.bulk`) and the log (`log.write`) announce by themselves. What has neither, such
as a comment or a step's new name, is announced by the move itself (`fact`). A listener decides by
sort and subject alone whether it is interested; only then is anything gathered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial, reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db.models import BooleanField, Exists, QuerySet, Value

if TYPE_CHECKING:
    from custode.guard.models import Change, LogEntry


class Sort(StrEnum):
    """The source of a piece of news."""

    EDIT = "edit"
    """Lines of history of some objects, in full."""
    BULK = "bulk"
    """Lines of history of a bulk act, identified by the act's number, however many there are."""
    ACT = "act"
    """An entry of the log."""
    FACT = "fact"
    """Something that leaves no line of history and no log entry."""


@dataclass(frozen=True, slots=True)
class News:
    """One piece of news.

    Args:
        subject: the kind of object concerned, "" for none; for a fact, what happened.
        gather: returns the rest, as JSON.
        seq: for an act or a bulk edit, its number in the log.
        field: for a bulk edit, the field.
    """

    sort: Sort
    account_id: int
    subject: str
    gather: Callable[[], dict[str, Any]] = field(default=dict)
    seq: int | None = None
    field: str = ""


Ears = Callable[[], "QuerySet[Any]"]

_listening: dict[Callable[[News], object], Ears] = {}


def listen(hear: Callable[[News], object], ears: Ears) -> None:
    """Register a function to be called for all news, within the transaction of what happens.

    Args:
        ears: the rows of the account in scope for which it listens; without any, its news is not
            needed.
    """
    _listening[hear] = ears


def asking(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Return the same rows, each with `is_heard`: whether anybody listens in the account in scope.

    This spares an edit, which reads its row anyway, a statement of its own.
    """
    heard = [Exists(ears()) for ears in _listening.values()]
    asked: QuerySet[Any] = rows.annotate(is_heard=reduce(or_, heard, Value(False, BooleanField())))
    return asked


def tell(news: News) -> None:
    """Notify everyone who listens."""
    for hear in _listening:
        hear(news)


def edited(lines: Sequence[Change]) -> None:
    """Announce lines of history; those of one kind are one piece of news."""
    by_kind: dict[str, list[Change]] = {}
    for line in lines:
        by_kind.setdefault(line.kind, []).append(line)
    for kind, some in by_kind.items():
        tell(News(Sort.EDIT, some[0].account_id, kind, partial(_lines, some)))


def _lines(lines: Sequence[Change]) -> dict[str, Any]:
    return {"lines": [[one.object_id, one.field, one.old, one.new] for one in lines]}


def edited_at_once(account_id: int, kind: str, field: str, seq: int) -> None:
    """Announce the lines of history of a bulk act; repeated for the same field, it is one piece."""
    tell(News(Sort.BULK, account_id, kind, seq=seq, field=field))


def acted(entry: LogEntry) -> None:
    """Announce a new entry of the log."""
    tell(News(Sort.ACT, entry.account_id, entry.kind, seq=entry.seq))


def fact(account_id: int, what: str, ids: Iterable[int]) -> None:
    """Announce something that leaves no line of history and no log entry.

    Args:
        what: what happened, by the name of its event.
        ids: the numbers of the objects it happened to.
    """
    tell(News(Sort.FACT, account_id, what, partial(_these, ids)))


def _these(ids: Iterable[int]) -> dict[str, Any]:
    return {"ids": list(ids)}
