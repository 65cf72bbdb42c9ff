"""An object in the log: its name, and where it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from custode.guard import object_log

PAGES: Final = {
    "lead": "lead",
    "client_folder": "folder",
    "prospecting_list": "prospecting_list",
    "prospect": "prospect",
}
"""The kinds that have a page of their own, and the name of its URL pattern."""


@dataclass(frozen=True, slots=True)
class Named:
    """An object: its name, and its page if it has any."""

    name: str
    url: str


def named(thing: str) -> Named | None:
    """Return the object that an address names; None if it names none.

    Objects that were purged, or never existed, have only a number.
    """
    if not thing:
        return None
    model, pk = object_log.found(thing)
    row = model.with_trashed.filter(pk=pk).first()
    if row is None:
        words = _("%(what)s number %(n)s, which is not here any more")
        return Named(words % {"what": model.kind.singular, "n": pk}, "")
    name = str(getattr(row, model.kind.label))[:120]
    page = PAGES.get(model.kind.name) if row.lives else None
    told = _("%(what)s “%(name)s”") % {"what": model.kind.singular, "name": name}
    return Named(told, reverse(page, args=[pk]) if page else "")
