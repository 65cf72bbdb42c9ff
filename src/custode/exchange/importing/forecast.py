"""A trial run over the whole file: what would be imported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from custode.exchange.importing.choices import Choices
from custode.exchange.importing.names import same, who
from custode.exchange.importing.own import Own
from custode.exchange.reading import (
    Field,
    Interpreted,
    LeadDraft,
    LeadMapping,
    Refusal,
    Table,
    interpret,
)
from custode.kernel import clock, money
from custode.kernel.errors import Invalid

MOST_PEOPLE: Final = 500
MOST_SPELLINGS: Final = 4 * MOST_PEOPLE
MOST_TAGS: Final = 1_000
MOST_STEPS: Final = 100
SHOWN: Final = 50
"""The number of refusals kept as examples."""


@dataclass(slots=True)
class Forecast:
    """What importing a file would do.

    Args:
        rows: the number of rows in the file; `leads` of them would be imported.
        owners: each spelling in the owner column -> the number of rows.
        steps: each named pair of pipeline and step, "" for none.
        tags: each tag.
        statuses, currencies: the number of leads by value; "" for none.
        totals: the sum of amounts by currency, in minor units.
        refusals: the first reasons for refusing rows, as (line, column, value, reason).
        dropped: the highest count, by sort, where there were implausibly many names.
    """

    rows: int = 0
    leads: int = 0
    owners: Counter[str] = field(default_factory=Counter)
    steps: dict[tuple[str, str], int] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    statuses: Counter[str] = field(default_factory=Counter)
    totals: Counter[str] = field(default_factory=Counter)
    refusals: list[tuple[int, str, str, str]] = field(default_factory=list)
    _people: set[str] = field(default_factory=set)

    @property
    def refused(self) -> int:
        """The number of rows that would be refused."""
        return self.rows - self.leads

    def as_dict(self) -> dict[str, Any]:
        """Return a dict to be stored as JSON."""
        return {
            "rows": self.rows,
            "leads": self.leads,
            "owners": dict(self.owners),
            "steps": [[*pair, rows] for pair, rows in self.steps.items()],
            "tags": list(self.tags.values()),
            "statuses": dict(self.statuses),
            "totals": dict(self.totals),
            "refusals": [list(refusal) for refusal in self.refusals],
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Forecast:
        """Return the forecast that `as_dict` stored."""
        return cls(
            rows=data["rows"],
            leads=data["leads"],
            owners=Counter(data["owners"]),
            steps={(pipeline, step): rows for pipeline, step, rows in data["steps"]},
            tags={same(tag): tag for tag in data["tags"]},
            statuses=Counter(data["statuses"]),
            totals=Counter(data["totals"]),
            refusals=[(line, col, value, why) for line, col, value, why in data["refusals"]],
        )

    def take(self, row: Interpreted[LeadDraft], currency: str) -> None:
        """Count one row.

        Raises:
            Invalid: there are implausibly many people, tags or steps.
        """
        self.rows += 1
        draft = row.draft
        if draft is None:
            if len(self.refusals) < SHOWN:
                self.refusals += [(row.line, *refusal) for refusal in row.refusals]
            return
        self.leads += 1
        self._take(draft, currency)
        _check_number(len(self._people), MOST_PEOPLE, "owner")
        _check_number(len(self.owners), MOST_SPELLINGS, "owner")
        _check_number(len(self.tags), MOST_TAGS, "tags")
        _check_number(len(self.steps), MOST_STEPS, "step")

    def _take(self, draft: LeadDraft, currency: str) -> None:
        if draft.owner:
            if draft.owner not in self.owners:
                self._people.add(who(draft.owner))
            self.owners[draft.owner] += 1
        pair = (draft.pipeline, draft.step)
        self.steps[pair] = self.steps.get(pair, 0) + 1
        for tag in draft.tags:
            self.tags.setdefault(same(tag), tag)
        self.statuses[draft.status.value if draft.status else ""] += 1
        if draft.amount is not None:
            code = draft.currency or currency
            self.totals[code] += money.to_minor(draft.amount, code)


def _check_number(count: int, most: int, field_name: str) -> None:
    if count > most:
        raise Invalid(
            {
                "owner": _("The file names more than %(most)s owners, too many to be people."),
                "tags": _("The file names more than %(most)s tags, too many to be words."),
                "step": _("The file names more than %(most)s steps, too many to be stages."),
            }[field_name]
            % {"most": most}
            + " "
            + _("Give this column another place."),
            field=field_name,
        )


def readings(
    table: Table, mapping: LeadMapping, choices: Choices
) -> Iterator[Interpreted[LeadDraft]]:
    """Yield each row as it would be imported, with leftover values as description lines."""
    own = Own.load()
    mapping = own.checked(mapping)
    zone = timezone.get_current_timezone()
    for row in interpret(table, mapping, own=own.readers(mapping)):
        misfits = tuple(_misfits(row.draft, mapping, choices, zone)) if row.draft else ()
        yield Interpreted(row.line, None, misfits) if misfits else row


def _misfits(
    draft: LeadDraft, mapping: LeadMapping, choices: Choices, zone: tzinfo
) -> Iterator[Refusal]:
    """What of a row could be read, and is nothing that a lead can be."""
    if draft.amount is not None:
        try:
            money.to_minor(draft.amount, draft.currency or choices.currency)
        except ValueError:
            column = mapping.one(Field.AMOUNT)
            yield Refusal(column, str(draft.amount), _("This amount is too large."))
    if draft.created_at is not None and _day(draft.created_at, zone) > timezone.localdate(
        clock.now()
    ):
        why = _("This day is still to come: a lead cannot have been created on it.")
        yield Refusal(mapping.one(Field.CREATED_AT), str(draft.created_at), why)


def _day(told: date, zone: tzinfo) -> date:
    """Return the day of a moment in the user's time zone, which applies if it has none."""
    if not isinstance(told, datetime):
        return told
    return (told.astimezone(zone) if told.tzinfo else told).date()
