"""The mapping's form as the screen shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from custode.exchange.importing.choices import NEW, Choices
from custode.exchange.importing.deciding import Decided
from custode.exchange.importing.forecast import readings
from custode.exchange.importing.names import Names, same
from custode.exchange.importing.owners import Spellings
from custode.exchange.importing.studies import Study
from custode.exchange.reading import (
    LABELS,
    WAY_LABELS,
    WAYS,
    Column,
    Field,
    LeadDraft,
    LeadMapping,
    Nothing,
    Question,
)
from custode.fields.reading import shown
from custode.kernel import money
from custode.kernel.actor import Actor
from custode.leads.models import Status
from custode.web.imports.forms import (
    ITSELF,
    MOST_PARTS,
    STEP_AND_STATUS,
    column_of,
    listed,
    number_of,
)
from custode.web.imports.owners import Owners
from custode.web.imports.selects import Options, options
from custode.web.shell import words

_PREVIEWED = 6


@dataclass(frozen=True, slots=True)
class Form:
    """The contents of the mapping's screen; built anew after each change."""

    told: Study
    decided: Decided
    choices: Choices
    actor: Actor
    names: Names
    spellings: Spellings

    @property
    def mapping(self) -> LeadMapping:
        """Return the mapping as far as it is decided."""
        return self.decided.mapping

    def columns(self) -> list[dict[str, Any]]:
        """Return a row for each column of the file."""
        asked = {question.column: question for question in self.decided.questions}
        places = self.mapping.places(self.told.headers)
        return [
            self._column(number, column, places[column.name], asked.get(column.name))
            for number, column in enumerate(self.told.columns)
        ]

    def _column(
        self, number: int, column: Column, places: tuple[Field, ...], asked: Question | None
    ) -> dict[str, Any]:
        chosen = self._own_chosen(column.name) or _chosen(places)
        place = next((one for one in places if one in WAYS), None)
        possible = self.mapping.own_ways().get(column.name) or (WAYS[place] if place else ())
        return {
            "number": number,
            "name": column.name,
            "samples": column.samples,
            "is_empty": not column.filled,
            "in_title": Field.TITLE in places,
            "places": options([*_places(), *self._own_places()], chosen),
            "is_line": chosen == Field.LINE,
            "ways": self._ways(column, possible, asked) if possible else [],
            "question": _asked(asked) if asked else "",
            "must_change": bool(asked and not asked.ways),
        }

    def _own_chosen(self, column: str) -> str:
        """Return the default field that a column becomes, as the form calls it; "" for none."""
        name = self.mapping.own_of(column)
        return next((one.asked for one in self.names.own.fields if one.name == name), "")

    def _own_places(self) -> list[tuple[str, str]]:
        words = _("Field “%(name)s”")
        return [(one.asked, words % {"name": one.name}) for one in self.names.own.fields]

    def _ways(self, column: Column, possible: tuple[str, ...], asked: Question | None) -> Options:
        chosen = self.mapping.ways.get(column.name, "")
        ways = asked.ways if asked and asked.ways else possible
        told = options(((way, WAY_LABELS[way]) for way in ways), chosen)
        return [("", _("Choose how it is written"), not chosen), *told] if asked else told

    def title_parts(self) -> list[Options]:
        """Return the selects that compose the title, one more than are used."""
        used = self.mapping.of(Field.TITLE)
        shown = [*used, ""][:MOST_PARTS]
        columns = [("", "—"), *enumerate(self.told.headers)]
        return [options(columns, number_of(self.told, name) if name else "") for name in shown]

    def values(self) -> list[dict[str, Any]]:
        """Return what the values of the step and status columns become, one row each."""
        step, status = self.mapping.one(Field.STEP), self.mapping.one(Field.STATUS)
        shown = []
        for name in dict.fromkeys(one for one in (step, status) if one):
            column = column_of(self.told, name)
            for number, value in enumerate(listed(column)):
                shown.append(
                    {
                        "value": value,
                        "rows": (column.values or {})[value] if column else 0,
                        "column": name,
                        "id": f"{number_of(self.told, name)}-{number}",
                        "steps": self._steps(value) if name == step else [],
                        "statuses": self._statuses(value) if name == status else [],
                    }
                )
        return shown

    def _steps(self, value: str) -> Options:
        chosen = self.mapping.steps.get(value, value)
        pipeline = self.choices.chosen(self.names)
        there = [step.name for step in self.names.pipelines[pipeline]] if pipeline else []
        known = {same(name): name for name in there}
        current = known.get(same(chosen), ITSELF if chosen else "") if chosen else ""
        status = self.mapping.statuses.get(value)
        pairs = [
            ("", _end(there, is_last=bool(status and status.is_closed))),
            *zip(there, there, strict=True),
        ]
        if self.actor.is_admin and same(value) not in known:
            pairs.append((ITSELF, _("New step “%(name)s”") % {"name": value}))
        return options(pairs, current)

    def _statuses(self, value: str) -> Options:
        chosen = self.mapping.statuses.get(value)
        told = options(Status.choices, chosen.value if chosen else "")
        return told if chosen else [("", _("Choose a status"), True), *told]

    def pipelines(self) -> Options:
        """Return the pipeline options for leads that name none."""
        pairs: list[tuple[Any, str]] = [(one.pk, one.name) for one in self.names.pipelines]
        if self.actor.is_admin:
            pairs.append((NEW, _("A new pipeline")))
        return options(pairs, self.choices.pipeline)

    def owners(self) -> Owners:
        """Return who is meant by the names in the owner column, where a person must decide."""
        return Owners(self.told, self.mapping, self.choices, self.actor, self.names, self.spellings)

    def preview(self) -> list[dict[str, Any]]:
        """Return the first rows as the leads they would become; none while questions are open."""
        if self.decided.questions:
            return []
        rows = readings(self.told.table, self.mapping, self.choices)
        return [self._previewed(row) for row, _n in zip(rows, range(_PREVIEWED), strict=False)]

    def _own_lines(self, draft: LeadDraft) -> list[str]:
        """Return what a row brings into default fields, as description lines would read."""
        told = ((one.name, shown(one, draft.own.get(one.name))) for one in self.names.own.fields)
        return [f"{name}: {text}" for name, text in told if text]

    def _previewed(self, row: Any) -> dict[str, Any]:
        draft = row.draft
        if draft is None:
            return {"line": row.line, "refusals": row.refusals}
        currency = draft.currency or self.choices.currency
        amount = None if draft.amount is None else money.to_minor(draft.amount, currency)
        return {
            "line": row.line,
            "draft": draft,
            "status": Status(draft.status.value if draft.status else "todo").label,
            "amount": words.money(amount, currency),
            "lines": [*self._own_lines(draft), *draft.description.splitlines()][:4],
        }


