"""Read alerts with what their display needs: a page of them in the same few queries."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.utils.safestring import SafeString

from custode.guard.alerts.models import Alert, AlertAct
from custode.guard.alerts.rules import Rule
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry, Outcome
from custode.kernel.address import actor_key, whole
from custode.people import alerting
from custode.signin.devices import device
from custode.web.security import reading
from custode.web.security.alerts import words
from custode.web.security.reading import Told
from custode.web.security.sentences import sentence

PAGE: Final = 25
STATES: Final = ("open", "acknowledged", "all")
_WITH_WAY_BACK: Final = (Verb.DELETE, Verb.UNDO, Verb.IMPORT, Verb.CHANGE, Verb.RETIRE)
_LOOKED_AT: Final = 500
"""The number of acts of a page's alerts, newest first, checked for one that can be undone."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filter in the address; unknown values are ignored."""

    state: str = "open"
    rule: str = ""
    who: str = ""
    before: int = 0

    @classmethod
    def of(cls, query: Mapping[str, str], rules: Mapping[str, Rule]) -> Wanted:
        """Return the filter in a request's parameters."""
        state, rule = query.get("state", ""), query.get("rule", "")
        return cls(
            state if state in STATES else "open",
            rule if rule in rules else "",
            actor_key(query.get("who", "")),
            whole(query.get("before", "")),
        )

    @property
    def is_narrow(self) -> bool:
        """Tell whether more than a state is filtered by."""
        return bool(self.rule or self.who)


@dataclass(frozen=True, slots=True)
class Shown:
    """An alert as a row shows it.

    Args:
        rules: the names of the rules that were met.
        latest: the latest act's sentence; "" if it is not shown.
    """

    it: Alert
    icon: str
    headline: SafeString
    rules: list[str]
    latest: SafeString | str
    device: str
    ip: str


def found(wanted: Wanted) -> QuerySet[Alert]:
    """Return the matching alerts of the account in scope, newest first."""
    rows = Alert.objects.order_by("-pk")
    if wanted.state != "all":
        rows = rows.filter(acknowledged_at__isnull=wanted.state == "open")
    if wanted.rule:
        rows = rows.filter(Q(rule=wanted.rule) | Q(also__contains=f" {wanted.rule} "))
    if wanted.who:
        kind, _colon, pk = wanted.who.partition(":")
        rows = rows.filter(actor_kind=kind, actor_id=whole(pk) or None)
    if wanted.before:
        rows = rows.filter(pk__lt=wanted.before)
    return rows


def shown(alerts: Iterable[Alert], rules: Mapping[str, Rule]) -> list[Shown]:
    """Return the alerts in words, each with its latest act."""
    alerts = list(alerts)
    latest = acts_told([alert.last_seq for alert in alerts])
    return [_shown(alert, latest.get(alert.last_seq), rules) for alert in alerts]


def acts_told(seqs: Iterable[int]) -> dict[int, Told]:
    """Return the entries with these numbers, with their facts."""
    entries = list(LogEntry.objects.filter(seq__in=set(seqs)).order_by("seq"))
    return {one.entry.seq: one for one in reading.told(entries)}


def _shown(alert: Alert, act: Told | None, rules: Mapping[str, Rule]) -> Shown:
    person: Mapping[str, Any] = act.person if act else {}
    return Shown(
        alert,
        words.ICONS.get(alert.rule, "bell"),
        words.headline(alert, act, rules),
        [words.name_of(key, rules) for key in alert.keys],
        sentence(act) if act else "",
        str(device(str(person.get("device") or ""))),
        str(person.get("ip") or ""),
    )


def open_ones(most: int) -> list[Alert]:
    """Return the latest open alerts."""
    return list(Alert.objects.filter(acknowledged_at=None).order_by("-pk")[:most])


def rules_of(account_id: int) -> dict[str, Rule]:
    """Return the rules of the account in scope, by key."""
    return alerting.of_account(account_id)


def marks_of(known: Collection[Told]) -> list[dict[str, Any]]:
    """Return each entry's latest alert, and whether any of its acts can still be undone."""
    alerts = of_entries(one.entry.seq for one in known)
    open_ones = _undoable(alerts, known)
    return [
        {
            "alert": (alert := alerts.get(one.entry.seq)),
            "goes": bool(alert and alert.pk in open_ones),
        }
        for one in known
    ]


def _undoable(alerts: Mapping[int, Alert], known: Collection[Told]) -> set[int]:
    """Return the alerts with an act that can be undone; a single act has its own undo.

    Args:
        alerts: alerts by the number of an entry.
        known: the entries already read, which are checked first.
    """
    found = {alerts[o.entry.seq].pk for o in known if o.undoable and o.entry.seq in alerts}
    left = {one.pk for one in alerts.values() if one.acts > 1} - found
    if not left:
        return found
    acts = AlertAct.objects.filter(alert_id__in=left).order_by("-seq")
    of: dict[int, set[int]] = {}
    for seq, pk in acts.values_list("seq", "alert_id")[:_LOOKED_AT]:
        of.setdefault(seq, set()).add(pk)
    rows = LogEntry.objects.filter(seq__in=of, verb__in=_WITH_WAY_BACK, outcome=Outcome.DONE)
    for one in reading.told(list(rows)) if rows else ():
        if one.undoable:
            found |= of[one.entry.seq]
    return found


def of_entries(seqs: Iterable[int]) -> dict[int, Alert]:
    """Return the latest alert that contains each of these entries."""
    acts = AlertAct.objects.filter(seq__in=set(seqs)).select_related("alert").order_by("pk")
    return {act.seq: act.alert for act in acts}
