"""The history of a prospect, in sentences."""

from __future__ import annotations

from django.utils.translation import gettext as _

from custode.guard import history
from custode.guard.models import Change
from custode.kernel.actor import Actor
from custode.prospecting.models import ListColumn, Outcome, Prospect
from custode.web.shell.story import Line


def lines(_actor: Actor, found: Prospect, before: int, most: int) -> list[Line]:
    """Return the newest lines of a prospect's history.

    Args:
        before: the number of the last line already shown; 0 begins with the newest.
    """
    rows = history.of(found)
    changes = list((rows.filter(pk__lt=before) if before else rows)[:most])
    columns = ListColumn.objects.filter(in_list=found.in_list_id) if changes else ()
    names = {column.key: column.name for column in columns}
    return [Line.of(change, _sentence(change, names)) for change in changes]


def _sentence(change: Change, names: dict[str, str]) -> str:
    """Return a line of history as a sentence without its subject."""
    if change.field == history.CREATED:
        return _("added this prospect")
    if change.field == "outcome":
        known = dict(Outcome.choices)
        return _("marked it: %(outcome)s") % {"outcome": known.get(change.new or "", change.new)}
    if change.field == "lead":
        return _("made a lead of it")
    values = {"column": names.get(change.field, change.field), "old": change.old, "new": change.new}
    if not change.new:
        return _("emptied “%(column)s”, which was “%(old)s”") % values
    if not change.old:
        return _("wrote “%(new)s” in “%(column)s”") % values
    return _("changed “%(column)s” from “%(old)s” to “%(new)s”") % values
