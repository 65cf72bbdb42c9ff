"""Filters of the log as URL parameters, so that a filter can be shared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language

from custode.guard import kinds, object_log
from custode.guard.alerts.models import AlertAct
from custode.guard.alerts.rules import MANY
from custode.guard.kinds import Verb
from custode.guard.logged import AS_A_USER
from custode.guard.models import LogEntry, Outcome
from custode.kernel.actor import ActorKind
from custode.kernel.address import actor_key, asked_day, whole

ANY: Final = "any"
"""The value of the alert filter that matches any alert."""
MOST_ACTS: Final = 5_000
"""The most acts in alerts that a filter covers at once, the latest first; others are paged."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter of the log, as requested in a URL; unknown values are ignored.

    Args:
        session: what was done in one session, by its number.
        thing: what was done to one object, as `kind:number`.
        alert: what is in an alert: `any`, `many` (at once), or an alert's number.
        before, after: only entries older, or newer, than the entry of this number.
        mistakes: the date fields that hold no valid day.
        unknown: the names of other parameters whose values do not exist.
    """

    verb: str = ""
    kind: str = ""
    who: str = ""
    outcome: str = ""
    session: int = 0
    thing: str = ""
    alert: str = ""
    since: date | None = None
    until: date | None = None
    before: int = 0
    after: int = 0
    mistakes: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Wanted:
        """Return the filter that a request's parameters describe."""
        known = {kinds.LOG.name, *(model.kind.name for model in kinds.all_models())}
        mistakes: list[str] = []
        wanted = cls(
            verb=_one_of(query.get("verb", ""), set(Verb)),
            kind=_one_of(query.get("kind", ""), known),
            who=actor_key(query.get("who", "")),
            outcome=_one_of(query.get("outcome", ""), set(Outcome.values)),
            session=whole(query.get("session", "")),
            thing=object_log.read(query.get("object", "")),
            alert=_alert(query.get("alert", "")),
            since=asked_day(query, "since", mistakes),
            until=asked_day(query, "until", mistakes),
            before=whole(query.get("before", "")),
            after=whole(query.get("after", "")),
            mistakes=mistakes,
        )
        understood = {"object": wanted.thing, "session": wanted.session}
        for name in ("verb", "kind", "who", "outcome", "alert", "session", "object"):
            if query.get(name, "").strip() and not understood.get(name, getattr(wanted, name, "")):
                wanted.unknown.append(name)
        return wanted

    @property
    def is_narrow(self) -> bool:
        """Whether anything but a page is asked for."""
        asked = (self.verb, self.kind, self.who, self.outcome, self.session, self.thing, self.alert)
        return any((*asked, self.since, self.until))


def _alert(text: str) -> str:
    return text if text in {ANY, MANY} or whole(text) else ""


def _one_of(text: str, known: set[str]) -> str:
    return text if text in known else ""


def start_of(day: date) -> datetime:
    """Return when a day begins, by the user's clock."""
    return timezone.make_aware(datetime.combine(day, time.min))


def found(wanted: Wanted, most: int | None = MOST_ACTS) -> QuerySet[LogEntry]:
    """Return the matching entries of the account in scope, the latest first.

    Days are filtered by time, which has an index: numbers follow it, except where a clock was set
    back.

    The beginning of an export or import is represented by its end, once there is one.

    Args:
        most: the maximum number of entries in alerts; None for all of them.
    """
    by_day = bool(wanted.since or wanted.until)
    entries = LogEntry.objects.order_by(*(("-at", "-seq") if by_day else ("-seq",)))
    end = LogEntry.objects.filter(
        account_id=OuterRef("account_id"), about=OuterRef("seq"), verb=OuterRef("verb")
    )
    entries = entries.exclude(Q(Exists(end)), outcome=Outcome.STARTED)
    for name in ("verb", "kind", "outcome"):
        if value := getattr(wanted, name):
            entries = entries.filter(**{name: value})
    entries = _by(wanted, entries)
    if wanted.thing:
        entries = entries.filter(seq__in=object_log.acts_on(wanted.thing))
    if wanted.alert:
        entries = entries.filter(seq__in=_in_alerts(wanted.alert, wanted.before, most))
    if wanted.since:
        entries = entries.filter(at__gte=start_of(wanted.since))
    if wanted.until:
        entries = entries.filter(at__lt=start_of(wanted.until + timedelta(days=1)))
    if wanted.after:
        entries = entries.filter(seq__gt=wanted.after)
    if wanted.before:
        entries = entries.filter(_older(wanted.before) if by_day else Q(seq__lt=wanted.before))
    return entries


def _by(wanted: Wanted, entries: QuerySet[LogEntry]) -> QuerySet[LogEntry]:
    """Return the entries of a person, an application, or a session."""
    if wanted.who:
        actor_kind, _, actor_id = wanted.who.partition(":")
        number = whole(actor_id)
        entries = entries.filter(done_by(actor_kind, number or None))
        if not number and not (wanted.since or wanted.until):
            # The order of the index; PostgreSQL does not see that "is null" leaves nothing to sort.
            entries = entries.order_by("actor_id", "-seq")
    if wanted.session:
        # The index contains only entries with a session; SQLite needs that stated.
        entries = entries.filter(session=str(wanted.session)).exclude(session="")
    return entries


def done_by(actor_kind: str, actor_id: int | None) -> Q:
    """Return the condition on entries of an actor in the account in scope.

    For an application this includes what it did on users' behalf; for a user, what applications did
    on theirs.
    """
    own = Q(actor_kind=actor_kind, actor_id=actor_id)
    if actor_kind != ActorKind.KEY or actor_id is None:
        return own
    told = f'"as_key":{actor_id}'
    named = LogEntry.objects.filter(
        AS_A_USER, Q(details__contains=f"{told},") | Q(details__contains=f"{told}}}")
    )
    # Few keys ever act as users; what the others did is in one index, in its order.
    return own | Q(seq__in=named.values("seq")) if named.exists() else own


def _in_alerts(asked: str, before: int, most: int | None) -> list[int]:
    """Return the numbers of entries in any alert, in one about many at once, or in one alert.

    Numbers rather than a subquery, for which a database would read the whole log.
    """
    acts = AlertAct.objects.order_by("-seq")
    if asked == MANY:
        acts = acts.filter(Q(alert__rule=MANY) | Q(alert__also__contains=f" {MANY} "))
    elif asked != ANY:
        acts = acts.filter(alert_id=whole(asked))
    if before:
        acts = acts.filter(seq__lt=before)
    return list(acts.values_list("seq", flat=True)[:most])


def filter_of(person: Mapping[str, Any]) -> str:
    """Return the filter of an export in the reader's language, from an entry's personal data.

    A filter that was logged in a single language is returned as it is.
    """
    told = person.get("filter")
    if not isinstance(told, dict):
        return str(told or "")
    return str(told.get(get_language() or "") or next(iter(told.values()), ""))


def _older(seq: int) -> Q:
    """Return the condition on entries that are below the one of this number, by time."""
    at = LogEntry.objects.filter(seq=seq).values_list("at", flat=True).first()
    if at is None:
        return Q(seq__lt=seq)
    # The first condition is there for the index.
    return Q(at__lte=at) & (Q(at__lt=at) | Q(seq__lt=seq))
