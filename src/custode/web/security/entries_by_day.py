"""Log entries as the page shows them: grouped by day, each with its facts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from custode.accounts.models import Account, CheckpointsTo
from custode.exchange.importing import strays
from custode.guard import checkpoints, door
from custode.guard.kinds import Verb
from custode.guard.logbook import filter_of
from custode.guard.models import LogEntry, Outcome
from custode.kernel import clock
from custode.signin.devices import device
from custode.web.security.alerts import reading as alerts
from custode.web.security.reading import Told
from custode.web.security.refusals import rule_of, why
from custode.web.security.sentences import sentence
from custode.web.security.verbs import OUTCOMES
from custode.web.shell.words import number

_ICONS = {
    Verb.DELETE: "trash-2",
    Verb.RESTORE: "undo-2",
    Verb.PURGE: "flame",
    Verb.EXPORT: "download",
    Verb.IMPORT: "upload",
    Verb.CHANGE: "pencil-line",
    Verb.RETIRE: "list-x",
    Verb.UNDO: "undo-2",
    Verb.PRIVACY: "shield",
    Verb.ACCOUNT: "building-2",
    Verb.USERS: "user-cog",
    Verb.BACKUP: "archive",
    Verb.SESSIONS: "monitor-x",
    Verb.SIGN_IN: "log-in",
    Verb.TWO_FACTOR: "smartphone",
    Verb.ALERT: "bell",
    Verb.ERASE: "eraser",
    Verb.KEYS: "key-round",
    Verb.WEBHOOKS: "webhook",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """The settings and data needed to show any entry.

    Args:
        anchored: the last entry that a checkpoint covers; None if checkpoints are not used.
    """

    anchored: int | None

    @classmethod
    def of(cls, account: Account) -> Shown:
        """Return them for an account's log."""
        last = checkpoints.latest(account.pk)
        if last is None and account.checkpoints_to == CheckpointsTo.NOBODY:
            return cls(None)
        return cls(last.seq if last else 0)

    def facts(self, entries: Iterable[Told]) -> list[dict[str, Any]]:
        """Return the entries as their template expects them."""
        entries = list(entries)
        marks = alerts.marks_of(entries)
        return [{**facts(one), **mark} for one, mark in zip(entries, marks, strict=True)]

    def has_news(self, entries: Iterable[LogEntry]) -> bool:
        """Tell whether one of these is newer than the last checkpoint."""
        return self.anchored is not None and any(one.seq > self.anchored for one in entries)


def by_day(entries: list[Told], shown: Shown) -> list[tuple[str, list[dict[str, Any]]]]:
    """Group the entries by day, under the words for each day."""

    def day(one: Told) -> date:
        """Return the day of an entry in the person's time zone."""
        return timezone.localdate(one.entry.at)

    lines = zip(entries, shown.facts(entries), strict=True)
    return [
        (_day_words(when), [line for _one, line in group])
        for when, group in groupby(lines, lambda line: day(line[0]))
    ]


def _day_words(day: date) -> str:
    passed = (timezone.localdate(clock.now()) - day).days
    if passed == 0:
        return _("Today")
    if passed == 1:
        return _("Yesterday")
    return formats.date_format(day, pgettext("format of a day's heading", "l, j F Y"))


def facts(one: Told) -> dict[str, Any]:
    """Return an entry with everything that a page shows of it."""
    entry, start = one.entry, one.start or one
    words = sentence(one)
    # A name that is in the sentence is not repeated.
    labels = [
        label
        for label in (str(label).strip() for label in one.person.get("labels") or [])
        if format_html("<b>{}</b>", label) not in words
    ]
    shows_labels = entry.verb in {Verb.DELETE, Verb.RESTORE, Verb.PURGE, Verb.CHANGE, Verb.UNDO}
    return {
        "it": entry,
        "icon": _mark(one),
        "colour": one.colour,
        "state": _state(one),
        "sentence": words,
        "device": str(device(str(one.person.get("device") or ""))) or _entrance(entry.entrance),
        "ip": one.person.get("ip") or "",
        "labels": labels[:3] if shows_labels else [],
        "others": max(entry.count - 3, 0) if shows_labels else 0,
        "filter": filter_of(start.person),
        "reason": _reason(str(one.person.get("reason") or "")),
        "rule": rule_of(one.details) if entry.outcome == Outcome.REFUSED else "",
        "because": why(one) if entry.outcome == Outcome.REFUSED else "",
        "undoable": one.undoable,
        # For what is still in the trash, show the state it was left in; for the rest, its outcome
        # first.
        "in_part": one.undoable and one.undone > 0 and entry.verb != Verb.DELETE,
        "erased": one.erased,
        "of": one.of.entry.seq if one.of else 0,
        "instead": one.start.entry.seq if one.start else 0,
    }


def _reason(text: str) -> str:
    """Return the reason as written; a job's own reason in the reader's language."""
    return _(text) if text in {door.DAYS_OVER, strays.NO_RUN} else text


def _mark(one: Told) -> str:
    if one.entry.outcome == Outcome.REFUSED:
        return "shield-x"
    return _ICONS[Verb(one.entry.verb)]


def _state(one: Told) -> str:
    """Return the outcome in a word; empty for acts that are simply done."""
    if one.ended_by == Verb.PURGE:
        return _part(one, gone=True) if one.undone else _("Deleted for ever since")
    if one.ended_by:
        return _("Undone since")
    if one.undone:
        return _part(one, gone=False)
    if one.entry.outcome == Outcome.DONE:
        return ""
    return str(OUTCOMES[Outcome(one.entry.outcome)])


def _part(one: Told, *, gone: bool) -> str:
    """Say that only a part was undone; the rest is unchanged, or lost."""
    counts = {"n": number(one.undone), "total": number(one.total)}
    if gone:
        return _("Undone in part: %(n)s of %(total)s. The rest was deleted for ever.") % counts
    return _("Undone in part: %(n)s of %(total)s") % counts


def _entrance(entrance: str) -> str:
    return {
        "console": _("by a command"),
        "job": _("in the background"),
        "api": _("through the API"),
    }.get(entrance, "")
