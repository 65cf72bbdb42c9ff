"""Erases personal data from the log permanently: the entries stay, and their chain stays valid."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from custode.guard import erasures, kinds, lock, log
from custode.guard.door.acts import Act, authorized
from custode.guard.kinds import Verb
from custode.guard.models import Alert, LogEntry, LogPerson, Outcome
from custode.guard.refusals import Attempt
from custode.kernel.actor import Actor, ActorKind
from custode.kernel.errors import Gone

ABOUT_PEOPLE = (Verb.USERS, Verb.SIGN_IN, Verb.TWO_FACTOR, Verb.SESSIONS)
"""The verbs of acts that concern a person, and name them."""


def erase_person(actor: Actor, user_id: int, names: Sequence[str], *, reason: str = "") -> Act:
    """Erase who a user was from all that they did, and from the acts that concerned them.

    Args:
        names: the names the user had; acts of others that concern one of these names lose their
            personal data too. The entry of this act names nobody.

    Raises:
        Gone: nothing is left to erase.
    """
    of = (ActorKind.USER.value, user_id)
    with authorized(actor, Verb.ERASE, tried=Attempt(1, {"of": list(of)}, reason=reason)):
        upto = log.hold(actor.account_id).seq
        own = Q(actor_kind=of[0], actor_id=of[1], seq__lte=upto)
        others = LogEntry.objects.exclude(own)
        called = {*_before(names), *_acting(own)}
        alerts = Alert.objects.filter(
            Q(actor_kind=of[0], actor_id=of[1]) | Q(acknowledged_by__in=called)
        )
        named = _concerning(others, called)
        noted = _noted_of(others, set(alerts.values_list("pk", flat=True)))
        concerned = sorted({*named, *noted, *_given(others, user_id)})
        details = {"of": list(of), "upto": upto, "entries": list(ranges(concerned))}
        persons = [_persons(own), *_by_numbers(concerned)]
        act = _erase(actor, persons, details, reason)
        with lock.opened(f"erase:{actor.account_id}"):
            alerts.update(
                note="",
                acknowledged_by=Case(
                    When(acknowledged_by__in=called, then=Value("")), default=F("acknowledged_by")
                ),
            )
        return act


def erase_entry(actor: Actor, seq: int, *, reason: str = "") -> Act:
    """Erase the personal data of one entry, and of entries that belong to the same act.

    Raises:
        Gone: there is no such entry, or its personal data was erased before.
    """
    with authorized(actor, Verb.ERASE, tried=Attempt(1, {"entries": [[seq, seq]]}, reason=reason)):
        log.hold(actor.account_id)
        entry = LogEntry.objects.filter(seq=seq).first()
        if entry is None:
            raise Gone(_("There is no such act."))
        # An export or import is recorded by its beginning, its end and its downloads.
        start = entry.about or seq
        act = LogEntry.objects.filter(Q(seq=start) | Q(about=start), verb=entry.verb)
        numbers = sorted({seq, *act.values_list("seq", flat=True)})
        details = {"entries": list(ranges(numbers))}
        return _erase(actor, list(_by_numbers(numbers)), details, reason)


def _erase(
    actor: Actor, persons: Sequence[QuerySet[LogPerson]], details: Mapping[str, Any], reason: str
) -> Act:
    count = sum(rows.count() for rows in persons)
    if not count:
        raise Gone(_("There are no personal data left to be erased."))
    noted = log.write(actor, Verb.ERASE, count=count, details=details, reason=reason)
    with lock.opened(f"erase:{actor.account_id}"):
        for rows in persons:
            # Django's own deletion would read them all first.
            rows._raw_delete(rows.db)
    erasures.tell(noted)
    return Act(count, noted.seq)


def _persons(condition: Q) -> QuerySet[LogPerson]:
    return LogPerson.objects.filter(seq__in=LogEntry.objects.filter(condition).values("seq"))


def _by_numbers(numbers: Sequence[int]) -> Iterator[QuerySet[LogPerson]]:
    """Yield queries in chunks small enough for every database's parameter limit."""
    for start in range(0, len(numbers), 500):
        yield LogPerson.objects.filter(seq__in=numbers[start : start + 500])


def _before(names: Sequence[str]) -> set[str]:
    """Return these names and all that preceded them, by the acts that renamed somebody."""
    renamed = LogEntry.objects.filter(
        verb=Verb.USERS, outcome=Outcome.DONE, details__contains='"renamed":true'
    )
    called = set(names)
    for row in LogPerson.objects.filter(seq__in=renamed.values("seq")).order_by("-seq"):
        now, *before = _labels(row) or [""]
        if now in called:
            called.update(before)
    return called


def _acting(own: Q) -> set[str]:
    """Return the names somebody had when they acted first and last."""
    latest = LogEntry.objects.filter(own).order_by("-seq").values("seq")[:1]
    first = LogEntry.objects.filter(own).order_by("seq").values("seq")[:1]
    rows = LogPerson.objects.filter(Q(seq__in=latest) | Q(seq__in=first))
    return {str(name) for name in (_read(row.data).get("actor") for row in rows) if name}


def _concerning(entries: QuerySet[LogEntry], names: set[str]) -> Iterator[int]:
    """Yield the entries about people that name one of them."""
    about = entries.filter(verb__in=ABOUT_PEOPLE).exclude(outcome=Outcome.STARTED)
    rows = LogPerson.objects.filter(seq__in=about.values("seq"))
    for row in rows.iterator(chunk_size=1000):
        if names.intersection(_labels(row)):
            yield row.seq


def _labels(row: LogPerson) -> list[str]:
    return [str(one) for one in _read(row.data).get("labels") or ()]


def _given(entries: QuerySet[LogEntry], user_id: int) -> Iterator[int]:
    """Yield other people's entries that record what was assigned to the user."""
    fields = {
        b.field for model in kinds.all_models() for b in model.kind.bulk if b.transfers_ownership
    }
    told = entries.filter(verb=Verb.CHANGE, details__contains=f'"to":{user_id}')
    for seq, details in told.values_list("seq", "details"):
        facts = _read(details)
        # Details hold more where an application acts as somebody.
        if facts.get("field") in fields and facts.get("to") == user_id:
            yield seq


def _noted_of(entries: QuerySet[LogEntry], alerts: set[int]) -> Iterator[int]:
    """Yield the entries by which somebody noted something about one of these alerts."""
    told = entries.filter(verb=Verb.ALERT).exclude(outcome=Outcome.REFUSED)
    for seq, details, count in told.values_list("seq", "details", "count"):
        acknowledged = _read(details).get("acknowledged") or ()
        # For many objects at once the entry names only the first.
        if alerts and (alerts.intersection(acknowledged) or count > len(acknowledged)):
            yield seq


def _read(data: str) -> Mapping[str, Any]:
    try:
        found = json.loads(data)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def ranges(numbers: Iterable[int]) -> Iterator[list[int]]:
    """Yield ascending numbers as `[first, last]` ranges of consecutive numbers."""
    held: list[int] = []
    for number in numbers:
        if held and number == held[1] + 1:
            held[1] = number
            continue
        if held:
            yield held
        held = [number, number]
    if held:
        yield held
