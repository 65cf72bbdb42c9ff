"""The sentences of refusals: what somebody tried, on how many objects, and why it was refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from custode.guard import kinds
from custode.guard.kinds import Verb
from custode.kernel.actor import names_of
from custode.people.models import Role
from custode.web.security.reading import Told
from custode.web.security.signin_sentences import Sentence, name_of, thing_of
from custode.web.security.verbs import VERBS
from custode.web.shell.words import actor_name, counted, number


def what(told: Told) -> str:
    """Return the objects: "12 leads"; only the kind if the number is unknown."""
    name, count = told.entry.kind, told.entry.count
    if not name:
        return number(count)
    try:
        return counted(name, count) if count else str(kinds.named(name).plural)
    except KeyError:
        return f"{number(count)} {name}"


def rule_of(details: Mapping[str, Any]) -> str:
    """Return the privacy setting that some facts name, in its check box's words; "" for none."""
    name = str(details.get("rule") or "")
    verb, _colon, kind = name.partition(":")
    try:
        return str(kinds.model_of(kind).kind.rules[Verb(verb)])
    except (KeyError, ValueError):
        return name


def why(told: Told) -> str:
    """Return why it was refused, in the reader's language; "" if a rule refused it, which is named.

    Other reasons are stored as the sentence that the refused person read.
    """
    details = told.details
    if details.get("repeated") or details.get("rule"):
        return ""
    others = int(details.get("others") or 0)
    reasons = {
        "admins": _("only admins can do this"),
        "not_own": _("it was somebody else's act"),
        "disabled": _("the user had been disabled"),
        "guessing": _("there were too many attempts"),
        "scope_write": _("the API key lacks the scope “write”"),
        "scope_delete": _("the API key lacks the scope “delete”"),
        "scope_export": _("the API key lacks the scope “export”"),
        "others": ngettext(
            "%(n)s of them belongs to somebody else",
            "%(n)s of them belong to somebody else",
            others,
        )
        % {"n": number(others)},
    }
    return reasons.get(str(details.get("because")), str(told.person.get("why") or ""))


def sentence(told: Told) -> Sentence:
    """Return the sentence of a refusal."""
    if told.details.get("repeated"):
        return _repeated(told)
    tried = told.details.get("tried")
    known = _known(told, tried) if isinstance(tried, dict) else None
    return known or _unknown(told)


def _repeated(told: Told) -> Sentence:
    """Return what else was tried within a minute: how often, and on how many objects at most."""
    count, largest = told.entry.count, int(told.details.get("largest") or 0)
    values = {"n": number(count), "act": str(VERBS[Verb(told.entry.verb)])}
    if largest > 1 and told.entry.kind:
        pattern = ngettext(
            "%(who)s tried %(n)s more time within a minute (%(act)s, on %(what)s).",
            "%(who)s tried %(n)s more times within a minute (%(act)s, on at most %(what)s).",
            count,
        )
        return pattern, values | {"what": counted(told.entry.kind, largest)}
    pattern = ngettext(
        "%(who)s tried %(n)s more time within a minute (%(act)s).",
        "%(who)s tried %(n)s more times within a minute (%(act)s).",
        count,
    )
    return pattern, values


_SETTINGS: Final[dict[tuple[str, str], str]] = {
    (Verb.PRIVACY, "sharing"): gettext_noop("%(who)s was not allowed to change who sees what."),
    (Verb.ACCOUNT, "rest"): gettext_noop(
        "%(who)s was not allowed to let rules stop that the edition does not have."
    ),
    (Verb.ACCOUNT, "mail"): gettext_noop(
        "%(who)s was not allowed to change the account's mail server."
    ),
    (Verb.ACCOUNT, "alert_rule"): gettext_noop("%(who)s was not allowed to change an alert rule."),
    (Verb.ACCOUNT, "check"): gettext_noop("%(who)s was not allowed to check the log."),
    (Verb.ACCOUNT, "checkpoint"): gettext_noop(
        "%(who)s was not allowed to make a checkpoint of the log."
    ),
    (Verb.ACCOUNT, "checkpoints"): gettext_noop(
        "%(who)s was not allowed to change to whom checkpoints of the log are mailed."
    ),
    (Verb.KEYS, "log_as"): gettext_noop("%(who)s was not allowed to act in somebody's name."),
    (Verb.ALERT, "undo"): gettext_noop("%(who)s was not allowed to undo the acts of an alert."),
}
"""The sentences by verb and first attempted act."""


def _known(told: Told, tried: Mapping[str, Any]) -> Sentence | None:
    """Return the sentence of an act of which more than its verb is known; otherwise None."""
    name = {"name": name_of(told)}
    if told.entry.verb == Verb.SIGN_IN and "guessed" in tried:
        return _guessed(tried), name
    thing = {"name": thing_of(told)}
    if "cells" in tried:
        return _emptying(int(tried["cells"])), thing | {"what": what(told)}
    if told.entry.verb == Verb.USERS and "team" in tried:
        return _on_team(tried), thing
    if settings := _SETTINGS.get((told.entry.verb, next(iter(tried), ""))):
        return _(settings), {}
    if told.entry.verb == Verb.USERS:
        return _on_user(tried), name
    if told.entry.verb == Verb.PRIVACY and "rule" in tried:
        rule = {"rule": rule_of(tried)}
        if tried.get("on"):
            return _("%(who)s was not allowed to switch on the rule “%(rule)s”."), rule
        return _("%(who)s was not allowed to switch off the rule “%(rule)s”."), rule
    return None