def _end(steps: list[str], *, is_last: bool) -> str:
    """Return the step for leads that name none; in a new pipeline it has no name yet."""
    if not steps:
        return _("The last step") if is_last else _("The first step")
    pattern = _("The last step: “%(name)s”") if is_last else _("The first step: “%(name)s”")
    return pattern % {"name": steps[-1 if is_last else 0]}


def _asked(question: Question) -> str:
    """Return the question, with the meaning of each answer in the person's own formats."""
    if isinstance(question.verdict, Nothing):
        return question.sentence
    meant = (
        _("%(meaning)s: “%(text)s” is %(value)s")
        % {"meaning": WAY_LABELS[one.way], "text": one.text, "value": _meant(one.value)}
        for one in question.verdict.candidates
    )
    names = {"column": question.column, "field": question.label}
    sentence = _("How is column “%(column)s” (%(field)s) written? %(meant)s.")
    return sentence % {**names, "meant": "; ".join(meant)}


def _meant(value: date | Decimal | int) -> str:
    if isinstance(value, date):
        return str(formats.date_format(value, "DATE_FORMAT"))
    if isinstance(value, Decimal):
        return str(formats.number_format(value, use_l10n=True, force_grouping=True))
    return f"{value}%"


def _chosen(places: tuple[Field, ...]) -> str:
    if Field.STEP in places and Field.STATUS in places:
        return STEP_AND_STATUS
    return next((str(one.value) for one in places if one is not Field.TITLE), Field.SKIP.value)


def _places() -> list[tuple[str, Any]]:
    told = [
        (place.value, LABELS[place])
        for place in Field
        if place not in {Field.TITLE, Field.LINE, Field.SKIP}
    ]
    return [
        (Field.LINE.value, _("a line “Label: value”")),
        (Field.SKIP.value, _("nothing more")),
        *told[:4],
        (STEP_AND_STATUS, _("Step and status")),
        *told[4:],
    ]
