"""The history of a lead: its changes, comments and e-mails in one list."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import Q
from ninja import Schema
from pydantic import Field

from custode.activities.models import Comment, Email
from custode.api.v2 import numbered, params
from custode.api.v2.shapes.comments import Writer, applications
from custode.api.v2.shapes.leads import person
from custode.exchange.webhooks import events
from custode.guard import history, scraping
from custode.guard.display_names import display_name
from custode.guard.models import Change
from custode.kernel.actor import ActorKind
from custode.kernel.clock import iso
from custode.leads.models import Lead
from custode.people.models import User

TYPES: Final = {
    history.CREATED: "creation",
    "status": "status_change",
    "step": "step_change",
    "owner": "assignment",
    "amount_minor": "amount_change",
    "remind_date": "reminder_change",
    "tag": "tag_change",
    events.PRESSED: "webhook",
}
OTHER, COMMENT, EMAIL = "field_change", "comment", "email"
_SILENT: Final = ("closed_at",)
_TABLES: Final = (Change, Comment, Email)


class HistoryAsked(params.Paged):
    """The filter of a history."""

    from_: params.Text | None = Field(None, alias="from", description="At this moment or later.")
    to: params.Text | None = Field(None, description="At this moment or earlier.")
    action_type: params.Names | None = Field(
        None,
        description=(
            "`creation`, `status_change`, `step_change`, `assignment`, `amount_change`, "
            "`reminder_change`, `tag_change`, `webhook`, `field_change`, `comment` or `email`, "
            "separated by commas."
        ),
    )
    user_ids: params.Names | None = Field(
        None, description="Numbers of users, separated by commas."
    )


class Happened(Schema):
    """An event in a lead's history; an application or the operator is a `user` without a number."""

    id: int
    action_type: str
    created_at: str
    user_id: int | None
    user_name: str
    field: str | None
    old_value: str | None
    new_value: str | None
    comment_id: int | None
    user: Writer
    action_item: dict[str, Any]


def to(lead: Lead, wanted: HistoryAsked) -> tuple[list[dict[str, Any]], int]:
    """Return a page of a lead's history, newest first, and the total number of events."""
    scraping.tell(Lead.kind.name, [lead.pk])
    most = wanted.offset + wanted.limit
    parts, total = list[tuple[Any, dict[str, Any]]](), 0
    for rows, shape in ((_lines(lead, wanted), _line), (_said(lead, wanted), _comment),
                        (_sent(lead, wanted), _email)):  # fmt: skip
        total += rows.count()
        parts += [(one, shape(one)) for one in rows[:most]]
    parts.sort(key=lambda pair: (getattr(pair[0], "at", None) or pair[0].created_at, pair[0].pk),
               reverse=True)  # fmt: skip
    page = [shape for _row, shape in parts[wanted.offset : most]]
    users = User.objects.in_bulk({one["user_id"] for one in page if one["user_id"]})
    written = [one["comment_id"] for one in page if one["comment_id"] and not one["user_id"]]
    programs = applications(written)
    for one in page:
        one["user_name"] = one["user_name"] or programs.get(one["comment_id"], "")
        nobody = {"id": None, "firstname": one["user_name"], "lastname": "", "email": None}
        one["user"] = person(users.get(one["user_id"])) or nobody
    return page, total


def _lines(lead: Lead, wanted: HistoryAsked) -> Any:
    rows = history.of(lead).exclude(field__in=_SILENT).filter(_when(wanted, "at"))
    if wanted.action_type:
        named = [field for field, name in TYPES.items() if name in wanted.action_type]
        among = Q(field__in=named)
        rows = rows.filter(among | ~Q(field__in=TYPES) if OTHER in wanted.action_type else among)
    if wanted.user_ids:
        ids = numbered.numbers(wanted.user_ids)
        rows = rows.filter(actor_kind=ActorKind.USER.value, actor_id__in=ids)
    return rows


def _said(lead: Lead, wanted: HistoryAsked) -> Any:
    return _written(Comment, COMMENT, lead, wanted)


def _sent(lead: Lead, wanted: HistoryAsked) -> Any:
    return _written(Email, EMAIL, lead, wanted)


def _written(model: Any, name: str, lead: Lead, wanted: HistoryAsked) -> Any:
    rows = model.objects.filter(_when(wanted, "created_at"), lead=lead).select_related("author")
    if wanted.action_type and name not in wanted.action_type:
        return rows.none()
    if wanted.user_ids:
        rows = rows.filter(author__in=numbered.numbers(wanted.user_ids))
    return rows.order_by("-created_at", "-pk")


def _when(wanted: HistoryAsked, column: str) -> Q:
    found = Q()
    if first := params.moment(wanted.from_, "from"):
        found &= Q(**{f"{column}__gte": first})
    if last := params.moment(wanted.to, "to", end_of_day=True):
        found &= Q(**{f"{column}__lte": last})
    return found


def _number(row: Any) -> int:
    """Return a number unique among the three tables' rows: programs store events under it."""
    return int(row.pk) * len(_TABLES) + _TABLES.index(type(row))


def _line(one: Change) -> dict[str, Any]:
    by_user = one.actor_kind == ActorKind.USER
    return {
        "id": _number(one),
        "action_type": TYPES.get(one.field, OTHER),
        "created_at": iso(one.at),
        "user_id": one.actor_id if by_user else None,
        "user_name": display_name(one.actor_name),
        "field": one.field,
        "old_value": one.old,
        "new_value": one.new,
        "comment_id": None,
        "action_item": {"field": one.field, "old_value": one.old, "new_value": one.new},
    }


def _comment(one: Comment) -> dict[str, Any]:
    return _saying(one, COMMENT, one.text, one.pk)


def _email(one: Email) -> dict[str, Any]:
    return _saying(one, EMAIL, str(one), None)


def _saying(one: Any, name: str, text: str, comment_id: int | None) -> dict[str, Any]:
    return {
        "id": _number(one),
        "action_type": name,
        "created_at": iso(one.created_at),
        "user_id": one.author_id,
        "user_name": str(one.author or ""),
        "field": None,
        "old_value": None,
        "new_value": text,
        "comment_id": comment_id,
        "action_item": {name: {"id": one.pk, "content": text}},
    }
