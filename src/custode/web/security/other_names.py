"""The sentences of deletions in other forms: cells overwritten, a column removed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from custode.guard.gathering import EMPTYING, STOPPED
from custode.guard.scraping import FACT, FURTHER
from custode.prospecting.models import Outcome
from custode.web.security.reading import Told
from custode.web.security.refusals import what
from custode.web.security.signin_sentences import Sentence, fact_of, thing_of
from custode.web.shell.words import counted, number

_MANY: Final = 10
"""The threshold of such acts whose entries do not record one."""


def written(told: Told) -> Sentence:
    """Return the sentence of many cells of a list overwritten, or many rows added."""
    details = told.details
    cells, added = int(details.get("cells") or 0), int(details.get("added") or 0)
    filled = int(details.get("filled") or 0)
    values = {
        "cells": _cells(cells + filled),
        "over": number(cells),
        "what": what(told),
        "list": fact_of(told, "list"),
        "added": counted(told.entry.kind, added),
    }
    if details.get("running"):
        pattern = _(
            "%(who)s wrote over more than %(many)s cells of prospects one after another, last in"
            " the list %(list)s."
        )
        return pattern, values | {"many": number(int(details.get("many") or _MANY))}
    if details.get(STOPPED):
        return _(
            "%(who)s emptied %(cells)s of %(what)s, last in the list %(list)s; emptying more was"
            " refused then."
        ), values
    if not cells:
        return _("%(who)s added %(added)s to the list %(list)s at once."), values
    if filled and added:
        pattern = _(
            "%(who)s wrote in %(cells)s of the list %(list)s (%(over)s of them held something"
            " before) and added %(added)s at once."
        )
    elif filled:
        # As many as an undo restores.
        pattern = _(
            "%(who)s wrote in %(cells)s of %(what)s in the list %(list)s at once (%(over)s of"
            " them held something before)."
        )
    elif added:
        pattern = _(
            "%(who)s wrote over %(cells)s of the list %(list)s and added %(added)s at once."
        )
    elif details.get("emptied") == cells:
        pattern = _("%(who)s emptied %(cells)s of %(what)s in the list %(list)s at once.")
    else:
        pattern = _("%(who)s wrote over %(cells)s of %(what)s in the list %(list)s at once.")
    return pattern, values


def emptied(told: Told) -> Sentence:
    """Return the sentence of many fields emptied one after another, of objects of one kind."""
    pattern = _("%(who)s emptied many fields one after another, of %(what)s and more.")
    if told.details.get(STOPPED):
        pattern = _("%(who)s emptied fields of %(what)s; emptying more was refused then.")
    return pattern, {"what": what(told)}


def joined(told: Told) -> Sentence:
    """Return the sentence of what joined an act, done one by one, after its entry."""
    if told.details.get(EMPTYING):
        return _("%(who)s went on to empty fields of %(what)s more."), {"what": what(told)}
    return _("%(who)s went on to write over fields of %(what)s more."), {"what": what(told)}


def written_over(told: Told) -> Sentence:
    """Return the sentence of many objects' fields overwritten one after another."""
    values = {"what": what(told)}
    if parts := int(told.details.get("parts") or 0):
        pattern = ngettext(
            "%(who)s wrote over fields of %(what)s and of %(n)s contact there, one after another.",
            "%(who)s wrote over fields of %(what)s and of %(n)s contacts there, one after another.",
            parts,
        )
        return pattern, values | {"n": number(parts)}
    return _("%(who)s wrote over fields of %(what)s, one after another."), values


def marked(told: Told) -> Sentence:
    """Return the sentence of many prospects marked at once."""
    values = {"what": what(told), "list": fact_of(told, "list")}
    if told.details.get("marked") == Outcome.NOT_INTERESTED:
        return _("%(who)s marked %(what)s of the list %(list)s as not interested."), values
    return _("%(who)s marked %(what)s of the list %(list)s as left to qualify."), values


def shared(told: Told) -> Sentence:
    """Return the sentence of a list shared with everybody, or no longer shared."""
    name = {"name": thing_of(told)}
    if told.details.get("shared"):
        return _("%(who)s shared the prospecting list %(name)s with everybody."), name
    return _("%(who)s stopped sharing the prospecting list %(name)s with everybody."), name


