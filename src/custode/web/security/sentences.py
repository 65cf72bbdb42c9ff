"""Log entries as sentences that people understand who have never read a log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from custode.guard import kinds
from custode.guard.kinds import Verb
from custode.guard.models import Outcome
from custode.guard.scraping import FACT, FURTHER
from custode.people.models import Role
from custode.web.security import (
    account_sentences,
    alert_sentences,
    other_names,
    panel_sentences,
    refusals,
    signin_sentences,
    undoing_sentences,
    webhook_sentences,
)
from custode.web.security.reading import Told
from custode.web.security.refusals import rule_of, what, who
from custode.web.security.signin_sentences import Sentence, fact_of, name_of, thing_of
from custode.web.shell.words import listed, number


def sentence(told: Told) -> SafeString:
    """Return what happened, as one sentence of HTML with escaped names."""
    pattern, words = _parts(told)
    marked = {name: format_html("<b>{}</b>", value) for name, value in words.items()}
    return SafeString(str(conditional_escape(pattern)) % marked)


def plain(told: Told) -> str:
    """Return what happened, as one sentence of plain text."""
    pattern, words = _parts(told)
    return pattern % words


def _parts(told: Told) -> Sentence:
    if told.entry.outcome == Outcome.REFUSED:
        tried = told.details.get("tried")
        known = tried if isinstance(tried, dict) else {}
        other = other_names.refused(told, known) or undoing_sentences.refused(told, known)
        pattern, values = other or refusals.sentence(told)
    else:
        teller = _TELLERS.get(told.entry.verb)
        pattern, values = teller(told) if teller else (_("%(who)s did something."), {})
    return pattern, {"who": who(told, pattern), **values}


def _deleted(told: Told) -> Sentence:
    plain: Sentence = _("%(who)s deleted %(what)s."), {"what": what(told)}
    return other_names.deleted(told) or plain


def _restored(told: Told) -> Sentence:
    return _("%(who)s restored %(what)s from the trash."), {"what": what(told)}


def _purged(told: Told) -> Sentence:
    values = {"what": what(told)}
    if isinstance(along := told.details.get("along"), dict):
        pattern = _("%(who)s deleted %(what)s for ever, and what hung on it: %(along)s.")
        return pattern, values | {"along": listed(along)}
    return _("%(who)s deleted %(what)s for ever."), values


def _with_along(told: Told) -> str:
    """Return the objects, and what was deleted or came along, whose number is known later."""
    if along := told.details.get("along"):
        return _("%(what)s with %(along)s") % {"what": what(told), "along": listed(along)}
    kinds_along = [kinds.model_of(name).kind.plural for name in told.details.get("with", ())]
    if kinds_along:
        names = ", ".join(map(str, kinds_along))
        return _("%(what)s with %(along)s") % {"what": what(told), "along": names}
    return what(told)


def _exported(told: Told) -> Sentence:
    if FACT in told.details:
        return other_names.read(told)
    outcome = told.entry.outcome
    form = str((told.start or told).details.get("format") or "").upper() or _("a file")
    values = {"what": _with_along(told), "format": form}
    if outcome == Outcome.STARTED:
        return _("%(who)s began to export %(what)s as %(format)s."), values
    if outcome == Outcome.BROKEN_OFF:
        return _("%(who)s broke off an export (%(format)s) after %(what)s."), values
    if outcome == Outcome.FAILED:
        return _("An export (%(format)s) by %(who)s failed after %(what)s."), values
    if told.details.get("download"):
        return _("%(who)s downloaded the exported file (%(format)s) with %(what)s."), values
    return _("%(who)s exported %(what)s as %(format)s."), values


def _imported(told: Told) -> Sentence:
    values = {"file": thing_of(told)}
    if told.entry.outcome == Outcome.STARTED:
        return _("%(who)s began to import the file %(file)s."), values
    if told.entry.outcome == Outcome.FAILED:
        return _("The import of the file %(file)s was given up."), values
    values |= {"what": _with_along(told)}
    labels = told.person.get("labels") or []
    if len(labels) > 1 and kinds.model_of(told.entry.kind).kind.parents:
        pattern = _("%(who)s imported %(what)s from the file %(file)s into the list %(list)s.")
        return pattern, values | {"list": str(labels[1])}
    return _("%(who)s imported %(what)s from the file %(file)s."), values


_TO: Final = {
    "step": gettext_lazy("%(who)s moved %(what)s to the step %(to)s at once."),
    "owner": gettext_lazy("%(who)s assigned %(what)s to %(to)s at once."),
    "assignee": gettext_lazy("%(who)s assigned %(what)s to %(to)s at once."),
}
"""The sentences of bulk changes by field, if the new value's name is known."""


