"""The shapes of a lead: in a list, and alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import time
from typing import Any, Final

from django.conf import settings
from django.db.models import Count
from django.utils.html import escape
from ninja import Schema
from pydantic import Field

from custode.activities.models import Attachment
from custode.api import shown
from custode.fields import values as own_fields
from custode.kernel.actor import Actor
from custode.kernel.clock import iso
from custode.kernel.money import exponent
from custode.kernel.text import labelled_lines
from custode.leads import told
from custode.leads.models import Lead, Tag
from custode.leads.pages import tags_of
from custode.leads.queries import Leads, visible
from custode.people.models import Membership, User


class ListedLead(Schema):
    """A lead in a list."""

    id: int
    title: str
    pipeline: str
    step: str
    step_id: int
    status: str = Field(description="`todo`, `standby`, `won`, `cancelled` or `lost`.")
    amount: float | None
    probability: int | None
    currency: str
    starred: bool
    remind_date: str | None
    remind_time: str | None
    next_action_at: str | None
    created_at: str
    estimated_closing_date: str | None
    updated_at: str
    description: str
    html_description: str
    tags: list[str]
    created_from: str = Field(description="`manual`, `import` or `api`.")
    closed_at: str | None
    attachment_count: int
    created_by_id: int | None
    user_id: int | None
    client_folder_id: int | None
    client_folder_name: str | None
    team_id: int | None
    team_name: str | None
    amount_percentage: int | None
    probalized_amount: float | None
    permalink: str


class Person(Schema):
    """A user, in short."""

    id: int
    firstname: str
    lastname: str
    email: str | None


class ExtendedInfo(Schema):
    """The contents of a lead's description and of its default fields, by name."""

    fields: dict[str, str] = Field(description="Under standard names: `email`, `phone`, …")
    fields_by_name: dict[str, str] = Field(
        description="Under the names that they have in the lead."
    )
    created_by: Person | None
    created_by_id: int | None


class FullLead(ListedLead):
    """A lead with all its fields."""

    extended_info: ExtendedInfo


_COLUMNS: Final = (
    "id", "title", "step_id", "step__name", "step__pipeline__name", "status", "amount_minor",
    "currency", "probability", "starred", "remind_date", "remind_time", "estimated_closing_date",
    "created_at", "updated_at", "description", "origin", "closed_at", "created_by_id", "owner_id",
    "client_folder_id", "client_folder__name", "client_folder__trash_id", "field_values",
)  # fmt: skip


def many(leads: Leads) -> list[dict[str, Any]]:
    """Return leads in their order: one query for them, one each for tags, files and teams."""
    return [shape for shape, _row in _shaped(leads)]


def one(actor: Actor, pk: int) -> dict[str, Any] | None:
    """Return a lead with all its fields if the actor can see it; otherwise None."""
    return next(_full(visible(actor).filter(pk=pk)), None)


def new(lead: Lead, tags: Iterable[Tag]) -> dict[str, Any]:
    """Return a lead that was just created, with its tags; nothing else is attached to it yet."""
    shown.show(Lead.kind.name, [lead.pk])
    (row,) = Lead.objects.filter(pk=lead.pk).values(*_COLUMNS)
    names = [tag.name for tag in sorted(tags, key=lambda tag: tag.folded)]
    teams = _teams({row["owner_id"]} - {None})
    return _shape(row, names, 0, teams) | {"extended_info": _extended(row)}


def given_away(lead: Lead) -> dict[str, Any]:
    """Return a lead that the caller has just assigned to somebody whose leads they cannot see."""
    return next(_full(Lead.objects.filter(pk=lead.pk)))


def _full(leads: Leads) -> Iterator[dict[str, Any]]:
    for shape, row in _shaped(leads):
        shape["extended_info"] = _extended(row)
        yield shape


