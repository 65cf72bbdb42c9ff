"""Guesses what a single column might become, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as _field
from typing import Final, NamedTuple

from django.utils.translation import gettext as _

from .amounts import read
from .cells import words_of
from .columns import Column
from .currencies import code_of
from .errors import BadValue
from .fields import LABELS, Field, flag_of, status_of
from .mapping import WAYS
from .settling import verdict_for
from .synonyms import FIELDS
from .tally import Nothing

SURE: Final = 1.0
LIKELY: Final = 0.6
FAINT: Final = 0.3

_SQUEEZED: Final = {words.replace(" ", ""): field for words, field in FIELDS.items()}
_TOO_COMMON: Final = ("date", "data", "datum", "fecha", "created", "reminder", "rappel", "chance")
"""Words that name a place on their own, but mean little within a longer header."""


@dataclass(frozen=True, slots=True)
class Known:
    """The names that an account has already; they improve guesses, but are not required."""

    pipelines: Iterable[str] = ()
    steps: Iterable[str] = ()
    users: Iterable[str] = ()
    tags: Iterable[str] = ()
    own: Mapping[str, str] = _field(default_factory=dict)
    """The account's own fields: name -> type."""


class Guess(NamedTuple):
    """A place that a column may fill, how strongly, and the reason in words."""

    weight: float
    field: Field
    column: str
    reason: str


def guesses_for(column: Column, known: Known) -> Iterator[Guess]:
    """Yield all guesses for this column; none when it should become a line."""
    yield from _by_known_names(column, known)
    yield from _by_header(column)
    yield from _by_content(column)


def own_field_for(column: Column, known: Known) -> str:
    """Return the account's own field with the column's name, if the content fits; else ""."""
    for name, sort in known.own.items():
        if words_of(name) == words_of(column.name):
            verdict = {"date": column.dates, "number": column.amounts}.get(sort)
            return "" if column.filled and isinstance(verdict, Nothing) else name
    return ""


def _by_known_names(column: Column, known: Known) -> Iterator[Guess]:
    values = {words_of(value) for value in column.values or {}} - {""}
    for field, names in (
        (Field.STEP, known.steps),
        (Field.PIPELINE, known.pipelines),
        (Field.OWNER, known.users),
        (Field.TAGS, known.tags),
    ):
        if values and values <= {words_of(name) for name in names}:
            reason = _("Every value is known here as “%(field)s”.") % {"field": LABELS[field]}
            yield Guess(SURE + FAINT, field, column.name, reason)


def _by_header(column: Column) -> Iterator[Guess]:
    words = words_of(column.name)
    named = FIELDS.get(words) or _SQUEEZED.get(words.replace(" ", ""))
    if named is not None and _can_be(named, column):
        weight = SURE if column.filled else LIKELY
        if named is Field.REFERENCE and column.repeats:
            weight = LIKELY
        yield Guess(weight, named, column.name, _named_reason(named))
    elif named is None:
        for part in _parts(words):
            field = FIELDS.get(part)
            if (
                field is not None
                and field in WAYS
                and part not in _TOO_COMMON
                and _can_be(field, column)
            ):
                yield Guess(LIKELY, field, column.name, _named_reason(field))
                return


def _parts(words: str) -> Iterator[str]:
    """Yield the runs of words within a header, the longest first."""
    split = words.split()[:12]
    for length in range(len(split) - 1, 0, -1):
        for start in range(len(split) - length + 1):
            yield " ".join(split[start : start + length])


def _by_content(column: Column) -> Iterator[Guess]:
    if any(status_of(value) for value in column.values or {}) and _closing(column) > 1:
        yield Guess(LIKELY, Field.STATUS, column.name, _("Its values are statuses."))
    if not isinstance(column.amounts, Nothing) and any(
        read(sample).currency for sample in column.samples
    ):
        yield Guess(FAINT, Field.AMOUNT, column.name, _("Its values are amounts of money."))


def _named_reason(field: Field) -> str:
    return _("Its name is a usual one for “%(field)s”.") % {"field": LABELS[field]}


def _closing(column: Column) -> int:
    """Return how many different closed statuses there are among the values."""
    found = {status_of(value) for value in column.values or {}} - {None}
    return sum(status is not None and status.is_closed for status in found)


def _can_be(field: Field, column: Column) -> bool:
    """Return whether the content does not contradict the name."""
    if not column.filled:
        return True
    if field in WAYS:
        return not isinstance(verdict_for(field, column), Nothing)
    if field is Field.CURRENCY:
        return column.values is not None and all(code_of(value) for value in column.values)
    if field is Field.STARRED:
        return column.values is not None and all(_is_flag(value) for value in column.values)
    if field in (Field.STATUS, Field.STEP, Field.PIPELINE):
        return column.values is not None
    return True


def _is_flag(value: str) -> bool:
    try:
        flag_of(value)
    except BadValue:
        return False
    return True
