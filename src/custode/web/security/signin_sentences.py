"""The sentences of log entries about signing in: sessions, second factors, addresses."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from custode.web.security.reading import Told
from custode.web.shell.words import number

Sentence = tuple[str, dict[str, str]]


def name_of(told: Told) -> str:
    """Return whom an entry concerns: its first name."""
    labels = told.person.get("labels") or []
    return str(labels[0]) if labels else _("somebody")


def thing_of(told: Told) -> str:
    """Return what an entry concerns: its first name."""
    labels = told.person.get("labels") or []
    return str(labels[0]) if labels else unnamed(told)


def fact_of(told: Told, name: str) -> str:
    """Return a fact among the personal data: the name of a list, or a recipient."""
    return str(told.person.get(name) or unnamed(told))


def unnamed(told: Told) -> str:
    """Return the placeholder of a missing name: that it was erased, if it was."""
    return _("(name erased)") if told.erased else "?"


def sessions(told: Told) -> Sentence:
    """Return the sentence of sessions ended, or of past ones removed after their time."""
    count = told.entry.count
    values = {"n": number(count), "name": name_of(told)}
    if "forgotten" in told.details:
        pattern = ngettext(
            "%(who)s removed %(n)s past session whose time was over.",
            "%(who)s removed %(n)s past sessions whose time was over.",
            count,
        )
        return pattern, values
    if told.details.get("chosen") == "others":
        pattern = ngettext(
            "%(who)s disconnected everybody else: %(n)s device.",
            "%(who)s disconnected everybody else: %(n)s devices.",
            count,
        )
        return pattern, values
    if len(told.person.get("labels") or []) > 1:
        return _("%(who)s disconnected %(n)s devices of several users."), values
    pattern = ngettext(
        "%(who)s disconnected %(n)s device of %(name)s.",
        "%(who)s disconnected %(n)s devices of %(name)s.",
        count,
    )
    return pattern, values


def sign_in(told: Told) -> Sentence:
    """Return the sentence of a change to a user's address or access."""
    patterns: Final = {
        "invited": _("%(who)s gave %(name)s a sign-in."),
        "address_asked": _("%(who)s asked for another e-mail address for %(name)s."),
        "address_kept": _("%(who)s kept the e-mail address of %(name)s as it was."),
        "address": _("%(name)s confirmed the new e-mail address."),
        "password": _("%(name)s changed the password."),
        "reset": _("%(who)s reset the access of %(name)s."),
        "not_me": _("%(name)s said of a sign-in: this was not me."),
    }
    if told.details.get("password") == "link":
        return _("%(name)s set a password by a link."), {"name": name_of(told)}
    found = next((words for key, words in patterns.items() if key in told.details), None)
    return found or _("%(who)s changed how %(name)s signs in."), {"name": name_of(told)}


def two_factor(told: Told) -> Sentence:
    """Return the sentence of a second factor set up, removed or taken away."""
    details = told.details
    patterns: Final = {
        ("on", "totp"): _("%(name)s set up an authenticator app."),
        ("on", "passkey"): _("%(name)s added a passkey."),
        ("off", "totp"): _("%(name)s removed the authenticator app."),
        ("off", "passkey"): _("%(name)s removed a passkey."),
        ("off", "all"): _("%(who)s switched off two-factor authentication of %(name)s."),
        ("off", "newer"): _("What had been set up in the name of %(name)s was removed."),
        ("codes", "new"): _("%(name)s made new recovery codes."),
    }
    if "resealed" in details:
        return _("%(who)s encrypted the secrets of two-factor authentication with a new key."), {}
    if "recovery" in details:
        pattern = ngettext(
            "%(name)s used a recovery code; %(n)s is left.",
            "%(name)s used a recovery code; %(n)s are left.",
            details["recovery"],
        )
        return pattern, {"name": name_of(told), "n": number(details["recovery"])}
    for pair in details.items():
        if pair in patterns:
            return patterns[pair], {"name": name_of(told)}
    return _("%(who)s changed two-factor authentication of %(name)s."), {"name": name_of(told)}


def keys(told: Told) -> Sentence:
    """Return the sentence of an application's key made, revoked or re-encrypted."""
    patterns: Final = {
        "made": _("%(who)s made the API key “%(name)s”."),
        "revoked": _("%(who)s revoked the API key “%(name)s”."),
        "log_as": _("%(who)s began to act as %(name)s."),
    }
    if "resealed" in told.details:
        return _("%(who)s encrypted the recoverable API keys with a new key."), {}
    if count := told.details.get("sessions"):
        pattern = ngettext(
            "%(who)s revoked the API key “%(name)s”; %(n)s session as a user ended with it.",
            "%(who)s revoked the API key “%(name)s”; %(n)s sessions as users ended with it.",
            count,
        )
        return pattern, {"name": thing_of(told), "n": number(count)}
    found = next((words for key, words in patterns.items() if key in told.details), None)
    return found or _("%(who)s changed API keys."), {"name": thing_of(told)}
