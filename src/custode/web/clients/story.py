"""The history of a client folder in sentences."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.utils.translation import gettext as _

from custode.clients.models import ClientFolder
from custode.guard import history
from custode.guard.models import Change
from custode.people.models import User
from custode.web.shell.story import Line, changed, own_changed, own_fields

MOST: Final = 100
"""The latest lines that the page shows."""


def lines(folder: ClientFolder) -> list[Line]:
    """The latest lines of a folder's history."""
    changes = list(history.of(folder)[:MOST])
    owners = _owners(changes)
    own = own_fields(changes, ClientFolder.kind.name)
    return [
        Line.of(change, own_changed(change, own) or _sentence(change, owners), _before(change))
        for change in changes
    ]


def _before(change: Change) -> str:
    """The text before, where it is too long for a sentence."""
    return (change.old or "") if change.field == "description" else ""


def _owners(changes: Iterable[Change]) -> dict[str, str]:
    told = {v for c in changes if c.field == "owner" for v in (c.old, c.new) if v}
    people = User.objects.filter(pk__in=[int(pk) for pk in told]) if told else ()
    return {str(user.pk): user.get_full_name() for user in people}


def _sentence(change: Change, owners: dict[str, str]) -> str:
    old, new = change.old or "", change.new or ""
    if change.field == history.CREATED:
        return _("opened the client folder")
    if change.field == "contact":
        return _contact(old, new)
    if change.field == "description":
        return _("changed the description")
    if change.field == "deactivated_at":
        return _("deactivated the folder") if new else _("put the folder back in use")
    if change.field == "owner":
        nobody = _("Unassigned")
        return changed(_("Owner"), owners.get(old, nobody), owners.get(new, nobody))
    return changed(_("Name") if change.field == "name" else change.field, old, new)


def _contact(old: str, new: str) -> str:
    if not old:
        return _("added the contact “%(contact)s”") % {"contact": new}
    if not new:
        return _("took out the contact “%(contact)s”") % {"contact": old}
    return changed(_("Contact"), old, new)
