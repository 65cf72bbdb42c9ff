"""Log entries outside pages: as the rows of a file, and for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import unescape
from typing import Any, Final

from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _

from custode.guard import kinds
from custode.guard.kinds import Verb
from custode.guard.logbook import filter_of
from custode.guard.models import LogEntry, Outcome
from custode.guard.verbs import OUTCOMES, VERBS
from custode.kernel.actor import Entrance
from custode.signin.devices import device
from custode.web.security.reading import Told, told
from custode.web.security.refusals import rule_of, who, why
from custode.web.security.sentences import sentence

_ENTRANCES: Final = {
    Entrance.WEB: _("on a screen"),
    Entrance.API: _("through the API"),
    Entrance.CONSOLE: _("by a command"),
    Entrance.JOB: _("in the background"),
}


def tell_entries(entries: Sequence[LogEntry]) -> list[Mapping[str, Any]]:
    """Return each entry for a file, by the names of `door.LOG_COLUMNS`; and its `facts`."""
    return [{**_words(one), "facts": _facts(one)} for one in told(list(entries))]


def _facts(one: Told) -> Mapping[str, Any]:
    """Return an entry's facts that are not words: for programs."""
    person, labels = one.person, one.person.get("labels")
    return {
        "details": one.details,
        "names": [str(label) for label in labels] if isinstance(labels, list) else [],
        "device": str(person.get("device") or ""),
        "ended_by": one.ended_by,
        "undone": one.undone,
        "undoable": one.undoable,
        "erased": one.erased,
    }


def _words(one: Told) -> Mapping[str, Any]:
    entry, person = one.entry, one.person
    start = one.start or one
    refused = entry.outcome == Outcome.REFUSED
    return {
        "sentence": unescape(strip_tags(sentence(one))),
        "who": who(one),
        "action": str(VERBS[Verb(entry.verb)]),
        "what": _kind(entry.kind),
        "outcome": str(OUTCOMES[Outcome(entry.outcome)]),
        "why": (rule_of(one.details) or why(one)) if refused else "",
        "names": ", ".join(str(label) for label in person.get("labels") or ()),
        "filter": filter_of(start.person),
        "reason": str(person.get("reason") or ""),
        "entrance": str(_ENTRANCES[Entrance(entry.entrance)]),
        "device": str(device(str(person.get("device") or ""))),
        "ip": str(person.get("ip") or ""),
    }


def _kind(name: str) -> str:
    try:
        return str(kinds.named(name).plural) if name else ""
    except KeyError:
        return name
