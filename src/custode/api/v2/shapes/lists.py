"""The shapes of a prospecting list and its rows, which programs know as spreadsheets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from ninja import Schema
from pydantic import Field

from custode.api import shown
from custode.api.v2.shapes.leads import Person, person
from custode.kernel.actor import Actor
from custode.kernel.clock import iso
from custode.prospecting import columns, queries
from custode.prospecting.models import ListColumn, Outcome, Prospect, ProspectingList
from custode.prospecting.queries import Figures


class ListedSheet(Schema):
    """A prospecting list, without its rows."""

    id: int
    title: str
    description: str
    privacy: int = Field(description="1 if everybody in the account can see it, else 0.")
    permalink: str
    is_archived: bool
    tags: list[str]
    column_count: int
    column_names: list[str]
    total_row_count: int
    to_qualify_row_count: int = Field(
        description="Rows that are neither a lead nor marked as not interested."
    )
    user: Person | None = Field(description="The owner.")
    created_at: str
    updated_at: str


class Row(Schema):
    """A row of a list: a prospect."""

    id: int
    spreadsheet_id: int
    content: list[str] = Field(description="The cells, in the order of `column_names`.")
    is_active: bool = Field(description="Whether it is still to be qualified.")
    outcome: str = Field(description="`left`, `lead` or `not_interested`.")
    lead_id: int | None = Field(description="The lead that it became, if the caller can see it.")
    created_at: str
    updated_at: str
    permalink: str


class FoundRow(Row):
    """A row with the names of its list's columns."""

    column_names: list[str]


class Sheet(ListedSheet):
    """A prospecting list with rows."""

    spreadsheet_rows: list[Row]


def many(lists: Sequence[ProspectingList]) -> list[dict[str, Any]]:
    """Return lists, read with `owner`: one query each for figures, tags and columns."""
    shown.show(ProspectingList.kind.name, [one.pk for one in lists])
    figures, tags = queries.figures(lists), queries.tags(lists)
    names = columns.standing(lists)
    return [
        _shape(one, figures.get(one.pk, Figures()), tags.get(one.pk, []), names.get(one.pk, []))
        for one in lists
    ]


def one(actor: Actor, of: ProspectingList, page: Sequence[Prospect]) -> dict[str, Any]:
    """Return a list with some of its rows."""
    return {**many([of])[0], "spreadsheet_rows": rows(actor, page)}


def rows(actor: Actor, page: Sequence[Prospect]) -> list[dict[str, Any]]:
    """Return rows of any lists: one query for columns, one for the leads that the actor sees."""
    return [shape for shape, _names in _rows(actor, page)]


def found(actor: Actor, page: Sequence[Prospect]) -> list[dict[str, Any]]:
    """Return rows, each with the names of its columns."""
    return [
        {**shape, "column_names": [column.name for column in names]}
        for shape, names in _rows(actor, page)
    ]


def _rows(
    actor: Actor, page: Sequence[Prospect]
) -> list[tuple[dict[str, Any], Sequence[ListColumn]]]:
    shown.tell(Prospect.kind.name, [row.pk for row in page])
    standing = columns.standing({row.in_list_id for row in page})
    seen = queries.seen_leads(actor, page)
    return [
        (_row(row, there, seen), there)
        for row in page
        for there in (standing.get(row.in_list_id, []),)
    ]


def _row(row: Prospect, standing: Sequence[ListColumn], seen: set[int]) -> dict[str, Any]:
    return {
        "id": row.pk,
        "spreadsheet_id": row.in_list_id,
        "content": [row.cells.get(column.key, "") for column in standing],
        "is_active": row.outcome == Outcome.LEFT,
        "outcome": row.outcome,
        "lead_id": row.lead_id if row.lead_id in seen else None,
        "created_at": iso(row.created_at),
        "updated_at": iso(row.updated_at),
        "permalink": f"{settings.URL}/prospects/{row.pk}/",
    }


def _shape(
    one: ProspectingList, figures: Figures, tags: list[str], standing: Sequence[ListColumn]
) -> dict[str, Any]:
    return {
        "id": one.pk,
        "title": one.title,
        "description": one.description,
        "privacy": int(one.shared_at is not None),
        "permalink": f"{settings.URL}/prospecting/{one.pk}/",
        "is_archived": one.archived_at is not None,
        "tags": tags,
        "column_count": len(standing),
        "column_names": [column.name for column in standing],
        "total_row_count": figures.total,
        "to_qualify_row_count": figures.left,
        "user": person(one.owner),
        "created_at": iso(one.created_at),
        "updated_at": iso(one.updated_at),
    }
