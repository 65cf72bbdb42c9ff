"""Tells in the log what joined an act after its entry, so that alerts see all of it.

What somebody goes on emptying or overwriting joins their act of the hour (`guard.running`): it
costs no entry, and the act's undo takes it back too. But alerts are judged from entries, and an
entry that mentions eleven objects says nothing of the hundred that followed. So a job adds them up,
and writes a further entry: much done in steps counts like much done at once.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Count, Max, Q

from custode.guard import gathering, log, refusals
from custode.guard.gathering import EMPTYING, Limits
from custode.guard.kinds import Verb
from custode.guard.models import Change, LogEntry, Outcome
from custode.guard.scraping import FURTHER
from custode.kernel import clock
from custode.kernel.actor import Actor

_GOING_ON: Final = ('"running":true', f'"way":"{gathering.WAY}"')
"""The parts of an entry's details that identify acts that more may join."""


@dataclass(frozen=True, slots=True)
class _Joined:
    """What joined an act and has no entry yet.

    Args:
        count: how many objects the act did not concern before.
        facts: the facts of its entry.
    """

    act: LogEntry
    count: int
    facts: Mapping[str, Any]


def goes_on(details: Mapping[str, Any]) -> bool:
    """Tell whether an act was done one by one, so that more may have followed its entry."""
    return bool(details.get("running")) or details.get("way") == gathering.WAY


def tell(system: Actor, rests: timedelta, at_latest: timedelta) -> int:
    """Write the entries of what joined acts of the account in scope; for the job.

    More than the account calls many is told at once, so that nobody waits for whoever never pauses.

    Args:
        rests: how long the actor must have paused with less than that.
        at_latest: how long after the last entry it is told even if they do not pause.

    Returns:
        The number of entries written.
    """
    limits = Limits.of(system)
    if not list(_found(limits, rests, at_latest)):
        return 0
    with transaction.atomic(durable=True):
        log.hold(system.account_id)
        found = list(_found(limits, rests, at_latest))
        for one in found:
            log.write(
                refusals.actor_of(system.account_id, one.act.seq), Verb.CHANGE, kind=one.act.kind,
                count=one.count, about=one.act.seq, details=one.facts,
            )  # fmt: skip
    return len(found)


def told_of(seqs: Iterable[int]) -> dict[int, list[LogEntry]]:
    """Return the entries of what joined these acts, by act."""
    entries = LogEntry.objects.filter(
        about__in=list(seqs), verb=Verb.CHANGE, details__contains=f'"{FURTHER}":'
    )
    found = defaultdict[int, list[LogEntry]](list)
    for entry in entries.order_by("seq"):
        found[entry.about or 0].append(entry)
    return found


def acts_of(entries: Sequence[LogEntry]) -> list[LogEntry]:
    """Return entries, latest first, with those of what joined an act replaced by that act's."""
    seqs = {
        (entry.verb == Verb.CHANGE and json.loads(entry.details).get(FURTHER)) or entry.seq
        for entry in entries
    }
    return list(LogEntry.objects.filter(seq__in=seqs).order_by("-seq"))


def _found(limits: Limits, rests: timedelta, at_latest: timedelta) -> Iterator[_Joined]:
    now = clock.now()
    acts = LogEntry.objects.filter(
        Q(details__contains=_GOING_ON[0]) | Q(details__contains=_GOING_ON[1]),
        verb=Verb.CHANGE, outcome=Outcome.DONE, at__gte=now - 2 * limits.lately,
    )  # fmt: skip
    by_seq = {act.seq: act for act in acts.order_by("seq")}
    if not by_seq:
        return
    further = told_of(by_seq)
    lines = Change.objects.filter(seq__in=list(by_seq)).order_by()
    sums = lines.values_list("seq").annotate(
        touched=Count("object_id", distinct=True), cells=Count("pk", filter=Q(old__isnull=False)),
        emptied=Count("pk", filter=Q(emptied=True)), last=Max("at"),
    )  # fmt: skip
    for seq, touched, cells, emptied, last in sums.order_by("seq"):
        act = by_seq[seq or 0]
        before = [act, *further.get(act.seq, ())]
        count = touched - sum(one.count for one in before)
        waits = last > now - rests and before[-1].at >= now - at_latest
        if count > 0 and (count >= limits.many or not waits):
            yield _Joined(act, count, _facts(before, cells, emptied, limits))


def _facts(
    before: Sequence[LogEntry], cells: int, emptied: int, limits: Limits
) -> Mapping[str, Any]:
    """Return the facts of a further entry.

    Args:
        before: the entries of the act, its own first.
        cells, emptied: how many lines of history the act has, and how many of them emptied a field.
    """
    told = [json.loads(one.details) for one in before]
    facts: dict[str, Any] = {FURTHER: before[0].seq, "many": limits.many}
    if "cells" in told[0]:
        facts["cells"] = cells - sum(int(one.get("cells") or 0) for one in told)
    if EMPTYING in told[0] or told[0].get("way") == gathering.WAY:
        facts["emptied"] = emptied - sum(int(one.get("emptied") or 0) for one in told)
        facts[EMPTYING] = facts["emptied"] > 0
    return facts
