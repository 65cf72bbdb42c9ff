"""Which entries of the log an address asks for, so that a filter can be shared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language

from custode.guard import kinds, things
from custode.guard.alerts.models import AlertAct
from custode.guard.alerts.rules import MANY
from custode.guard.kinds import Verb
from custode.guard.logged import AS_A_USER
from custode.guard.models import LogEntry, Outcome
from custode.kernel.actor import ActorKind
from custode.kernel.address import actor_key, asked_day, whole

ANY: Final = "any"
"""Of alerts: whichever."""
MOST_ACTS: Final = 5_000
"""Acts in alerts that the log is narrowed to at once, the latest; older ones are further pages."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address asks for; unknown values mean nothing is asked.

    Args:
        session: what was done in one session, by its number.
        thing: what was done to one object, as `kind:number`.
        alert: what is in an alert: `any`, `many` (at once), or an alert's number.
        before, after: only what is older, or newer, than the entry of this number.
        mistakes: which days are none.
        unknown: what else the address asks for that does not exist, by its name.
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
        """What a request's parameters ask for."""
        known = {kinds.LOG.name, *(model.kind.name for model in kinds.all_models())}
        mistakes: list[str] = []
        wanted = cls(
            verb=_one_of(query.get("verb", ""), set(Verb)),
            kind=_one_of(query.get("kind", ""), known),
            who=actor_key(query.get("who", "")),
            outcome=_one_of(query.get("outcome", ""), set(Outcome.values)),
            session=whole(query.get("session", "")),
            thing=things.read(query.get("object", "")),
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
    """When a day begins, by the clock of whoever asks."""
    return timezone.make_aware(datetime.combine(day, time.min))


def found(wanted: Wanted, most: int | None = MOST_ACTS) -> QuerySet[LogEntry]:
    """The entries of the account in scope that fit, the latest first.

    Days are looked for in the order of time, in which an index knows them: numbers follow it, but
    where a clock was set back.

    The beginning of an export or import is told by its end, once there is one.

    Args:
        most: of entries in alerts, so many at once; None for all of them.
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
        entries = entries.filter(seq__in=things.acts_on(wanted.thing))
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
    """Of the entries those of a person or an application, or of a session."""
    if wanted.who:
        actor_kind, _, actor_id = wanted.who.partition(":")
        number = whole(actor_id)
        entries = entries.filter(done_by(actor_kind, number or None))
    if wanted.session:
        # The index knows only entries that name a session; SQLite wants that said.
        entries = entries.filter(session=str(wanted.session)).exclude(session="")
    return entries


def done_by(actor_kind: str, actor_id: int | None) -> Q:
    """What somebody did in the account in scope; of an application, what it did as users too.

    Of a user it is also what applications did in that name.
    """
    own = Q(actor_kind=actor_kind, actor_id=actor_id)
    if actor_kind != ActorKind.KEY or actor_id is None:
        return own
    told = f'"as_key":{actor_id}'
    named = LogEntry.objects.filter(
        AS_A_USER, Q(details__contains=f"{told},") | Q(details__contains=f"{told}}}")
    )
    # Few keys ever act as users; what the others did, one index has in its order.
    return own | Q(seq__in=named.values("seq")) if named.exists() else own


def _in_alerts(asked: str, before: int, most: int | None) -> list[int]:
    """The entries in any alert, in one about many at once, or in one alone.

    Their numbers rather than a subquery: a database that reads the log to find them reads it all.
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
    """The filter of an export in the reader's language, from an entry's personal data.

    One that was noted in a single language stands as it was noted.
    """
    told = person.get("filter")
    if not isinstance(told, dict):
        return str(told or "")
    return str(told.get(get_language() or "") or next(iter(told.values()), ""))


def _older(seq: int) -> Q:
    """What stands below the entry of this number, in the order of time."""
    at = LogEntry.objects.filter(seq=seq).values_list("at", flat=True).first()
    if at is None:
        return Q(seq__lt=seq)
    # The first term is said for the index.
    return Q(at__lte=at) & (Q(at__lt=at) | Q(seq__lt=seq))
