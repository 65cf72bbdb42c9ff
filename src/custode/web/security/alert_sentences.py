"""The sentences of log entries about alerts: rules set, and alerts acknowledged."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from custode.web.security.alerts.names import NAMES
from custode.web.security.reading import Told
from custode.web.security.signin_sentences import Sentence, thing_of, unnamed
from custode.web.shell.words import number

_DID: Final = {
    "made": _("%(who)s made the alert rule “%(rule)s”."),
    "removed": _("%(who)s removed the alert rule “%(rule)s”."),
    "on": _("%(who)s switched on the alert rule “%(rule)s”."),
    "off": _("%(who)s switched off the alert rule “%(rule)s”."),
}


def rule(told: Told) -> Sentence:
    """Return the sentence of a rule created, changed, switched or removed."""
    key = str(told.details["alert_rule"])
    name = str(NAMES[key]) if key in NAMES else thing_of(told)
    if told.details.get("did") == "renamed":
        before = str((told.person.get("labels") or [unnamed(told)])[-1])
        pattern = gettext("%(who)s gave the alert rule “%(before)s” the name “%(rule)s”.")
        return pattern, {"rule": name, "before": before}
    changed = gettext("%(who)s changed the alert rule “%(rule)s”.")
    return str(_DID.get(str(told.details.get("did")), changed)), {"rule": name}


def acknowledged(told: Told) -> Sentence:
    """Return the sentence of alerts acknowledged by an admin."""
    pattern = ngettext(
        "%(who)s acknowledged %(n)s alert.", "%(who)s acknowledged %(n)s alerts.", told.entry.count
    )
    return pattern, {"n": number(told.entry.count)}
