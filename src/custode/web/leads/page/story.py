"""The history of a lead in sentences: numbers of steps, owners and tags become their names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time
from typing import Final

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from custode.clients import queries as folders
from custode.exchange.webhooks import events
from custode.exchange.webhooks.models import Webhook
from custode.guard import history
from custode.guard.models import Change
from custode.guard.units import Units
from custode.kernel.actor import Actor
from custode.leads import copying, moves, queries
from custode.leads.models import Lead, Status, Step, Tag
from custode.people.models import User
from custode.postsales import moves as process_moves
from custode.postsales.models import Process, Task
from custode.web.leads.page import earlier
from custode.web.shell import words
from custode.web.shell.story import Line, Own, changed, own_changed, own_fields

SILENT: Final = ("closed_at",)
"""Columns that follow from others and need not be mentioned."""

LABELS: Final[dict[str, str | Promise]] = {
    "title": gettext_lazy("Title"),
    "description": gettext_lazy("Description"),
    "step": gettext_lazy("Step"),
    "status": gettext_lazy("Status"),
    "amount_minor": gettext_lazy("Amount"),
    "currency": gettext_lazy("Currency"),
    "probability": gettext_lazy("Probability"),
    "estimated_closing_date": gettext_lazy("Estimated closing"),
    "remind_date": gettext_lazy("Reminder"),
    "remind_time": gettext_lazy("Time of the reminder"),
    "owner": gettext_lazy("Owner"),
    "reference": gettext_lazy("Reference"),
    "created_at": gettext_lazy("Created"),
    "client_folder": gettext_lazy("Client folder"),
    process_moves.RENAMED: gettext_lazy("Post-sales process"),
    process_moves.REWORDED: gettext_lazy("Post-sales task"),
}


_COPIES: Final[dict[str, str | Promise]] = {
    copying.COPY_OF: gettext_lazy("made it as a copy of another lead"),
    copying.COPIED_TO: gettext_lazy("made a copy of it"),
}


_NAMED: Final[dict[str, tuple[str | Promise, str | Promise]]] = {
    process_moves.STARTED: (
        gettext_lazy("started a post-sales process that was deleted for ever since"),
        gettext_lazy("started the post-sales process “%(name)s”"),
    ),
    process_moves.DONE: (
        gettext_lazy("did a post-sales task that was deleted for ever since"),
        gettext_lazy("did the post-sales task “%(name)s”"),
    ),
    process_moves.REOPENED: (
        gettext_lazy("reopened a post-sales task that was deleted for ever since"),
        gettext_lazy("reopened the post-sales task “%(name)s”"),
    ),
    events.PRESSED: (
        gettext_lazy("sent the lead to a webhook"),
        gettext_lazy("sent the lead to “%(name)s”"),
    ),
}
"""Pairs of sentences for kinds of change: for a purged object, and for any other."""


def lines(actor: Actor, lead: Lead, before: int, most: int) -> list[Line]:
    """Return the newest lines of a lead's history.

    Args:
        actor: the reader; names of folders that they cannot see are withheld.
        before: the number of the last line already shown; 0 begins with the newest.
    """
    found = history.of(lead).exclude(field__in=SILENT)
    if before:
        found = found.filter(pk__lt=before)
    changes = list(found[:most])
    names, units = _names(actor, changes), Units(lead.kind, changes)
    own = own_fields(changes, Lead.kind.name)
    ways = {change.pk: earlier.way_back(change, lead, own) for change in changes}
    if any(ways.values()) and not moves.may_edit(actor, lead):
        ways = {}
    return [
        replace(_line(change, lead, names, own, units), again=ways.get(change.pk, ""))
        for change in changes
    ]


def outcomes(leads: queries.Leads, before: int, most: int) -> list[Line]:
    """Return how some leads were created and closed, newest first, each with its lead.

    Args:
        leads: leads that the reader sees.
        before: as in `lines`.
    """
    found = Change.objects.filter(
        kind=Lead.kind.name, field__in=(history.CREATED, "status"),
        object_id__in=leads.order_by().values("pk"),
    ).order_by("-id")  # fmt: skip
    changes = list((found.filter(pk__lt=before) if before else found)[:most])
    ids = {change.object_id for change in changes}
    of = Lead.objects.only("title", "currency").in_bulk(ids) if ids else {}
    units = Units(Lead.kind, changes)
    lines = [
        (_line(one, of[one.object_id], {}, {}, units), of[one.object_id])
        for one in changes
        if one.object_id in of
    ]
    return [replace(line, other=lead.title, other_pk=lead.pk) for line, lead in lines]


Names = dict[tuple[str, str], str]


def _names(actor: Actor, changes: Iterable[Change]) -> Names:
    """Return the names of everything mentioned, in one query per kind.

    Only visible leads are named.
    """
    ids: dict[str, set[str]] = {}
    for change in changes:
        ids.setdefault(change.field, set()).update(v for v in (change.old, change.new) if v)
    names: Names = {}
    for field, rows in (
        ("step", Step.objects.select_related("pipeline")),
        ("owner", User.objects.all()),
        ("tag", Tag.objects.all()),
        ("client_folder", folders.visible(actor)),
        (process_moves.STARTED, Process.with_trashed.all()),
        (process_moves.DONE, Task.with_trashed.all()),
        (process_moves.REOPENED, Task.with_trashed.all()),
        (events.PRESSED, Webhook.objects.all()),
        (copying.COPY_OF, queries.visible(actor)),
        (copying.COPIED_TO, queries.visible(actor)),
    ):
        wanted = [int(pk) for pk in ids.get(field, ()) if pk.isdigit()]
        for one in rows.filter(pk__in=wanted) if wanted else ():
            names[field, str(one.pk)] = str(one)
    return names


def _line(change: Change, lead: Lead, names: Names, own: Own, units: Units) -> Line:
    told = own_changed(change, own)
    line = Line.of(change, *((told, "") if told else _sentence(change, lead, names, units)))
    other = names.get((change.field, change.new or ""), "") if change.field in _COPIES else ""
    return replace(line, other=other, other_pk=int(change.new or 0)) if other else line


def _sentence(change: Change, lead: Lead, names: Names, units: Units) -> tuple[str, str]:
    if change.field == history.CREATED:
        return _("created the lead"), ""
    old = _value(change.field, change.old, units.before(change) or lead.currency, names)
    new = _value(change.field, change.new, units.after(change) or lead.currency, names)
    if change.field == "tag":
        if change.new is not None:
            return _("added the tag “%(tag)s”") % {"tag": new}, ""
        return _("took off the tag “%(tag)s”") % {"tag": old}, ""
    if change.field in _COPIES:
        return str(_COPIES[change.field]), ""
    if change.field in _NAMED:
        name = names.get((change.field, change.new or ""))
        return str(_NAMED[change.field][bool(name)]) % {"name": name}, ""
    if change.field == "starred":
        return (_("starred the lead") if change.new == "True" else _("took off the star")), ""
    if change.field == "description":
        return _("changed the description"), change.old or ""
    return changed(str(LABELS.get(change.field, change.field)), old, new), ""


def _value(field: str, value: str | None, currency: str, names: Names) -> str:
    """Return a stored value as people read it."""
    if field == "owner" and value is None:
        return _("Unassigned")
    if value is None or value == "":
        return ""
    if (field, value) in names:
        return names[field, value]
    if field == "client_folder":
        return _("a folder that you do not see")
    try:
        return _parsed(field, value, currency)
    except ValueError:
        return value


def _parsed(field: str, value: str, currency: str) -> str:
    if field == "status":
        return str(Status(value).label)
    if field == "amount_minor":
        return words.money(int(value), currency)
    if field == "probability":
        return f"{value}%"
    if field in {"estimated_closing_date", "remind_date"}:
        return str(formats.date_format(date.fromisoformat(value), "SHORT_DATE_FORMAT"))
    if field == "remind_time":
        return str(formats.time_format(time.fromisoformat(value), "H:i"))
    if field == "created_at":
        return words.exact(datetime.fromisoformat(value))
    return value
