"""Judges new log entries: decides which acts raise alerts, and saves how far it got.

Both happen in one transaction. Acts are added up by actor. An act that newly meets a rule opens an
alert; later acts of the same actor join it while the alert is open and recent. An act that is
already in an alert of a rule no longer counts for that rule.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import F, Q, QuerySet, Subquery
from django.db.models.expressions import OuterRef

from custode.guard import lock, logbook, ports
from custode.guard.alerts import facts, letters, marks, rules
from custode.guard.alerts.facts import Fact
from custode.guard.alerts.findings import MOST_OPEN, Findings
from custode.guard.alerts.models import Alert, AlertAct, Tally, Watched
from custode.guard.alerts.rules import Ended, Rule
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry, LogHead, Outcome
from custode.kernel import clock, scope

logger = logging.getLogger("custode.guard")

CHUNK: Final = 500
"""The number of entries judged in one transaction."""
FARTHEST: Final = 5_000
"""The maximum number of an actor's entries looked back on; more than that meets any rule."""


def word(account_id: int) -> str:
    """Return the door's word under which an account's alerts may be written."""
    return f"{Verb.ALERT}:{account_id}"


def look() -> int:
    """Judge the new entries of all accounts and return how many there were.

    An error in one account does not stop the others; it is raised at the end.
    """
    done, wrong = 0, list[Exception]()
    for account_id in _waiting():
        try:
            done += judge(account_id)
        except Exception as error:
            logger.exception("The log of account %s could not be judged", account_id)
            wrong.append(error)
    if wrong:
        raise wrong[0]
    return done


def _waiting() -> list[int]:
    """Return the accounts with new log entries, and those with letters that are due."""
    quiet = clock.now() - letters.QUIET
    with scope.everywhere("which accounts have something to judge"):
        seen = Watched.objects.filter(account_id=OuterRef("account_id")).values("seq")[:1]
        ahead = LogHead.objects.annotate(seen=Subquery(seen)).filter(
            Q(seen=None, seq__gt=0) | Q(seq__gt=F("seen"))
        )
        untold = Alert.objects.filter(untold__gt=0).exclude(told_at__gt=quiet)
        return sorted(
            {*ahead.values_list("account_id", flat=True),
             *untold.values_list("account_id", flat=True)}
        )  # fmt: skip


def judge(account_id: int) -> int:
    """Judge the new entries of an account's log, and make the letters that are due.

    Returns:
        The number of entries judged.
    """
    done = 0
    while True:
        with (
            scope.account(account_id),
            transaction.atomic(durable=True),
            lock.opened(word(account_id)),
        ):
            count = _judge_some(account_id)
            if count < CHUNK:
                letters.make(account_id)
        done += count
        if count < CHUNK:
            return done


def _judge_some(account_id: int) -> int:
    watched, _ = Watched.objects.select_for_update().get_or_create(account_id=account_id)
    entries = list(LogEntry.objects.filter(seq__gt=watched.seq).order_by("seq")[:CHUNK])
    if not entries:
        return 0
    found = facts.read(entries)
    _tally(account_id, found)
    if ports.advanced_security(account_id):
        _Judge(account_id).judge(found)
    watched.seq = entries[-1].seq
    watched.save(update_fields=["seq"])
    return len(entries)


def _tally(account_id: int, found: Sequence[Fact]) -> None:
    for (hour, what), (acts, items) in facts.tallies(found).items():
        row, _ = Tally.objects.get_or_create(account_id=account_id, hour=hour, what=what)
        Tally.objects.filter(pk=row.pk).update(acts=F("acts") + acts, items=F("items") + items)