def _changed(told: Told) -> Sentence:
    if FURTHER in told.details:
        return other_names.joined(told)
    if "cells" in told.details:
        return other_names.written(told)
    if "emptied" in told.details:
        return other_names.emptied(told)
    if "written" in told.details:
        return other_names.written_over(told)
    if "marked" in told.details:
        return other_names.marked(told)
    if "shared" in told.details:
        return other_names.shared(told)
    patterns = {
        "step": _("%(who)s moved %(what)s to another step at once."),
        "owner": _("%(who)s assigned %(what)s at once."),
        "assignee": _("%(who)s assigned %(what)s at once."),
        "tag": _("%(who)s changed the tags of %(what)s at once."),
    }
    field = str(told.details.get("field"))
    pattern = patterns.get(field, _("%(who)s changed %(what)s at once."))
    if told.person.get("to"):
        pattern = str(_TO.get(field, pattern))
    elif field in {"owner", "assignee"} and "to" in told.details and told.details["to"] is None:
        pattern = _("%(who)s unassigned %(what)s at once.")
    return str(pattern), {"what": what(told), "to": fact_of(told, "to")}


def _undone(told: Told) -> Sentence:
    if "postsales.processtemplate" in told.details.get("shelved", {}):
        pattern = _("%(who)s undid what was done to the template of processes %(name)s.")
        return pattern, {"name": thing_of(told)}
    if "shelved" in told.details:
        return _("%(who)s undid what was done to the field or choice %(name)s."), {
            "name": thing_of(told)
        }
    over = int(told.details.get("over") or 0)
    other = None if over else other_names.undone(told)
    return other or undoing_sentences.undone(told, over)


def _privacy(told: Told) -> Sentence:
    if "sharing" in told.details:
        return account_sentences.sharing(told)
    on = told.details.get("on")
    pattern = (
        _("%(who)s switched on the rule “%(rule)s”.")
        if on
        else _("%(who)s switched off the rule “%(rule)s”.")
    )
    return pattern, {"rule": rule_of(told.details)}


def _account(told: Told) -> Sentence:
    details = told.details
    if "created" in details:
        return account_sentences.created(told)
    if edition := account_sentences.edition(told):
        return edition
    if "locks" in details:
        pattern = ngettext(
            "%(n)s lock of the database was missing and was put back.",
            "%(n)s locks of the database were missing and were put back.",
            told.entry.count,
        )
        return pattern, {"n": number(told.entry.count)}
    return account_sentences.settings(told) or (_("%(who)s changed the account."), {})


def _users(told: Told) -> Sentence:
    details, name = told.details, {"name": name_of(told)}
    if "created" in details:
        if details["created"] == Role.ADMIN:
            return _("%(who)s added %(name)s as an admin."), name
        return _("%(who)s added %(name)s as a user."), name
    if "named" in details:
        count = told.entry.count
        return (
            ngettext(
                "%(who)s added %(n)s person without sign-in, named in a file.",
                "%(who)s added %(n)s people without sign-in, named in a file.",
                count,
            ),
            {"n": number(count)},
        )
    if isinstance(role := details.get("role"), dict):
        if role.get("to") == Role.ADMIN:
            return _("%(who)s made %(name)s an admin."), name
        return _("%(who)s took the role of admin from %(name)s."), name
    if "renamed" in details:
        before = (told.person.get("labels") or ["", ""])[-1]
        return _("%(who)s gave %(before)s the name %(name)s."), name | {"before": str(before)}
    if "team" in details:
        return account_sentences.team(told)
    patterns = {
        "invited": _("%(who)s gave %(name)s a sign-in."),
        "link": _("%(who)s made a link for %(name)s to set a password."),
        "disabled": _("%(who)s disabled %(name)s and signed them out everywhere."),
        "enabled": _("%(who)s enabled %(name)s again."),
    }
    found = next((words for key, words in patterns.items() if key in details), None)
    return found or _("%(who)s changed the user %(name)s."), name


def _backed_up(told: Told) -> Sentence:
    return _("%(who)s made a backup of the whole installation."), {}


def _erased(told: Told) -> Sentence:
    count = told.entry.count
    if told.details.get("of"):
        pattern = ngettext(
            "%(who)s erased the personal data of somebody who had left from %(n)s entry of the"
            " log.",
            "%(who)s erased the personal data of somebody who had left from %(n)s entries of the"
            " log.",
            count,
        )
    else:
        pattern = ngettext(
            "%(who)s erased the personal data of %(n)s entry of the log.",
            "%(who)s erased the personal data of %(n)s entries of the log.",
            count,
        )
    return pattern, {"n": number(count)}


_TELLERS: Final[dict[str, Callable[[Told], Sentence]]] = {
    Verb.DELETE: _deleted,
    Verb.RESTORE: _restored,
    Verb.PURGE: _purged,
    Verb.EXPORT: _exported,
    Verb.IMPORT: _imported,
    Verb.CHANGE: _changed,
    Verb.RETIRE: panel_sentences.retired,
    Verb.UNDO: _undone,
    Verb.PRIVACY: _privacy,
    Verb.ACCOUNT: _account,
    Verb.USERS: _users,
    Verb.BACKUP: _backed_up,
    Verb.SESSIONS: signin_sentences.sessions,
    Verb.SIGN_IN: signin_sentences.sign_in,
    Verb.TWO_FACTOR: signin_sentences.two_factor,
    Verb.ALERT: alert_sentences.acknowledged,
    Verb.ERASE: _erased,
    Verb.KEYS: signin_sentences.keys,
    Verb.WEBHOOKS: webhook_sentences.did,
}