def who(told: Told, pattern: str = "") -> str:
    """Return the name of the actor.

    Args:
        pattern: the sentence that will contain it; at its start, an insertion in commas is closed.
    """
    name = str(told.person.get("actor") or _("An erased person"))
    closed = "," if names_of(name)[1] and pattern.startswith("%(who)s ") else ""
    return actor_name(told.entry.actor_kind, name) + closed


def _emptying(cells: int) -> str:
    pattern = ngettext(
        "%%(who)s was not allowed to empty %(n)s cell of %%(what)s in the list %%(name)s.",
        "%%(who)s was not allowed to empty %(n)s cells of %%(what)s in the list %%(name)s.",
        cells,
    )
    return pattern % {"n": number(cells)}


def _guessed(tried: Mapping[str, Any]) -> str:
    patterns = {
        "code": _(
            "Somebody who has the password of %(name)s tried wrong codes until no attempt was left."
        ),
        "proof": _(
            "In a session of %(name)s the proof of identity was wrong until no attempt was left."
        ),
    }
    other = _("Somebody tried wrong passwords of %(name)s until no attempt was left.")
    return patterns.get(str(tried["guessed"]), other)


def _on_team(tried: Mapping[str, Any]) -> str:
    patterns = {
        "created": _("%(who)s was not allowed to make a team."),
        "dissolved": _("%(who)s was not allowed to dissolve the team %(name)s."),
    }
    other = _("%(who)s was not allowed to change the team %(name)s.")
    return patterns.get(str(tried["team"]), other)


def _on_user(tried: Mapping[str, Any]) -> str:
    if isinstance(role := tried.get("role"), dict):
        roles: dict[str, str] = {
            Role.ADMIN: _("%(who)s was not allowed to make %(name)s an admin."),
            Role.USER: _("%(who)s was not allowed to take the role of admin from %(name)s."),
        }
        unknown = _("%(who)s was not allowed to change the role of %(name)s.")
        return roles.get(str(role.get("to")), unknown)
    patterns = {
        "renamed": _("%(who)s was not allowed to give %(name)s another name."),
        "created": (
            _("%(who)s was not allowed to add an admin.")
            if tried.get("created") == Role.ADMIN
            else _("%(who)s was not allowed to add a user.")
        ),
        "invited": _("%(who)s was not allowed to give %(name)s a sign-in."),
        "link": _("%(who)s was not allowed to make a link for the password of %(name)s."),
        "address": _("%(who)s was not allowed to change the e-mail address of %(name)s."),
        "disabled": _("%(who)s was not allowed to disable %(name)s."),
        "enabled": _("%(who)s was not allowed to enable %(name)s again."),
        "two_factor": _(
            "%(who)s was not allowed to switch off two-factor authentication of %(name)s."
        ),
    }
    found = next((words for key, words in patterns.items() if key in tried), None)
    return found or _("%(who)s was not allowed to change users.")


def _unknown(told: Told) -> Sentence:
    patterns = {
        Verb.DELETE: _("%(who)s was not allowed to delete %(what)s."),
        Verb.RESTORE: _("%(who)s was not allowed to restore something from the trash."),
        Verb.PURGE: _("%(who)s was not allowed to delete something for ever."),
        Verb.EXPORT: _("%(who)s was not allowed to export %(what)s."),
        Verb.IMPORT: _("%(who)s was not allowed to import %(what)s."),
        Verb.CHANGE: _("%(who)s was not allowed to change %(what)s at once."),
        Verb.RETIRE: _("%(who)s was not allowed to delete steps, tags or fields."),
        Verb.UNDO: _("%(who)s was not allowed to undo an act."),
        Verb.PRIVACY: _("%(who)s was not allowed to change a privacy setting."),
        Verb.ACCOUNT: _("%(who)s was not allowed to change the account."),
        Verb.USERS: _("%(who)s was not allowed to change users."),
        Verb.BACKUP: _("%(who)s was not allowed to make a backup."),
        Verb.SESSIONS: _("%(who)s was not allowed to disconnect devices of users."),
        Verb.SIGN_IN: _("%(who)s was not allowed to change how somebody signs in."),
        Verb.TWO_FACTOR: _("%(who)s was not allowed to switch off two-factor authentication."),
        Verb.ALERT: _("%(who)s was not allowed to acknowledge alerts."),
        Verb.ERASE: _("%(who)s was not allowed to erase personal data from the log."),
        Verb.KEYS: _("%(who)s was not allowed to make or revoke API keys."),
        Verb.WEBHOOKS: _("%(who)s was not allowed to make, switch or delete webhooks."),
    }
    pattern = patterns.get(Verb(told.entry.verb), _("%(who)s was not allowed to do something."))
    return pattern, {"what": what(told)} if "%(what)s" in pattern else {}