class _Judge:
    """Applies an account's rules to some entries of its log, in order."""

    def __init__(self, account_id: int) -> None:
        self._rules = [rule for rule in rules.of_account(account_id) if rule.is_on]
        self._findings = Findings(account_id)
        self._windows: dict[tuple[str, str, int | None], _Window] = {}

    def judge(self, found: Sequence[Fact]) -> None:
        """Judge these facts in order, and save the resulting alerts."""
        for fact in found:
            self._judge(fact)
        self._findings.save()

    def _judge(self, fact: Fact) -> None:
        fresh: dict[tuple[str, int | None], list[tuple[Rule, list[Fact]]]] = {}
        for rule in self._rules:
            if not rule.fits(fact):
                continue
            if rule.within == 0 and rule.amount(fact) < rule.at_least:
                continue
            if gathering := self._findings.gathering(rule, fact):
                self._findings.join(gathering, fact)
            elif acts := self._met(rule, fact):
                fresh.setdefault(rule.whose(fact), []).append((rule, acts))
        for (first, acts), *others in fresh.values():
            self._findings.open(first, [rule.key for rule, _acts in others], acts)

    def _met(self, rule: Rule, fact: Fact) -> list[Fact]:
        """Return the acts that meet the rule with this one; none when it is not met (yet)."""
        if rule.within == 0:
            return [fact]
        key = (rule.key, *rule.whose(fact))
        if key not in self._windows:
            self._windows[key] = _Window(rule, _before(rule, fact))
        return self._windows[key].met_with(fact)


class _Window:
    """One actor's recent acts that count for a rule."""

    def __init__(self, rule: Rule, before: Sequence[Fact]) -> None:
        self._rule, self._acts = rule, deque(before)
        self._sum = sum(rule.amount(fact) for fact in before)

    def met_with(self, fact: Fact) -> list[Fact]:
        """Add an act; return the acts that meet the rule, or none."""
        self._acts.append(fact)
        self._sum += self._rule.amount(fact)
        while self._acts[0].at < fact.at - self._rule.window:
            self._sum -= self._rule.amount(self._acts.popleft())
        if self._sum < self._rule.at_least:
            return []
        met = list(self._acts)
        self._acts.clear()
        self._sum = 0
        return met


def _before(rule: Rule, fact: Fact) -> list[Fact]:
    """Return the actor's earlier acts within the rule's time that are not yet in an alert of it."""
    since = fact.at - rule.window
    whose = rule.whose(fact)
    told = set(_told(rule, whose, since))
    lately = [
        one
        for one in _lately(rule, fact, since)
        if rule.fits(one) and rule.whose(one) == whose and one.seq not in told
    ]
    return sorted(lately, key=lambda one: one.seq)


def _lately(rule: Rule, fact: Fact, since: datetime) -> list[Fact]:
    """Return the actor's acts since then that may count for the rule.

    Only acts that the rule concerns are read, so nobody can hide them behind thousands of others.
    """
    rows = LogEntry.objects.filter(
        logbook.done_by(*rule.whose(fact)), seq__lt=fact.seq, seq__gte=_first_since(since)
    )
    if rule.acts:
        rows = rows.filter(verb__in=marks.verbs_of(rule.acts))
    if rule.outcome == Ended.REFUSED:
        rows = rows.filter(outcome=Outcome.REFUSED)
    return facts.read(list(_not_before(rows.order_by("-seq"), since)))


def _first_since(since: datetime) -> int:
    """Return the first entry number at or after that time, to bound how far an index is read."""
    first = LogEntry.objects.filter(at__gte=since).order_by("at", "seq")
    return first.values_list("seq", flat=True).first() or 0


def _not_before(rows: QuerySet[LogEntry], since: datetime) -> Iterator[LogEntry]:
    """Yield entries from the latest back to a moment, in index order, reading nothing older."""
    for entry in rows[:FARTHEST].iterator(chunk_size=200):
        if entry.at < since:
            return
        yield entry


def _told(rule: Rule, actor: tuple[str, int | None], since: datetime) -> list[int]:
    """Return the numbers of the actor's acts that are in an alert of the rule already."""
    kind, pk = actor
    lately = Alert.objects.filter(actor_kind=kind, actor_id=pk, last_at__gte=since)
    rows = lately.order_by("-pk").values_list("pk", "rule", "also")[:MOST_OPEN]
    mine = [alert for alert, first, also in rows if rule.key in {first, *also.split()}]
    return list(AlertAct.objects.filter(alert__in=mine).values_list("seq", flat=True))
