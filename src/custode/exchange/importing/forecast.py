"""A trial over the whole file: what would come in, and what would have to be made for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _

from custode.exchange.importing.choices import NEW, Choices
from custode.exchange.importing.names import Names, same
from custode.exchange.reading import (
    Field,
    Interpreted,
    LeadDraft,
    LeadMapping,
    Refusal,
    Table,
    interpret,
)
from custode.kernel import money
from custode.kernel.errors import Invalid

MOST_PEOPLE: Final = 500
MOST_TAGS: Final = 1_000
MOST_STEPS: Final = 100
SHOWN: Final = 50
"""Refusals kept as examples."""


@dataclass(slots=True)
class Forecast:
    """What a file would bring.

    Args:
        rows: rows of the file; `leads` of them would come in.
        owners: each name in the column of owners -> its rows.
        steps: each pair of pipeline and step that is named, "" where none is.
        tags: each tag.
        statuses, currencies: how many leads have which; "" where the file says none.
        totals: the sum of amounts by currency, in minor units.
        refusals: the first reasons against rows, as (line, column, value, reason).
        dropped: the highest count where there were too many names to be true, by what.
    """

    rows: int = 0
    leads: int = 0
    owners: Counter[str] = field(default_factory=Counter)
    steps: dict[tuple[str, str], int] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    statuses: Counter[str] = field(default_factory=Counter)
    totals: Counter[str] = field(default_factory=Counter)
    refusals: list[tuple[int, str, str, str]] = field(default_factory=list)

    @property
    def refused(self) -> int:
        """Rows that would not come in."""
        return self.rows - self.leads

    def as_dict(self) -> dict[str, Any]:
        """To be kept as JSON."""
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
        """What `as_dict` wrote."""
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

    def take(self, row: Interpreted, currency: str) -> None:
        """Count one row.

        Raises:
            Invalid: there are too many different names to be people, tags or steps.
        """
        self.rows += 1
        draft = row.draft
        if draft is None:
            if len(self.refusals) < SHOWN:
                self.refusals += [(row.line, *refusal) for refusal in row.refusals]
            return
        self.leads += 1
        self._take(draft, currency)
        _check_number(len(self.owners), MOST_PEOPLE, "owner")
        _check_number(len(self.tags), MOST_TAGS, "tags")
        _check_number(len(self.steps), MOST_STEPS, "step")

    def _take(self, draft: LeadDraft, currency: str) -> None:
        if draft.owner:
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
                "owner": _("The file names more than %(most)s owners, which are hardly people."),
                "tags": _("The file names more than %(most)s tags, which are hardly words."),
                "step": _("The file names more than %(most)s steps, which are hardly stages."),
            }[field_name]
            % {"most": most}
            + " "
            + _("Give this column another place."),
            field=field_name,
        )


def readings(table: Table, mapping: LeadMapping, choices: Choices) -> Iterator[Interpreted]:
    """Each row of a table as it would come in, with what a lead's own columns cannot hold."""
    column = mapping.one(Field.AMOUNT)
    for row in interpret(table, mapping):
        draft = row.draft
        if draft is None or draft.amount is None:
            yield row
            continue
        try:
            money.to_minor(draft.amount, draft.currency or choices.currency)
        except ValueError:
            misfit = Refusal(column, str(draft.amount), _("This amount is too large."))
            yield Interpreted(row.line, None, (misfit,))
        else:
            yield row


@dataclass(frozen=True, slots=True)
class Making:
    """What would have to be made for a file, and what will become of names that are not there.

    Args:
        people: unknown owners who become people without sign-in.
        unassigned: unknown owners whose leads will belong to nobody -> rows.
        steps: (pipeline, step) to be added; a pipeline's name where it is new itself.
        pipelines: pipelines to be made.
        tags: tags to be made.
        elsewhere: steps that are not there and will not be -> rows, which go to the ends.
    """

    people: list[str]
    unassigned: dict[str, int]
    steps: list[tuple[str, str]]
    pipelines: list[str]
    tags: list[str]
    elsewhere: dict[str, int]


def making(told: Forecast, names: Names, choices: Choices) -> Making:
    """What the choices would make of the names that a file brings."""
    unknown = unknown_owners(told, names)
    decided = {name: choices.owners.get(name, choices.others) for name in unknown}
    pipelines, steps, elsewhere = _steps(told, names, choices)
    tags = {same(tag.name) for tag in names.tags}
    return Making(
        people=[name for name, what in decided.items() if what == NEW],
        unassigned={
            n: told.owners[n]
            for n, what in decided.items()
            if what not in {NEW} and not what.isdigit()
        },
        steps=steps,
        pipelines=pipelines,
        tags=[tag for key, tag in told.tags.items() if key not in tags],
        elsewhere=elsewhere,
    )


def unknown_owners(told: Forecast, names: Names) -> list[str]:
    """The owners that the account does not have, or has twice; the most frequent first."""
    people = names.people()
    return [
        name for name, _rows in told.owners.most_common() if len(people.get(same(name), [])) != 1
    ]


def _steps(
    told: Forecast, names: Names, choices: Choices
) -> tuple[list[str], list[tuple[str, str]], dict[str, int]]:
    chosen = choices.chosen(names)
    usual = chosen.name if chosen else choices.pipeline_name.strip()
    pipelines: dict[str, str] = {} if chosen else {same(usual): usual}
    steps: dict[tuple[str, str], tuple[str, str]] = {}
    elsewhere: dict[str, int] = {}
    for (pipeline, step), rows in told.steps.items():
        named = pipeline or usual
        known = names.pipeline_named(named)
        if known is None and choices.new_steps:
            pipelines.setdefault(same(named), named)
        there = {same(one.name) for one in names.pipelines[known]} if known else set()
        if not step or same(step) in there:
            continue
        if choices.new_steps:
            steps.setdefault((same(named), same(step)), (named, step))
        else:
            elsewhere[step] = elsewhere.get(step, 0) + rows
    return list(pipelines.values()), list(steps.values()), elsewhere
