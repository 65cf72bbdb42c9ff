"""A lead in a delivery: everything that programs written for noCRM's expect."""

from __future__ import annotations

import zoneinfo
from collections.abc import Collection, Iterable
from datetime import tzinfo
from typing import Any, Final

from django.conf import settings
from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber
from django.urls import reverse

from custode.accounts.models import Account
from custode.activities.models import Comment, Email
from custode.exchange.webhooks.payloads import people
from custode.fields import moves as default_fields
from custode.fields.reading import shown
from custode.kernel import scope
from custode.kernel.clock import iso
from custode.kernel.money import from_minor
from custode.leads import told as programs
from custode.leads.models import Lead, LeadTag

COMMENTS: Final = 20
"""How many of a lead's latest comments are sent; `comment_count` is their total number."""

_ALWAYS: Final = (
    "first_name", "last_name", "address", "city", "state", "zipcode", "phone", "mobile", "fax",
    "email",
)  # fmt: skip
"""What programs expect in `fields`, even if unknown."""


def of(ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """Return the data of these leads, trashed ones too, by a few queries in all."""
    rows = Lead.with_trashed.filter(pk__anyof=list(ids)).select_related(
        "step__pipeline", "owner", "created_by", "client_folder"
    )
    leads = list(rows)
    beside = _Beside([lead.pk for lead in leads], [lead.owner_id for lead in leads])
    return {lead.pk: _lead(lead, beside) for lead in leads}


class _Beside:
    """Data related to some leads."""

    def __init__(self, ids: Collection[int], owners: Iterable[int | None]) -> None:
        self.zone = zoneinfo.ZoneInfo(Account.objects.get(pk=scope.current()).time_zone)
        self.teams = people.teams(pk for pk in owners if pk is not None)
        self.fields = default_fields.offered(Lead.kind.name)
        self.tags: dict[int, list[str]] = {}
        tags = LeadTag.objects.filter(lead__in=ids).order_by("tag__folded")
        for lead, tag in tags.values_list("lead_id", "tag__name"):
            self.tags.setdefault(lead, []).append(tag)
        about = Comment.objects.filter(lead__in=ids)
        self.comment_counts = _counted(about)
        self.emails = _counted(Email.objects.filter(lead__in=ids))
        self.comments: dict[int, list[dict[str, Any]]] = {}
        place = Window(RowNumber(), partition_by=F("lead_id"), order_by=F("id").desc())
        latest = about.annotate(place=place).filter(place__lte=COMMENTS).order_by("-id")
        for one in latest.select_related("author"):
            self.comments.setdefault(int(one.lead_id or 0), []).append(_comment(one))


def _counted(rows: Any) -> dict[int, int]:
    return dict(rows.order_by().values_list("lead_id").annotate(n=Count("pk")))


def _comment(one: Comment) -> dict[str, Any]:
    return {
        "id": one.pk,
        "content": one.text,
        "created_at": iso(one.created_at),
        "activity_id": one.activity_id,
        "is_pinned": one.pinned,
        "user": people.user(one.author),
    }


def _lead(lead: Lead, beside: _Beside) -> dict[str, Any]:
    by_name = lead.fields
    own = {one.name: shown(one, lead.field_values.get(one.key)) for one in beside.fields}
    by_name |= {name: text for name, text in own.items() if text}
    fields = dict.fromkeys(_ALWAYS, "") | programs.known(by_name)
    addresses = people.addresses(fields["email"], lead.description, *by_name.values())
    folder = _folder(lead)
    return {
        **_own(lead),
        **_reminder(lead, beside.zone),
        "tags": beside.tags.get(lead.pk, []),
        "comment_count": beside.comment_counts.get(lead.pk, 0),
        "bcc_count": beside.emails.get(lead.pk, 0),
        "comments": beside.comments.get(lead.pk, []),
        "contact_email": addresses[0] if addresses else None,
        "first_contact_email": addresses[0] if addresses else None,
        "all_contact_emails": addresses,
        "fields": fields,
        "extended_info": {
            "fields": programs.usual(by_name),
            "fields_by_name": by_name,
            "created_by": people.user(lead.created_by),
            "created_by_id": lead.created_by_id,
        },
        "user_id": lead.owner_id,
        "user": people.user(lead.owner),
        "team": beside.teams.get(lead.owner_id or 0),
        # Both or neither, as the API tells it: a folder in the trash is not there for programs.
        "client_folder_id": folder["id"] if folder else None,
        "client": folder,
    }


def _own(lead: Lead) -> dict[str, Any]:
    return {
        "id": lead.pk,
        "title": lead.title,
        "description": lead.description,
        "text_description": lead.description,
        "status": lead.status,
        "step": lead.step.name,
        "step_id": lead.step_id,
        "pipeline": lead.step.pipeline.name,
        "amount": _money(lead.amount_minor, lead.currency),
        "probability": lead.probability,
        "probalized_amount": _money(lead.weighted_minor, lead.currency),
        "currency": lead.currency,
        "starred": lead.starred,
        "created_from": lead.origin,
        "created_by_id": lead.created_by_id,
        "created_at": iso(lead.created_at),
        "updated_at": iso(lead.updated_at),
        "closed_at": iso(lead.closed_at),
        "estimated_closing_date": _day(lead.estimated_closing_date),
        "permalink": settings.URL + reverse("lead", args=[lead.pk]),
    }


def _reminder(lead: Lead, zone: tzinfo) -> dict[str, Any]:
    """Return the reminder; what noCRM's has and ours lacks is present, but empty."""
    moment = programs.next_action(lead.remind_date, lead.remind_time, zone)
    return {
        "remind_date": _day(lead.remind_date),
        "remind_time": f"{lead.remind_time:%H:%M}" if lead.remind_time else None,
        "reminder_at": moment,
        "next_action_at": moment,
        "reminder_duration": None,
        "reminder_note": None,
        "reminder_activity_id": None,
        "reminder_activity_name": None,
        "reminder_activity_log_id": None,
    }


def _money(minor: int | None, currency: str) -> float | None:
    return None if minor is None else float(from_minor(minor, currency))


def _day(day: Any) -> str | None:
    return None if day is None else day.isoformat()


def _folder(lead: Lead) -> dict[str, Any] | None:
    folder = lead.client_folder
    if folder is None or folder.trash_id is not None:
        return None
    return {
        "id": folder.pk,
        "name": folder.name,
        "description": folder.description,
        "is_active": folder.is_active,
    }
