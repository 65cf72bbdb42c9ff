"""The history of a client folder, in sentences."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from custode.clients.models import ClientFolder
from custode.guard import door, history
from custode.guard.models import Change
from custode.kernel.actor import Actor
from custode.leads import deals
from custode.people.models import User
from custode.web.leads.page import story as lead_story
from custode.web.shell.story import Line, changed, own_changed, own_fields


def lines(actor: Actor, folder: ClientFolder, before: int, most: int) -> list[Line]:
    """Return the newest lines of a folder's history, including its leads that the actor sees.

    Args:
        before: the number of the last line already shown; 0 begins with the newest.
    """
    found = history.of(folder)
    changes = list((found.filter(pk__lt=before) if before else found)[:most])
    owners = _owners(changes)
    fields = own_fields(changes, ClientFolder.kind.name)
    own = [
        Line.of(change, own_changed(change, fields) or _sentence(change, owners), _before(change))
        for change in changes
    ]
    theirs = lead_story.outcomes(deals.in_folder(actor, folder), before, most)
    return sorted([*own, *theirs], key=lambda line: line.pk, reverse=True)[:most]


def _before(change: Change) -> str:
    """Return the former text if it is too long for a sentence."""
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
    if change.field.startswith("contact:"):
        return changed(f"{_('Contact')}, {door.label_of(ClientFolder, change.field)}", old, new)
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
