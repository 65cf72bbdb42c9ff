"""The sentences of log entries about the account's settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from custode.accounts.editions import Edition
from custode.accounts.models import (
    Assigning,
    CheckpointsTo,
    RequiredOf,
    TeamVisibility,
    Visibility,
)
from custode.web.security import alert_sentences
from custode.web.security.reading import Told
from custode.web.security.refusals import rule_of
from custode.web.security.signin_sentences import Sentence, thing_of, unnamed
from custode.web.shell.words import number

_NUMBERS: Final = {
    "trash_days": _("%(who)s set the days in the trash from %(before)s to %(after)s."),
    "idle_hours": _(
        "%(who)s set the hours after which an unused session ends from %(before)s to %(after)s."
    ),
    "session_days": _(
        "%(who)s set the days that a session lasts at most from %(before)s to %(after)s."
    ),
    "sessions_kept_months": _(
        "%(who)s set the months for which past sessions are kept from %(before)s to %(after)s."
    ),
    "many_count": _("%(who)s set from how many deletions are many from %(before)s to %(after)s."),
    "many_minutes": _(
        "%(who)s set the minutes within which deletions are many from %(before)s to %(after)s."
    ),
    "many_read": _(
        "%(who)s set how many objects a program reads in an hour before it is an export from"
        " %(before)s to %(after)s."
    ),
}
_REQUIRED: Final = {
    RequiredOf.NOBODY: _("%(who)s no longer requires two-factor authentication of anybody."),
    RequiredOf.ADMINS: _(
        "%(who)s requires two-factor authentication of admins, with %(days)s days of grace."
    ),
    RequiredOf.ALL: _(
        "%(who)s requires two-factor authentication of everybody, with %(days)s days of grace."
    ),
}
_SHARED: Final[dict[str, tuple[Any, Mapping[Any, Any]]]] = {
    "visibility": (_("what users see"), dict(Visibility.choices)),
    "teams_on": (_("teams"), {True: _("switched on"), False: _("switched off")}),
    "team_visibility": (_("what a team's members have is seen by"), dict(TeamVisibility.choices)),
    "assigning": (_("leads are assigned by"), dict(Assigning.choices)),
}
_CHECKPOINTS: Final = {
    CheckpointsTo.NOBODY: _("%(who)s has checkpoints of the log mailed to nobody any more."),
    CheckpointsTo.ADMINS: _("%(who)s has a checkpoint of the log mailed to all admins each day."),
    CheckpointsTo.ADDRESSES: _(
        "%(who)s has a checkpoint of the log mailed each day to: %(addresses)s."
    ),
}
_TEAMS: Final = {
    "created": _("%(who)s made the team %(name)s."),
    "dissolved": _("%(who)s dissolved the team %(name)s."),
}


def edition(told: Told) -> Sentence | None:
    """Return the sentence of a change of edition and its rules; None for any other entry."""
    if isinstance(rest := told.details.get("rest"), list):
        pattern = gettext(
            "%(who)s confirmed that these rules stop, which the edition does not have: %(rules)s."
        )
        return pattern, {"rules": _rules(rest)}
    if not isinstance(moved := told.details.get("edition"), dict):
        return None
    values = {"before": _edition(moved.get("from")), "after": _edition(moved.get("to"))}
    if isinstance(again := told.details.get("again"), list):
        pattern = gettext(
            "%(who)s moved the account from %(before)s to %(after)s. These rules hold again:"
            " %(rules)s."
        )
        return pattern, values | {"rules": _rules(again)}
    return gettext("%(who)s moved the account from %(before)s to %(after)s."), values


def _rules(names: Sequence[str]) -> str:
    return "; ".join(rule_of({"rule": name}) for name in names)


def _edition(value: Any) -> str:
    return str(Edition(value).label) if value in Edition.values else str(value)


def created(told: Told) -> Sentence:
    """Return the sentence of the account's creation."""
    values = {"edition": _edition(told.details["created"])}
    return gettext("%(who)s created the account in the edition %(edition)s."), values


def settings(told: Told) -> Sentence | None:
    """Return the sentence of a changed setting; None for any other entry."""
    for name, words in _NUMBERS.items():
        if isinstance(moved := told.details.get(name), dict):
            values = {"before": str(moved.get("from")), "after": str(moved.get("to"))}
            return str(words), values
    moved = told.details.get("two_factor")
    if isinstance(moved, dict) and moved.get("to") in RequiredOf.values:
        words = _REQUIRED[RequiredOf(moved["to"])]
        return str(words), {"days": str(moved.get("days"))}
    if isinstance(server := told.details.get("mail"), dict):
        return _mail(told, server)
    if "alert_rule" in told.details:
        return alert_sentences.rule(told)
    moved = told.details.get("checkpoints")
    if isinstance(moved, dict) and moved.get("to") in CheckpointsTo.values:
        names = ", ".join(str(one) for one in told.person.get("labels") or [])
        return str(_CHECKPOINTS[CheckpointsTo(moved["to"])]), {"addresses": names or unnamed(told)}
    if "checkpoint" in told.details:
        return gettext("%(who)s made a checkpoint of the log and copied it."), {}
    if "resealed" in told.details:
        return gettext("%(who)s encrypted the mail server's password with a new key."), {}
    return None


def _mail(told: Told, server: Mapping[str, Any]) -> Sentence:
    """Return the sentence of setting or removing the account's mail server."""
    if server.get("off"):
        return gettext("%(who)s removed the account's mail server."), {}
    values = {"host": str(server.get("host")), "port": str(server.get("port"))}
    values["sender"] = thing_of(told)
    if server.get("password"):
        pattern = gettext(
            "%(who)s set the mail server to %(host)s, port %(port)s, with a new password and the"
            " sender %(sender)s."
        )
    else:
        pattern = gettext(
            "%(who)s set the mail server to %(host)s, port %(port)s, with the sender %(sender)s."
        )
    return pattern, values


def sharing(told: Told) -> Sentence:
    """Return the sentence of changed sharing, with the present value of each setting."""
    changes = []
    for name, moved in told.details["sharing"].items():
        words, choices = _SHARED[name]
        changes.append(f"{words}: {choices.get(moved['to'], moved['to'])}")
    return gettext("%(who)s changed who sees what (%(changes)s)."), {"changes": "; ".join(changes)}


def team(told: Told) -> Sentence:
    """Return the sentence of a team created, changed or dissolved."""
    name = {"name": thing_of(told)}
    if found := _TEAMS.get(told.details["team"]):
        return str(found), name
    values = {key: number(told.details.get(key) or 0) for key in ("joined", "left")}
    pattern = gettext(
        "%(who)s changed the team %(name)s: %(joined)s joined it and %(left)s left it."
    )
    return pattern, name | values
