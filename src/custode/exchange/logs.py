"""Exports of the log: which entries a URL means, and its description in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from custode.accounts.editions import Feature, has
from custode.accounts.models import Account
from custode.guard import door, kinds, object_log
from custode.guard.alerts.rules import MANY
from custode.guard.kinds import Verb
from custode.guard.logbook import ANY, Wanted, found
from custode.guard.models import Outcome
from custode.guard.verbs import OUTCOMES, VERBS
from custode.kernel.actor import Actor, ActorKind
from custode.kernel.address import whole
from custode.people.models import User

_ALERTS: Final = {MANY: gettext_lazy("Many at once"), ANY: gettext_lazy("In an alert")}


def rows(actor: Actor, query: QueryDict, ids: Sequence[int]) -> QuerySet[Any]:
    """Return the entries that a URL asks for; for admins of an edition that has the log.

    Raises:
        Refused: the edition does not show the log. This is logged.
    """
    edition = Account.objects.values_list("edition", flat=True).get(pk=actor.account_id)
    if not has(edition, Feature.SENSITIVE_ACTIONS):
        why = _("Sensitive actions are part of the Dream Team edition.")
        door.refuse(actor, Verb.EXPORT, kinds.LOG.name, why, because="edition")
    entries = found(Wanted.of(query), most=None)
    return entries.filter(seq__in=ids) if ids else entries


def words(_actor: Actor, query: QueryDict) -> str:
    """Return what a URL asks for, in words; "" for the whole log."""
    wanted = Wanted.of(query)
    parts = [
        str(VERBS[Verb(wanted.verb)]) if wanted.verb else "",
        str(kinds.named(wanted.kind).plural) if wanted.kind else "",
        _person(wanted.who),
        str(OUTCOMES[Outcome(wanted.outcome)]) if wanted.outcome else "",
        _("session %(number)s") % {"number": wanted.session} if wanted.session else "",
        _thing(wanted.thing),
        str(_ALERTS.get(wanted.alert, _("In this one alert"))) if wanted.alert else "",
        _("from %(day)s") % {"day": formats.date_format(wanted.since)} if wanted.since else "",
        _("to %(day)s") % {"day": formats.date_format(wanted.until)} if wanted.until else "",
    ]
    return ", ".join(filter(None, parts))


def _thing(thing: str) -> str:
    """Return one object by its number, since only some may see its name."""
    if not thing:
        return ""
    model, pk = object_log.found(thing)
    return _("%(what)s number %(n)s") % {"what": model.kind.singular, "n": pk}


def _person(who: str) -> str:
    kind, _colon, number = who.partition(":")
    if kind == ActorKind.USER:
        user = User.objects.filter(pk=whole(number)).first()
        return user.get_full_name() if user else ""
    return _("Custode") if kind == ActorKind.SYSTEM else (
        _("The operator of this installation") if kind == ActorKind.OPERATOR else ""
    )  # fmt: skip


def complaints(query: QueryDict) -> Sequence[str]:
    """Return what in a URL cannot be read: a file would contain more than was meant."""
    if Wanted.of(query).mistakes:
        return [_("Write a date like 2026-11-23; the other one was not taken into account.")]
    return []


def chosen(n: int) -> str:
    """Return the words for a number of entries chosen one by one."""
    return ngettext("%(n)s chosen entry", "%(n)s chosen entries", n) % {"n": n}