def read(told: Told) -> Sentence:
    """Return the sentence of a program that read many objects of a kind within an hour."""
    if FURTHER in told.details:
        pattern = _("%(who)s read %(what)s more through the API within the same hour.")
        return pattern, {"what": what(told)}
    pattern = _("%(who)s read more than %(what)s through the API within an hour.")
    return pattern, {"what": counted(told.entry.kind, int(told.details.get(FACT) or 0))}


def _cells(count: int) -> str:
    return ngettext("%(n)s cell", "%(n)s cells", count) % {"n": number(count)}


def deleted(told: Told) -> Sentence | None:
    """Return the sentence of a column removed or a comment shortened; None for other deletions."""
    if "column" in told.details:
        rows = int(told.details.get("rows") or 0)
        pattern = ngettext(
            "%(who)s took the column %(name)s out of the list %(list)s; %(n)s row had something in"
            " it.",
            "%(who)s took the column %(name)s out of the list %(list)s; %(n)s rows had something"
            " in it.",
            rows,
        )
        values = {"name": thing_of(told), "list": fact_of(told, "list")}
        return pattern, values | {"n": number(rows)}
    if "contact" in told.details:
        values = {"name": thing_of(told), "folder": fact_of(told, "folder")}
        return _("%(who)s took the contact %(name)s out of the client folder %(folder)s."), values
    if isinstance(cut := told.details.get("cut"), dict):
        if not cut.get("lost"):
            return _("%(who)s took files away from the comment “%(name)s”."), {
                "name": thing_of(told)
            }
        return _("%(who)s wrote over most of the comment “%(name)s”."), {"name": thing_of(told)}
    return None


_GIVEN_BACK: Final = {
    "emptied": gettext_lazy("%(who)s gave %(what)s back what somebody had emptied."),
    "written": gettext_lazy("%(who)s gave %(what)s back what stood there before."),
    "marked": gettext_lazy("%(who)s gave %(what)s back the mark they had."),
}


def undone(told: Told) -> Sentence | None:
    """Return the sentence of the undo of such an act; None for any other."""
    details = told.details
    if told.of is not None and isinstance(told.of.details.get("cut"), dict):
        pattern = _("%(who)s gave the comment “%(name)s” back what had been taken out of it.")
        return pattern, {"name": thing_of(told)}
    if details.get("added"):
        return _("%(who)s undid an act that had added %(what)s: they are in the trash."), {
            "what": what(told)
        }
    if "cells" in details:
        values = {"cells": _cells(int(details.get("cells") or 0)), "what": what(told)}
        return _("%(who)s gave %(cells)s of %(what)s back what they had held."), values
    for fact, given in _GIVEN_BACK.items():
        if fact in details:
            return str(given), {"what": what(told)}
    if "shared" in details:
        if details["shared"]:
            pattern = _("%(who)s undid that the prospecting list %(name)s was shared.")
        else:
            pattern = _("%(who)s undid that the prospecting list %(name)s was no longer shared.")
        return pattern, {"name": thing_of(told)}
    if "contact" in details:
        pattern = _("%(who)s put a contact back into the client folder %(name)s.")
        return pattern, {"name": thing_of(told)}
    if "column" in details:
        pattern = _("%(who)s undid that a column was taken out of the list %(name)s.")
        return pattern, {"name": thing_of(told)}
    return None


def refused(told: Told, tried: Mapping[str, Any]) -> Sentence | None:
    """Return the sentence of the refusal of such an act; None for any other attempt."""
    name = {"name": thing_of(told)}
    if "emptied" in tried:
        pattern = _("%(who)s was not allowed to empty fields of %(what)s, after many others.")
        return pattern, {"what": what(told)}
    if FACT in tried:
        pattern = _("%(who)s was not allowed to read %(what)s through the API within an hour.")
        return pattern, {"what": what(told)}
    if "column" in tried:
        return _("%(who)s was not allowed to take the column %(name)s out of a list."), name
    if "contact" in tried:
        pattern = _("%(who)s was not allowed to take the contact %(name)s out of a client folder.")
        return pattern, name
    if "shared" in tried:
        return _(
            "%(who)s was not allowed to change with whom the prospecting list %(name)s is shared."
        ), name
    if "cut" in tried:
        return _("%(who)s was not allowed to cut down the comment “%(name)s”."), name
    return None
