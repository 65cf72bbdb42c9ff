"""Recent events: the entries that matter most, and a chart of the last days."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from custode.guard.alerts.facts import PICTURED
from custode.guard.alerts.models import Alert, Tally
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry, Outcome
from custode.kernel import clock
from custode.kernel.actor import ActorKind
from custode.web.figures.charts import Chart, Values, chart, steps
from custode.web.security import reading
from custode.web.security.alerts import reading as alerts
from custode.web.security.entries_by_day import facts
from custode.web.security.reading import Told, Wanted
from custode.web.shell.words import in_words, number

DAYS: Final = 7
FIVE: Final = 5
LOOKED_AT: Final = 300
"""The number of latest entries searched for important ones; and of deletions and of purges."""
ALERTS: Final = 100
"""The number of latest alerts whose first act is searched too."""
OF_AN_ALERT: Final = 5
"""The number of acts of an alert from which its representative is chosen."""
SHORTLISTED: Final = 60
"""The number of these candidates for which it is checked whether they are still in effect."""

_WEIGHTS: Final = {
    Verb.PURGE: 50, Verb.PRIVACY: 40, Verb.DELETE: 35, Verb.TWO_FACTOR: 25, Verb.USERS: 20,
    Verb.ACCOUNT: 20, Verb.KEYS: 20, Verb.BACKUP: 15, Verb.SESSIONS: 15, Verb.EXPORT: 15,
    Verb.RETIRE: 10, Verb.SIGN_IN: 10, Verb.IMPORT: 8, Verb.CHANGE: 6, Verb.RESTORE: 4,
    Verb.UNDO: 4,
}  # fmt: skip
_COUNTED: Final = {Verb.DELETE, Verb.EXPORT, Verb.CHANGE, Verb.IMPORT, Verb.PURGE}
_REFUSED, _IN_AN_ALERT, _PER_DIGIT, _PER_DAY, _TAKEN_BACK = 25, 40, 12, 3, 45
_ALIKE: Final = 2
"""The number of entries of one kind shown while other kinds wait; unlimited for what is lost."""
_TAKES: Final = {Verb.DELETE, Verb.PURGE}

SERIES: Final = {
    "deleted": gettext_lazy("Deletions"),
    "exported": gettext_lazy("Exports"),
    "refused": gettext_lazy("Refusals"),
}
_ASKED: Final = {"deleted": "verb=delete", "exported": "verb=export", "refused": "outcome=refused"}


@dataclass(frozen=True, slots=True)
class Cell:
    """A number in the table, with its link."""

    acts: int
    items: int
    url: str


@dataclass(frozen=True, slots=True)
class Day:
    """A row of the table."""

    words: str
    cells: list[Cell]


def that_matter() -> list[dict[str, Any]]:
    """Return the five most important entries of the last days, newest first.

    What was deleted and not restored comes before what was only attempted, or has been settled.
    """
    now = clock.now()
    entries = [entry for entry in _looked_at(now - timedelta(days=DAYS)) if _may_matter(entry)]
    marks = alerts.of_entries(entry.seq for entry in entries)
    weights = {one.seq: _weight(one, marks.get(one.seq), now) for one in entries}
    entries.sort(key=lambda entry: (-weights[entry.seq], -entry.seq))
    known = reading.told(_few_of_each_alert(entries, marks)[:SHORTLISTED])
    for one in known:
        if one.ended_by in {Verb.UNDO, Verb.RESTORE}:
            weights[one.entry.seq] -= _TAKEN_BACK
    known.sort(key=lambda one: (-weights[one.entry.seq], -one.entry.seq))
    five = sorted(_varied(_one_for_each(known, marks)), key=lambda one: -one.entry.seq)
    return [{**facts(o), **mark} for o, mark in zip(five, alerts.marks_of(five), strict=True)]


def _looked_at(since: datetime) -> list[LogEntry]:
    """Return the latest entries, deletions and alerts: no flood of one kind hides the others."""
    begun = Alert.objects.filter(last_at__gte=since).order_by("-pk")
    firsts = list(begun.values_list("first_seq", flat=True)[:ALERTS])
    sought = [
        reading.found(Wanted())[:LOOKED_AT],
        *(reading.found(Wanted(verb=verb, outcome=Outcome.DONE))[:LOOKED_AT] for verb in _TAKES),
        reading.found(Wanted()).filter(seq__in=firsts),
    ]
    found = {one.seq: one for entries in sought for one in entries if one.at >= since}
    return list(found.values())


def _few_of_each_alert(entries: list[LogEntry], marks: Mapping[int, Alert]) -> list[LogEntry]:
    """Keep the weightiest few acts of each alert, one of which will represent them all."""
    seen: Counter[int] = Counter()
    found = []
    for entry in entries:
        if (alert := marks.get(entry.seq)) is not None:
            seen[alert.pk] += 1
        if alert is None or seen[alert.pk] <= OF_AN_ALERT:
            found.append(entry)
    return found


def _one_for_each(entries: list[Told], marks: Mapping[int, Alert]) -> list[Told]:
    """Keep only the first act of each alert, which represents them all."""
    seen: set[int] = set()
    found = []
    for one in entries:
        alert = marks.get(one.entry.seq)
        if alert is None or alert.pk not in seen:
            found.append(one)
        if alert is not None:
            seen.add(alert.pk)
    return found


def _varied(entries: list[Told]) -> list[Told]:
    """Return five entries: a third one of the same kind only if there are no others."""
    alike: Counter[tuple[str, str]] = Counter()
    first: list[Told] = []
    later: list[Told] = []
    for one in entries:
        sort = one.entry.verb, one.entry.outcome
        alike[sort] += 1
        takes = one.entry.verb in _TAKES and one.entry.outcome == Outcome.DONE
        (first if takes or alike[sort] <= _ALIKE else later).append(one)
    return [*first, *later][:FIVE]


def _may_matter(entry: LogEntry) -> bool:
    by_itself = entry.actor_kind == ActorKind.SYSTEM and entry.outcome != Outcome.REFUSED
    return entry.verb in _WEIGHTS and entry.outcome != Outcome.STARTED and not by_itself


def _weight(entry: LogEntry, alert: Alert | None, now: datetime) -> float:
    weight = (_IN_AN_ALERT if alert else 0) - _PER_DAY * ((now - entry.at) / timedelta(days=1))
    if entry.outcome == Outcome.REFUSED:
        return weight + _REFUSED
    weight += _WEIGHTS[Verb(entry.verb)]
    if entry.verb in _COUNTED:
        # An alert includes what was deleted along, and what all of its acts concerned together.
        concerned = max(entry.count, alert.items if alert else 0, 1)
        weight += _PER_DIGIT * math.log10(concerned)
    return weight


def days() -> tuple[Chart, list[Day]]:
    """Return the chart of the last days, and the table beside it, latest day first."""
    today = timezone.localdate(clock.now())
    shown = [today - timedelta(days=n) for n in reversed(range(DAYS))]
    sums = _sums(shown[0])
    groups = [
        Values(
            in_words(day, pgettext("short day of the week", "D")),
            [sums.get((day, what), (0, 0))[0] for what in PICTURED],
            [_said(day, what, sums) for what in PICTURED],
        )
        for day in shown
    ]
    largest = max(value for group in groups for value in group.values)
    scale = [(value, number(value)) for value in steps(largest)]
    title = _("Deletions, exports and refusals of the last seven days")
    rows = [Day(_day_words(day), _cells(day, sums)) for day in reversed(shown)]
    return chart(title, groups, scale), rows


Sums = Mapping[tuple[date, str], tuple[int, int]]


def _sums(first: date) -> Sums:
    """Return the number of acts and objects of each kind per day, in the person's time zone."""
    since = timezone.make_aware(datetime.combine(first, time.min))
    sums: dict[tuple[date, str], tuple[int, int]] = {}
    for row in Tally.objects.filter(hour__gte=since):
        key = timezone.localdate(row.hour), row.what
        acts, items = sums.get(key, (0, 0))
        sums[key] = acts + row.acts, items + row.items
    return sums


def _said(day: date, what: str, sums: Sums) -> str:
    acts, _items = sums.get((day, what), (0, 0))
    return f"{_day_words(day)}, {SERIES[what]}: {number(acts)}"


def _cells(day: date, sums: Sums) -> list[Cell]:
    found = []
    for what in PICTURED:
        acts, items = sums.get((day, what), (0, 0))
        url = f"{reverse('security')}?{_ASKED[what]}&since={day}&until={day}" if acts else ""
        found.append(Cell(acts, items, url))
    return found


def _day_words(day: date) -> str:
    return in_words(day, pgettext("format of a day in a table", "D j M"))
