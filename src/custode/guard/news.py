"""What has happened, told to whoever listens above: in the transaction in which it happens.

All that changes passes one of a few places: an object's history (`history.write`), the history of
a bulk edit (`door.bulk`) and the log (`log.write`) tell of it by themselves. What has neither, a
comment or a step's new name, is told by the move itself (`fact`). Whoever listens decides by the
sort and the subject alone whether it matters; only then is anything gathered.
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
    """From where it is known."""

    EDIT = "edit"
    """Lines of history of some objects, told whole."""
    BULK = "bulk"
    """Lines of history of an act, told by the act's number: however many they are, it is one."""
    ACT = "act"
    """An entry of the log."""
    FACT = "fact"
    """Something that leaves no line and no entry."""


@dataclass(frozen=True, slots=True)
class News:
    """One piece of news.

    Args:
        subject: the kind of object concerned, "" for none; of a fact, what happened.
        gather: gives the rest, as JSON.
        seq: of an act and of a bulk edit, its number in the log.
        field: of a bulk edit, the field.
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
    """Have this told of all that happens from now on, within the transaction of what happens.

    Args:
        ears: the rows of the account in scope for whose sake it listens; without one, what it is
            told is lost on it.
    """
    _listening[hear] = ears


def asking(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The same rows, each with `is_heard`: whether anybody listens in the account in scope.

    It spares an edit, which reads its row anyway, from asking by a statement of its own.
    """
    heard = [Exists(ears()) for ears in _listening.values()]
    asked: QuerySet[Any] = rows.annotate(is_heard=reduce(or_, heard, Value(False, BooleanField())))
    return asked


def tell(news: News) -> None:
    """Tell whoever listens."""
    for hear in _listening:
        hear(news)


def edited(lines: Sequence[Change]) -> None:
    """These lines of history were written; those of one kind are one piece of news."""
    by_kind: dict[str, list[Change]] = {}
    for line in lines:
        by_kind.setdefault(line.kind, []).append(line)
    for kind, some in by_kind.items():
        tell(News(Sort.EDIT, some[0].account_id, kind, partial(_lines, some)))


def _lines(lines: Sequence[Change]) -> dict[str, Any]:
    return {"lines": [[one.object_id, one.field, one.old, one.new] for one in lines]}


def edited_at_once(account_id: int, kind: str, field: str, seq: int) -> None:
    """An act has written lines of history; told again of the same field, it is the same news."""
    tell(News(Sort.BULK, account_id, kind, seq=seq, field=field))


def acted(entry: LogEntry) -> None:
    """An entry came into the log."""
    tell(News(Sort.ACT, entry.account_id, entry.kind, seq=entry.seq))


def fact(account_id: int, what: str, ids: Iterable[int]) -> None:
    """Something happened that leaves no line and no entry.

    Args:
        what: what happened, by the name of its event.
        ids: the numbers of what it happened to.
    """
    tell(News(Sort.FACT, account_id, what, partial(_these, ids)))


def _these(ids: Iterable[int]) -> dict[str, Any]:
    return {"ids": list(ids)}
