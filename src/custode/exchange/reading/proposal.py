"""Proposes a first mapping for a table, from the names and contents of its columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext as _

from .cells import words_of
from .columns import Column, by_name, study
from .fields import Field, status_of
from .guessing import LIKELY, SURE, Guess, Known, guesses_for, own_field_for
from .mapping import LeadMapping
from .settling import Question, settle
from .synonyms import TITLE_PARTS
from .table import Table
from .tally import Nothing
from .values import ValueChoice, is_closing, translate

_MANY: Final = (Field.TAGS, Field.SKIP)
"""Places that accept every column with such a name; a title is proposed from only one."""


class Confidence(StrEnum):
    """How reliable a proposal is."""

    SURE = "sure"
    LIKELY = "likely"
    GUESS = "guess"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Choice:
    """The proposal for one column, its confidence, and the reason in words."""

    column: str
    places: tuple[Field, ...]
    confidence: Confidence
    reason: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A mapping to start with.

    Args:
        mapping: can be used by `interpret` once the `questions` are answered in its `ways`.
        choices: one per column of the file, in its order.
        questions: decisions that only a person can make.
        values: the meaning of the values of the step and status columns.
        columns: the content of the columns, for `settle` and `translate` after changes.
    """

    mapping: LeadMapping
    choices: tuple[Choice, ...]
    questions: tuple[Question, ...]
    values: tuple[ValueChoice, ...]
    columns: tuple[Column, ...]


def propose(
    table: Table, *, known: Known | None = None, columns: Sequence[Column] | None = None
) -> Proposal:
    """Read the whole table once (unless `columns`, from `study`, are given), and propose."""
    studied = tuple(columns) if columns is not None else study(table)
    known = known or Known()
    draft = _Draft(studied)
    draft.take_own(known)
    draft.deal_out(guess for column in studied for guess in guesses_for(column, known))
    draft.share_step_and_status()
    draft.forecast_closing()
    draft.make_title()
    proposed = LeadMapping(columns=draft.chosen, own=draft.own, sorts=known.own)
    mapping, questions = settle(proposed, studied)
    mapping, values = translate(mapping, studied, known)
    return Proposal(mapping, draft.choices(mapping), questions, values, studied)


@dataclass(slots=True)
class _Draft:
    """Places being filled, with a reason for each column."""

    columns: tuple[Column, ...]
    chosen: dict[Field, tuple[str, ...]] = field(default_factory=dict)
    reasons: dict[str, tuple[Confidence, str]] = field(default_factory=dict)
    own: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def take_own(self, known: Known) -> None:
        """Assign columns named like a field of the account's own, before all guesses."""
        for column in self.columns:
            name = own_field_for(column, known)
            if name and name not in self.own:
                self.own[name] = (column.name,)
                reason = _("It is called like the default field “%(field)s”.") % {"field": name}
                self.reasons[column.name] = (Confidence.SURE, reason)

    def deal_out(self, guesses: Iterable[Guess]) -> None:
        """Assign places by the strongest guesses first; a column gets one place."""
        for guess in sorted(guesses, key=lambda guess: -guess.weight):
            free = guess.field in _MANY or guess.field not in self.chosen
            if free and guess.column not in self.reasons:
                confidence = Confidence.GUESS
                if guess.weight >= LIKELY:
                    confidence = Confidence.SURE if guess.weight >= SURE else Confidence.LIKELY
                self._put(guess.field, guess.column, confidence, guess.reason)

    def share_step_and_status(self) -> None:
        """Let one column fill both step and status: `Prospecting`, `Won`."""
        step, status = self._column(Field.STEP), self._column(Field.STATUS)
        if step and not status and any(map(is_closing, step.values or {})):
            reason = _("Some of its values are statuses, the others steps.")
            self._put(Field.STATUS, step.name, Confidence.LIKELY, reason)
        elif status and not step and not all(map(status_of, status.values or {})):
            reason = _("Some of its values are statuses, the others steps.")
            self._put(Field.STEP, status.name, Confidence.LIKELY, reason)

    def forecast_closing(self) -> None:
        """Use a closing date as the expected one when no lead is closed."""
        status = self._column(Field.STATUS)
        ends = status is not None and any(map(is_closing, status.values or {}))
        if not ends and Field.ESTIMATED_CLOSING_DATE not in self.chosen:
            for name in self.chosen.pop(Field.CLOSED_AT, ()):
                reason = _("It is a closing date, and no status says that a lead is closed.")
                self._put(Field.ESTIMATED_CLOSING_DATE, name, Confidence.LIKELY, reason)

    def make_title(self) -> None:
        """Make a title without a title column: who and what, else the person, else any text column.

        Columns that form a title together are also kept as separate lines.
        """
        if Field.TITLE in self.chosen:
            return
        names = self._title_parts() or self._telling_column()
        for name in names:
            reason = _("No column is called a title, and this one says what the lead is about.")
            self._put(Field.TITLE, name, Confidence.LIKELY, reason)
            if len(names) > 1:
                self.chosen[Field.LINE] = (*self.chosen.get(Field.LINE, ()), name)

    def choices(self, mapping: LeadMapping) -> tuple[Choice, ...]:
        """Return the result for each column."""
        places = mapping.places([column.name for column in self.columns])
        none = (Confidence.NONE, _("It has no place of its own and becomes a line."))
        return tuple(
            Choice(name, chosen, *self.reasons.get(name, none)) for name, chosen in places.items()
        )

    def _put(self, place: Field, name: str, confidence: Confidence, reason: str) -> None:
        self.chosen[place] = (*self.chosen.get(place, ()), name)
        self.reasons[name] = (confidence, reason)

    def _column(self, place: Field) -> Column | None:
        return by_name(self.columns).get(next(iter(self.chosen.get(place, ())), ""))

    def _free(self) -> list[Column]:
        return [column for column in self.columns if column.name not in self.reasons]

    def _title_parts(self) -> list[str]:
        party, matter, person = (
            [column.name for column in self._free() if words_of(column.name) in group]
            for group in TITLE_PARTS
        )
        return [*party[:1], *matter[:1]] or person

    def _telling_column(self) -> list[str]:
        """Return the fullest unused text column, else any unused one, else the very first."""
        free = self._free() or list(self.columns)
        plain = [column for column in free if isinstance(column.amounts, Nothing)]
        plain = [column for column in plain if isinstance(column.dates, Nothing)] or free
        return [max(plain, key=lambda column: column.filled).name]
