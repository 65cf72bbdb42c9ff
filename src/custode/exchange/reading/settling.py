"""What a mapping leaves open once the columns are known: to be asked, never guessed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from django.utils.translation import gettext as _

from .columns import Column, by_name
from .fields import DATE_FIELDS, LABELS, Field
from .mapping import OWN_WAYS, WAY_LABELS, WAYS, LeadMapping
from .tally import Ambiguous, Found, Nothing

AnyAmbiguous: TypeAlias = Ambiguous[date] | Ambiguous[Decimal] | Ambiguous[int]
AnyVerdict: TypeAlias = Found | Nothing | AnyAmbiguous


@dataclass(frozen=True, slots=True)
class Question:
    """A question about one column that only a person can answer.

    Args:
        column: its header.
        field: the place that it fills.
        verdict: `Ambiguous`, with candidates and an example of each, to choose a notation from; or
            `Nothing`, when the column's content does not suit the place: choose another place.
        own: the name of the account's own field that the column fills, "" for a place of a lead.
        suggestion: the notation that the file's other columns of this type certainly have, to be
            offered first, never used without asking; "" when there is none.
    """

    column: str
    field: Field
    verdict: AnyAmbiguous | Nothing
    suggestion: str = ""
    own: str = ""

    @property
    def label(self) -> object:
        """What the column becomes, in words."""
        return self.own or LABELS[self.field]

    @property
    def ways(self) -> tuple[str, ...]:
        """The possible answers; none when another place must be chosen."""
        return () if isinstance(self.verdict, Nothing) else self.verdict.ways

    @property
    def sentence(self) -> str:
        """The question in words, with the meaning of each answer."""
        names = {"column": self.column, "field": self.label}
        if isinstance(self.verdict, Nothing):
            return _(
                "Column “%(column)s” cannot become “%(field)s”: %(reason)s Choose another place."
            ) % {**names, "reason": self.verdict.reason}
        meant = "; ".join(
            _("%(way)s (%(meaning)s): “%(text)s” is %(value)s")
            % {
                "way": candidate.way,
                "meaning": WAY_LABELS[candidate.way],
                "text": candidate.text,
                "value": candidate.value,
            }
            for candidate in self.verdict.candidates
        )
        return _("How is column “%(column)s” (%(field)s) written? %(meant)s.") % {
            **names,
            "meant": meant,
        }


class Settled(NamedTuple):
    """A mapping with every unambiguous notation, and the questions that remain."""

    mapping: LeadMapping
    questions: tuple[Question, ...]


def settle(mapping: LeadMapping, columns: Sequence[Column]) -> Settled:
    """Fill in the notations of the mapped columns; those in the mapping are kept.

    Args:
        columns: the result of `study`.
    """
    known = by_name(columns)
    ways, questions = dict(mapping.ways), []
    for place in WAYS:
        for name in mapping.of(place):
            if name in ways or name not in known:
                continue
            verdict = verdict_for(place, known[name])
            if isinstance(verdict, Found):
                ways[name] = verdict.way
            elif isinstance(verdict, Nothing) and not known[name].filled:
                ways[name] = WAYS[place][0]
            else:
                questions.append(Question(name, place, verdict))
    for name, possible in mapping.own_ways().items():
        if name in ways or name not in known:
            continue
        # As for a place of leads with the same type.
        place = Field.ESTIMATED_CLOSING_DATE if possible == OWN_WAYS["date"] else Field.AMOUNT
        verdict = verdict_for(place, known[name])
        if isinstance(verdict, Found):
            ways[name] = verdict.way
        elif isinstance(verdict, Nothing) and not known[name].filled:
            ways[name] = possible[0]
        else:
            questions.append(Question(name, place, verdict, own=mapping.own_of(name)))
    settled = mapping.replace(ways=ways)
    return Settled(settled, tuple(_with_suggestion(question, settled) for question in questions))


def _with_suggestion(question: Question, mapping: LeadMapping) -> Question:
    """Return the question with the notation of similar columns, if these agree."""
    used = {
        mapping.ways.get(name, "")
        for place, ways in WAYS.items()
        if ways == WAYS[question.field]
        for name in mapping.of(place)
    } & set(question.ways)
    return replace(question, suggestion=used.pop()) if len(used) == 1 else question


def verdict_for(place: Field, column: Column) -> AnyVerdict:
    """Return the possible notations of a column for a place."""
    if place in DATE_FIELDS:
        return column.dates
    return column.amounts if place is Field.AMOUNT else column.shares