def _shaped(leads: Leads) -> list[tuple[dict[str, Any], Mapping[str, Any]]]:
    rows = list(leads.values(*_COLUMNS))
    ids = [row["id"] for row in rows]
    shown.tell(Lead.kind.name, ids)
    tags, files = tags_of(ids) if ids else {}, _files(ids)
    teams = _teams({row["owner_id"] for row in rows} - {None})
    return [
        (_shape(row, tags.get(row["id"], []), files.get(row["id"], 0), teams), row) for row in rows
    ]


def _shape(
    row: Mapping[str, Any], tags: list[str], files: int, teams: Mapping[int, tuple[int, str]]
) -> dict[str, Any]:
    amount = _amount(row["amount_minor"], row["currency"])
    team_id, team = teams.get(row["owner_id"], (None, None))
    has_folder = row["client_folder_id"] is not None and row["client_folder__trash_id"] is None
    hour: time | None = row["remind_time"]
    probability = row["probability"]
    return {
        "id": row["id"],
        "title": row["title"],
        "pipeline": row["step__pipeline__name"],
        "step": row["step__name"],
        "step_id": row["step_id"],
        "status": row["status"],
        "amount": amount,
        "probability": probability,
        "currency": row["currency"],
        "starred": row["starred"],
        "remind_date": row["remind_date"],
        "remind_time": hour.strftime("%H:%M") if hour else None,
        "next_action_at": told.next_action(row["remind_date"], hour),
        "created_at": iso(row["created_at"]),
        "estimated_closing_date": row["estimated_closing_date"],
        "updated_at": iso(row["updated_at"]),
        "description": row["description"],
        "html_description": as_html(row["description"]),
        "tags": tags,
        "created_from": row["origin"],
        "closed_at": iso(row["closed_at"]),
        "attachment_count": files,
        "created_by_id": row["created_by_id"],
        "user_id": row["owner_id"],
        "client_folder_id": row["client_folder_id"] if has_folder else None,
        "client_folder_name": row["client_folder__name"] if has_folder else None,
        "team_id": team_id,
        "team_name": team,
        "amount_percentage": probability,
        "probalized_amount": (
            None if amount is None or probability is None else round(amount * probability / 100, 2)
        ),
        "permalink": f"{settings.URL}/leads/{row['id']}/",
    }


def as_html(text: str) -> str:
    """Return plain text as HTML."""
    return escape(text).replace("\n", "<br>")


def _amount(minor: int | None, currency: str) -> float | int | None:
    if minor is None:
        return None
    digits = exponent(currency)
    return minor if digits == 0 else minor / 10**digits


def _files(ids: list[int]) -> dict[int, int]:
    """Return the number of files on the comments of each lead."""
    if not ids:
        return {}
    rows = Attachment.objects.filter(
        comment__lead__in=ids, comment__trash__isnull=True, taken_in__isnull=True
    )
    return dict(rows.order_by().values_list("comment__lead").annotate(n=Count("pk")))


def _teams(owners: Iterable[int]) -> dict[int, tuple[int, str]]:
    """Return the team of each owner; the first by name if they have several."""
    people = list(owners)
    if not people:
        return {}
    rows = Membership.objects.filter(user__in=people).order_by("team__name", "team_id")
    found: dict[int, tuple[int, str]] = {}
    for user, team, name in rows.values_list("user_id", "team_id", "team__name"):
        found.setdefault(user, (team, name))
    return found


def _extended(row: Mapping[str, Any]) -> dict[str, Any]:
    by_name = {
        **labelled_lines(row["description"]),
        **own_fields.lines(Lead.kind.name, row["field_values"]),
    }
    return {
        "fields": told.usual(by_name),
        "fields_by_name": by_name,
        "created_by": person(_maker(row["created_by_id"])),
        "created_by_id": row["created_by_id"],
    }


def _maker(pk: int | None) -> User | None:
    """Return the user who created a lead; None if an application did."""
    return None if pk is None else User.objects.filter(pk=pk).first()


def person(user: User | None) -> dict[str, Any] | None:
    """Return a user, in short."""
    if user is None:
        return None
    return {
        "id": user.pk,
        "firstname": user.first_name,
        "lastname": user.last_name,
        "email": user.email,
    }
