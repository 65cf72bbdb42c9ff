"""The page of sensitive actions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from custode.accounts.editions import Feature, has
from custode.guard import door, kinds
from custode.guard.kinds import Verb
from custode.guard.models import Outcome
from custode.kernel import clock
from custode.people.models import User
from custode.signin.devices import device
from custode.web.security.reading import PAGE, Told, Wanted, found, told
from custode.web.security.refusals import rule_of, why
from custode.web.security.sentences import sentence
from custode.web.security.verbs import OUTCOMES, VERBS
from custode.web.sessions.words import session_named
from custode.web.shell.requests import account_of, admit

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
}


@require_GET
def sensitive_actions(request: HttpRequest) -> HttpResponse:
    """What sensitive acts there were, by day, with an undo beside those that can be undone."""
    admit(request, Verb.PRIVACY)
    if not has(account_of(request).edition, Feature.SENSITIVE_ACTIONS):
        return render(request, "security/other_edition.html")
    wanted = Wanted.of(request.GET)
    page = list(found(wanted)[: PAGE + 1])
    words = {
        "days": _by_day(told(page[:PAGE])),
        "more": page[PAGE - 1].seq if len(page) > PAGE else 0,
        "wanted": wanted,
        "verbs": [(verb.value, words) for verb, words in VERBS.items()],
        "outcomes": [(outcome.value, words) for outcome, words in OUTCOMES.items()],
        "kinds": [model.kind for model in kinds.all_models()],
        "people": _people(),
        "session": session_named(wanted.session),
    }
    return render(request, "security/actions.html", words)


def _people() -> list[tuple[str, str]]:
    users = User.objects.order_by("last_name", "first_name")[:500]
    return [
        *((f"user:{user.pk}", user.get_full_name()) for user in users),
        ("system:", _("Custode")),
        ("operator:", _("The operator of this installation")),
    ]


def _by_day(entries: list[Told]) -> list[tuple[str, list[dict[str, Any]]]]:
    def day(one: Told) -> date:
        return timezone.localdate(one.entry.at)

    return [(_day_words(when), _shown(group)) for when, group in groupby(entries, day)]


def _day_words(day: date) -> str:
    passed = (timezone.localdate(clock.now()) - day).days
    if passed == 0:
        return _("Today")
    if passed == 1:
        return _("Yesterday")
    return formats.date_format(day, pgettext("format of a day's heading", "l, j F Y"))


def _shown(entries: Iterable[Told]) -> list[dict[str, Any]]:
    return [_facts(one) for one in entries]


def _facts(one: Told) -> dict[str, Any]:
    entry, start = one.entry, one.start or one
    labels = [str(label) for label in one.person.get("labels") or []]
    shows_labels = entry.verb in {Verb.DELETE, Verb.RESTORE, Verb.PURGE, Verb.CHANGE, Verb.UNDO}
    return {
        "it": entry,
        "icon": _mark(one),
        "colour": one.colour,
        "state": _state(one),
        "sentence": sentence(one),
        "device": str(device(str(one.person.get("device") or ""))) or _entrance(entry.entrance),
        "ip": one.person.get("ip") or "",
        "labels": labels[:3] if shows_labels else [],
        "others": max(entry.count - 3, 0) if shows_labels else 0,
        "filter": start.person.get("filter") or "",
        "reason": _reason(str(one.person.get("reason") or "")),
        "rule": rule_of(one.details) if entry.outcome == Outcome.REFUSED else "",
        "because": why(one) if entry.outcome == Outcome.REFUSED else "",
        "undoable": one.undoable,
    }


def _reason(text: str) -> str:
    """The reason as it was written; the job's own one in the reader's language."""
    return _(door.DAYS_OVER) if text == door.DAYS_OVER else text


def _mark(one: Told) -> str:
    if one.entry.outcome == Outcome.REFUSED:
        return "shield-x"
    return _ICONS[Verb(one.entry.verb)]


def _state(one: Told) -> str:
    """The outcome in a word; nothing for what is simply done."""
    if one.ended_by == Verb.PURGE:
        return _("Deleted for ever since")
    if one.ended_by:
        return _("Undone since")
    if one.entry.outcome == Outcome.DONE:
        return ""
    return str(OUTCOMES[Outcome(one.entry.outcome)])


def _entrance(entrance: str) -> str:
    return {
        "console": _("by a command"),
        "job": _("in the background"),
        "api": _("through the interface for programs"),
    }.get(entrance, "")
