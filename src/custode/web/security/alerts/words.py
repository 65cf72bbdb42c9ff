"""Alerts in words: the names of rules, and what happened, for the screen and for e-mails."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, ngettext, pgettext_lazy

from custode.guard.alerts.models import Alert
from custode.guard.alerts.rules import EXPORTED_BY_KEYS, By, Rule
from custode.guard.kinds import Verb
from custode.web.security.alerts.names import NAMES
from custode.web.security.reading import Told
from custode.web.security.refusals import who
from custode.web.security.verbs import VERBS
from custode.web.shell.words import number

DOES: Final = {
    "watch": gettext_lazy(
        "An alert rule or a threshold was changed, the trash keeps things for fewer days,"
        " two-factor authentication is required of fewer people or later, or locks of the database"
        " were missing. Always on, and told to all admins: nobody switches the alerts off unseen."
    ),
    "made_admin": gettext_lazy("A user's role became admin, or an admin was added."),
    "lost_admin": gettext_lazy("An admin was disabled, or became a user."),
    "two_factor_off": gettext_lazy("An authenticator app or a passkey was removed, by anybody."),
    "new_ways": gettext_lazy(
        "An API key of scope admin or a webhook was made, an application acted as a user as whom it"
        " had not acted before, or the account's e-mails go through another mail server."
    ),
    "guessing": gettext_lazy("Somebody tried until no attempt was left."),
    "purge": gettext_lazy(
        "Somebody emptied a part of the trash. What goes when its time runs out raises no alert."
    ),
    "many": gettext_lazy(
        "Leads, lists, rows of lists, folders, comments, e-mails, tasks: one after the other or"
        " together, added up for each person."
    ),
    "emptied": gettext_lazy(
        "Descriptions, names, contacts, cells: more within an hour than are many, one after the"
        " other or together."
    ),
    "overwritten": gettext_lazy(
        "Rows of prospecting lists, leads, folders and tasks that somebody wrote over."
    ),
    "exports": gettext_lazy(
        "Rows of all files together, those of exports that were broken off too."
    ),
    "exported_by_keys": gettext_lazy(
        "Rows of all files that an application made by its key, those broken off too."
    ),
    "privacy": gettext_lazy("A rule was ticked or unticked, or who sees what was changed."),
    "refusals": gettext_lazy("Attempts at anything that a rule or a missing right forbids."),
}
"""The meaning of each standard rule, as a sentence."""

MARKS: Final = {
    "made_admin": gettext_lazy("Making somebody an admin"),
    "lost_admin": gettext_lazy("Shutting an admin out"),
    "two_factor_off": gettext_lazy("Removing a second factor"),
    "new_ways": gettext_lazy("Giving a program a way in or out"),
    "guessed": gettext_lazy("Guessing a password"),
    "watch": gettext_lazy("Changing alerts"),
    "emptied": gettext_lazy("Emptying many fields"),
    "overwritten": gettext_lazy("Writing over many cells"),
}
"""Acts of special importance among those of a verb."""

WHOSE: Final = {
    By.ANYBODY: gettext_lazy("anybody"),
    By.USERS: gettext_lazy("users who are not admins"),
    By.ADMINS: pgettext_lazy("by whom", "admins"),
    By.APPLICATIONS: gettext_lazy("applications"),
}

ICONS: Final = {
    "watch": "shield-alert", "made_admin": "user-cog", "lost_admin": "user-x",
    "two_factor_off": "smartphone",
    "new_ways": "webhook", "guessing": "key-round", "purge": "flame", "many": "trash-2",
    "emptied": "trash-2", "overwritten": "pencil", "exports": "download",
    "exported_by_keys": "download", "privacy": "shield", "refusals": "shield-x",
}  # fmt: skip

_HAPPENED: Final = {
    "watch": gettext_noop("%(who)s changed what watches over the account."),
    "made_admin": gettext_noop("%(who)s made somebody an admin."),
    "lost_admin": gettext_noop("%(who)s disabled an admin, or made one a user."),
    "two_factor_off": gettext_noop("%(who)s removed a second factor."),
    "new_ways": gettext_noop(
        "%(who)s gave a program a way in or out: a key of scope admin, a webhook, a mail server,"
        " acting as a user."
    ),
    "guessing": gettext_noop("Somebody was guessing a password or a code."),
    "privacy": gettext_noop("%(who)s changed privacy settings."),
}


def acts() -> dict[str, object]:
    """Return what a rule may be about: verbs and marks, in words."""
    verbs = {verb.value: words for verb, words in VERBS.items() if verb != Verb.ALERT}
    return {**verbs, **MARKS}


def name_of(key: str, rules: Mapping[str, Rule]) -> str:
    """Return a rule's name; a removed rule has none any more."""
    if key in NAMES:
        return str(NAMES[key])
    return rules[key].name if key in rules else _("a rule that was removed")


def headline(alert: Alert, act: Told | None, rules: Mapping[str, Rule]) -> SafeString:
    """Return what happened, as one sentence of HTML with escaped names.

    Args:
        act: one of its acts, which names the actor.
    """
    pattern, values = _parts(alert, act, rules)
    marked = {name: format_html("<b>{}</b>", value) for name, value in values.items()}
    return SafeString(str(conditional_escape(pattern)) % marked)


def plain_headline(alert: Alert, act: Told | None, rules: Mapping[str, Rule]) -> str:
    """Return the same as plain text."""
    pattern, values = _parts(alert, act, rules)
    return pattern % values


def _parts(alert: Alert, act: Told | None, rules: Mapping[str, Rule]) -> tuple[str, dict[str, str]]:
    pattern, values = _sentence(alert, rules)
    return pattern, {"who": who(act, pattern) if act else "?", **values}


def _sentence(alert: Alert, rules: Mapping[str, Rule]) -> tuple[str, dict[str, str]]:
    items, acts_ = number(alert.items), number(alert.acts)
    if alert.rule in _HAPPENED:
        return _(_HAPPENED[alert.rule]), {}
    if alert.rule == "many":
        pattern = ngettext(
            "%(who)s deleted many at once: %(items)s in %(acts)s act.",
            "%(who)s deleted many at once: %(items)s in %(acts)s acts.",
            alert.acts,
        )
        return pattern, {"items": items, "acts": acts_}
    if alert.rule in {"exports", EXPORTED_BY_KEYS}:
        pattern = ngettext(
            "%(who)s exported %(items)s row.", "%(who)s exported %(items)s rows.", alert.items
        )
        return pattern, {"items": items}
    if alert.rule == "purge":
        pattern = ngettext(
            "%(who)s deleted %(items)s object for ever.",
            "%(who)s deleted %(items)s objects for ever.",
            alert.items,
        )
        return pattern, {"items": items}
    if alert.rule == "refusals":
        pattern = ngettext(
            "%(who)s was refused %(acts)s time.", "%(who)s was refused %(acts)s times.", alert.acts
        )
        return pattern, {"acts": acts_}
    pattern = ngettext(
        "%(who)s met the rule “%(rule)s” with %(acts)s act.",
        "%(who)s met the rule “%(rule)s” with %(acts)s acts.",
        alert.acts,
    )
    return pattern, {"rule": name_of(alert.rule, rules), "acts": acts_}
