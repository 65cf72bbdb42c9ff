"""Judges what has come into the log: which acts become alerts, in one transaction with how far.

Acts are added up by actor. An act that meets a rule anew opens an alert; what follows it by the
same actor, while the alert is open and fresh, joins it. An act that is in an alert of a rule counts
for that rule no more.
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
"""Entries that are judged in one transaction."""
FARTHEST: Final = 5_000
"""Entries of one actor that are looked back on; whoever did more in the time has met any rule."""


def word(account_id: int) -> str:
    """The word that opens an account's alerts."""
    return f"{Verb.ALERT}:{account_id}"


def look() -> int:
    """Judge what is new in all accounts; gives how many entries that was.

    What goes wrong in one account holds up no other one; it is raised in the end.
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
    """The accounts whose log has gone on, and those of which something is to be told by now."""
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
    """Judge what is new in an account's log, and have told what is to be told.

    Returns:
        how many entries were judged.
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
    """The rules of one account, beside some entries of its log in their order."""

    def __init__(self, account_id: int) -> None:
        self._rules = [rule for rule in rules.of_account(account_id) if rule.is_on]
        self._findings = Findings(account_id)
        self._windows: dict[tuple[str, str, int | None], _Window] = {}

    def judge(self, found: Sequence[Fact]) -> None:
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
        """The acts by which a rule is met with this one; none when it is not (yet)."""
        if rule.within == 0:
            return [fact]
        key = (rule.key, *rule.whose(fact))
        if key not in self._windows:
            self._windows[key] = _Window(rule, _before(rule, fact))
        return self._windows[key].met_with(fact)


class _Window:
    """What one actor did lately that counts for a rule."""

    def __init__(self, rule: Rule, before: Sequence[Fact]) -> None:
        self._rule, self._acts = rule, deque(before)
        self._sum = sum(rule.amount(fact) for fact in before)

    def met_with(self, fact: Fact) -> list[Fact]:
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
    """What the actor did before within the rule's time, and is in no alert of the rule yet."""
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
    """What the actor did since then that may count for the rule.

    Only what the rule is about is looked back on: nobody hides it behind thousands of other acts.
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
    """The number from which on entries are of that time: so that no index is read further back."""
    first = LogEntry.objects.filter(at__gte=since).order_by("at", "seq")
    return first.values_list("seq", flat=True).first() or 0


def _not_before(rows: QuerySet[LogEntry], since: datetime) -> Iterator[LogEntry]:
    """From the latest back to a moment: the index has the order, and nothing further is read."""
    for entry in rows[:FARTHEST].iterator(chunk_size=200):
        if entry.at < since:
            return
        yield entry


def _told(rule: Rule, actor: tuple[str, int | None], since: datetime) -> list[int]:
    """The numbers of the actor's acts that are in an alert of the rule by now."""
    kind, pk = actor
    lately = Alert.objects.filter(actor_kind=kind, actor_id=pk, last_at__gte=since)
    rows = lately.order_by("-pk").values_list("pk", "rule", "also")[:MOST_OPEN]
    mine = [alert for alert, first, also in rows if rule.key in {first, *also.split()}]
    return list(AlertAct.objects.filter(alert__in=mine).values_list("seq", flat=True))
