"""The history of a prospecting list, in sentences; its rows have histories of their own."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from custode.guard import history
from custode.guard.models import Change
from custode.kernel.actor import Actor
from custode.leads.models import Tag
from custode.people.models import User
from custode.prospecting.columns import NAMED
from custode.prospecting.models import ProspectingList
from custode.web.shell.story import Line, changed

Names = dict[tuple[str, str], str]


def lines(_actor: Actor, found: ProspectingList, before: int, most: int) -> list[Line]:
    """Return the newest lines of a list's history.

    Args:
        before: the number of the last line already shown; 0 begins with the newest.
    """
    rows = history.of(found)
    changes = list((rows.filter(pk__lt=before) if before else rows)[:most])
    names = _names(changes)
    return [Line.of(change, _sentence(change, names), _before(change)) for change in changes]


def _before(change: Change) -> str:
    """Return the former text if it is too long for a sentence."""
    return (change.old or "") if change.field == "description" else ""


def _names(changes: Iterable[Change]) -> Names:
    """Return the names of owners and tags, in one query for each kind."""
    ids: dict[str, set[str]] = {}
    for change in changes:
        ids.setdefault(change.field, set()).update(v for v in (change.old, change.new) if v)
    return {
        (field, str(row.pk)): str(row)
        for field, rows in (("owner", User.objects), ("tag", Tag.objects))
        if (wanted := ids.get(field))
        for row in rows.filter(pk__in=[int(pk) for pk in wanted])
    }


def _sentence(change: Change, names: Names) -> str:
    """Return a line of history as a sentence without its subject."""
    field, old, new = change.field, change.old or "", change.new or ""
    if field == history.CREATED:
        return _("made this list")
    if field == "description":
        return _("changed the description")
    if field == "shared_at":
        return _("shared the list with everybody") if new else _("stopped sharing the list")
    if field == "archived_at":
        return _("archived the list") if new else _("took the list out of the archive")
    if field == "tag":
        return changed(_("Tag"), names.get((field, old), old), names.get((field, new), new))
    if field == "owner":
        nobody = _("Unassigned")
        return changed(_("Owner"), names.get((field, old), nobody), names.get((field, new), nobody))
    if field.partition(":")[0] == NAMED:
        return _column(old, new)
    return changed(_("Title") if field == "title" else field, old, new)


def _column(old: str, new: str) -> str:
    if not old:
        return _("added the column “%(column)s”") % {"column": new}
    if not new:
        return _("took out the column “%(column)s”") % {"column": old}
    return changed(_("Column"), old, new)
