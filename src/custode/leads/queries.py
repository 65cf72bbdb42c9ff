"""Which leads an actor sees: everything that shows leads starts here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any, Final

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from custode.activities import search
from custode.fields import values as fields
from custode.guard.search_texts import saying
from custode.kernel import clock, money
from custode.kernel.actor import Actor
from custode.kernel.text import fold, whole_address
from custode.leads import sight
from custode.leads.filters import LONGEST, MINE, NOBODY, Days, Filter
from custode.leads.models import OPEN, Lead, LeadTag

Leads = QuerySet[Lead, Lead]
NEXT_DAYS: Final = 7
"""How many days after today count as next."""
BY_HOUR: Final = (F("remind_time").asc(nulls_last=True),)
"""The order of reminders on one day: by hour, those without one last."""


def visible(actor: Actor) -> Leads:
    """Return the living leads of the account that the actor sees."""
    return Lead.objects.filter(sight.sees(actor))


def matching(actor: Actor, wanted: Filter) -> Leads:
    """Return the leads an actor sees that match a filter."""
    rows = visible(actor).filter(_plain(wanted), _dates(wanted), _reminder(wanted.reminder))
    if wanted.owners:
        rows = rows.filter(_owners(actor, wanted.owners))
    if wanted.own:
        rows = rows.filter(fields.having(Lead.kind.name, wanted.own))
    words = fold(wanted.q).split()
    for word in words:
        rows = rows.filter(pk__in=_saying(actor, words, word))
    for tag in wanted.tags:
        rows = rows.filter(Exists(LeadTag.objects.filter(lead=OuterRef("pk"), tag_id=tag)))
    return rows


def speaking_of(actor: Actor, address: str) -> Leads:
    """Return the leads an actor sees that contain an e-mail address, in them or their comments.

    As a whole, not as part of a longer one: a check before creating a lead must not find a
    stranger.
    """
    told = fold(address)
    if "@" not in told or len(told.split()) != 1 or len(told) > LONGEST:
        return Lead.objects.none()
    whole = {"searched__contains": told, "searched__regex": whole_address(told)}
    found: QuerySet[Any] = Lead.objects.filter(**whole).order_by().values("pk")
    said = (search.with_address(actor, told, what, about="lead") for what in search.SAID)
    return visible(actor).filter(
        pk__in=found.union(*(rows.order_by().values("lead") for rows in said))
    )


def _saying(actor: Actor, words: list[str], word: str) -> QuerySet[Any]:
    """Return the leads with a search word in their texts, tags, comments or e-mails.

    As one set: with conditions joined by OR, PostgreSQL would scan everything that the comments
    find once for each lead, as soon as it exceeds the working memory.
    """
    found = Lead.objects.filter(saying(word)).order_by().values("pk")
    ways: list[QuerySet[Any, Any]] = [
        LeadTag.objects.filter(tag__folded__contains=word).values("lead")
    ]
    for what in search.SAID:
        said = search.saying(actor, words, word, what=what, about="lead")
        if said is not None:
            ways.append(said.order_by().values("lead"))
    return found.union(*ways)


def _plain(wanted: Filter) -> Q:
    found = Q()
    if wanted.pipeline is not None:
        found &= Q(step__pipeline=wanted.pipeline)
    if wanted.steps:
        found &= Q(step__in=wanted.steps)
    if wanted.statuses:
        found &= Q(status__in=wanted.statuses)
    if wanted.starred:
        found &= Q(starred=True)
    if wanted.arrived is not None:
        found &= Q(arrived=wanted.arrived)
    if wanted.folder is not None:
        found &= Q(client_folder=wanted.folder)
    if wanted.amount_from is not None:
        found &= _amount("gte", wanted.amount_from)
    if wanted.amount_to is not None:
        found &= _amount("lte", wanted.amount_to)
    return found


def _amount(compare: str, amount: Decimal) -> Q:
    """Return a comparison in the main unit, whatever a currency's minor unit is.

    Fractions of a minor unit count: from 1.005 on, 1.00 is too little.
    """
    usual, found = Q(), Q()
    way = ROUND_CEILING if compare == "gte" else ROUND_FLOOR

    def than(exponent: int) -> Q:
        minor = amount.scaleb(exponent).to_integral_value(way)
        return Q(**{f"amount_minor__{compare}": int(minor)})

    for exponent, currencies in money.unusual().items():
        among = Q(currency__in=currencies)
        usual &= ~among
        found |= among & than(exponent)
    return found | (usual & than(2))


def _owners(actor: Actor, owners: Iterable[str]) -> Q:
    ids = {actor.user_id if who == MINE else int(who) for who in owners if who != NOBODY}
    found = Q(owner__in=ids - {None})
    return found | Q(owner=None) if NOBODY in owners else found


def _dates(wanted: Filter) -> Q:
    return (
        _moments("created_at", wanted.created)
        & _moments("closed_at", wanted.closed)
        & _days("estimated_closing_date", wanted.closing)
        & (Q(estimated_closing_date=None) if wanted.undated else Q())
    )


def _days(column: str, days: Days) -> Q:
    found = Q()
    if days.first:
        found &= Q(**{f"{column}__gte": days.first})
    if days.last:
        found &= Q(**{f"{column}__lte": days.last})
    return found


def _moments(column: str, days: Days) -> Q:
    """Return the condition on days in the user's time zone, from midnight to midnight."""
    found = Q()
    if days.first:
        found &= Q(**{f"{column}__gte": _midnight(days.first)})
    if days.last:
        found &= Q(**{f"{column}__lt": _midnight(days.last + timedelta(days=1))})
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), timezone.get_current_timezone())


def today() -> date:
    """Return today's date in the user's time zone."""
    return clock.now().astimezone(timezone.get_current_timezone()).date()


def _reminder(which: str) -> Q:
    day = today()
    if which == "overdue":
        return Q(status__in=OPEN, remind_date__lt=day)
    if which == "today":
        return Q(status__in=OPEN, remind_date=day)
    if which == "next":
        last = day + timedelta(days=NEXT_DAYS)
        return Q(status__in=OPEN, remind_date__gt=day, remind_date__lte=last)
    if which == "none":
        return Q(remind_date=None)
    return Q()
