"""The sentences of undos, done and refused: which act was meant, and whose."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from custode.guard.kinds import Verb
from custode.web.security.reading import Told
from custode.web.security.refusals import what, who
from custode.web.security.signin_sentences import Sentence, thing_of
from custode.web.shell.words import counted, number

_OF_OTHERS: Final = {
    Verb.DELETE: gettext_noop("%(who)s undid the deletion of %(what)s by %(whose)s (no. %(seq)s)."),
    Verb.IMPORT: gettext_noop("%(who)s undid the import of %(what)s by %(whose)s (no. %(seq)s)."),
    Verb.CHANGE: gettext_noop("%(who)s undid the change of %(what)s by %(whose)s (no. %(seq)s)."),
}
_OWN: Final = {
    Verb.DELETE: gettext_noop("%(who)s undid their own deletion of %(what)s (no. %(seq)s)."),
    Verb.IMPORT: gettext_noop("%(who)s undid their own import of %(what)s (no. %(seq)s)."),
    Verb.CHANGE: gettext_noop("%(who)s undid their own change of %(what)s (no. %(seq)s)."),
}
_OTHER: Final = gettext_noop(
    "%(who)s undid an act of %(whose)s that concerned %(what)s (no. %(seq)s)."
)
_OWN_OTHER: Final = gettext_noop(
    "%(who)s undid their own act that concerned %(what)s (no. %(seq)s)."
)


def undone(told: Told, over: int) -> Sentence:
    """Return the sentence of an undo.

    Args:
        over: how many of its objects had later changes, which were overwritten.
    """
    act, values = told.of, {"what": what(told)}
    if over:
        pattern = ngettext(
            "%(who)s undid an act that concerned %(what)s, %(n)s of which had been changed since.",
            "%(who)s undid an act that concerned %(what)s, %(n)s of which had been changed since.",
            over,
        )
        return pattern, values | {"n": number(over)}
    if act is None:
        return _("%(who)s undid an act that concerned %(what)s."), values
    verb = Verb(act.entry.verb)
    values |= {"whose": who(act), "seq": number(act.entry.seq)}
    if "retired" in told.details:
        pattern = _(
            "%(who)s undid the deletion of %(name)s (no. %(seq)s): %(what)s went back there."
        )
        return pattern, values | {"name": thing_of(told)}
    if _author(act) == _author(told):
        return _(_OWN.get(verb, _OWN_OTHER)), values
    return _(_OF_OTHERS.get(verb, _OTHER)), values


def refused(told: Told, tried: Mapping[str, Any]) -> Sentence | None:
    """Return the sentence of a refused undo, restore or purge; None for other attempts."""
    if "undo" in tried and (act := told.of) is not None:
        pattern = _(
            "%(who)s was not allowed to undo an act of %(whose)s that concerned %(what)s"
            " (no. %(seq)s)."
        )
        seq = number(act.entry.seq)
        return pattern, {"whose": who(act), "what": what(act), "seq": seq}
    if "of" not in tried or told.entry.verb not in {Verb.RESTORE, Verb.PURGE}:
        return None
    things = {"what": counted(str(tried["of"]), told.entry.count)}
    if told.entry.verb == Verb.RESTORE:
        return _("%(who)s was not allowed to restore %(what)s from the trash."), things
    return _("%(who)s was not allowed to delete %(what)s for ever."), things


def _author(told: Told) -> tuple[str, int | None]:
    return told.entry.actor_kind, told.entry.actor_id
