"""Checks an account's log in a job, because a million entries take time."""

from __future__ import annotations

import logging
import time
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any, Final

from django.db.models import F, Q
from django.db.models.functions import Now

from custode.exchange.evidence.models import CheckState, LogCheck
from custode.guard.checkpoints import Checkpoint
from custode.guard.verifying import Walk
from custode.kernel import clock, scope
from custode.people.models import User

LEASE: Final = timedelta(seconds=30)
"""How long an attempt may be silent before it counts as dead."""
TRIES: Final = 3
MOST_TOLD: Final = 100
"""How many faults are stored; of further ones only the number is."""
_KEPT: Final = 20
"""The number of checks that stay listed."""
_EVERY: Final = 1.0
"""The seconds between two signs of life."""

logger = logging.getLogger(__name__)


class _Lost(Exception):
    """The check has been given to another attempt."""


@dataclass(frozen=True, slots=True)
class Found:
    """The result of a check.

    Args:
        entries: the number of entries.
        last: the number of the last one.
        faults: the first of the faults, each as `(first, last, what)`.
        more: the number of further faults.
        erased: the number of entries whose personal data was erased, as recorded by `acts` entries.
        anchored: the last entry that a checkpoint covers; 0 without one.
    """

    entries: int
    last: int
    erased: int
    acts: int
    anchored: int
    more: int = 0
    faults: list[tuple[int, int, str]] = field(default_factory=list)

    @classmethod
    def of(cls, walk: Walk) -> Found:
        """Run the walk, and return its result."""
        faults: list[tuple[int, int, str]] = []
        more = 0
        for fault in walk.faults():
            if len(faults) < MOST_TOLD:
                faults.append((fault.seq, fault.last, str(fault.what.value)))
            else:
                more += 1
        return cls(
            walk.walked, walk.last, walk.erased, walk.erasures.acts, walk.anchored, more, faults
        )


def begin(user: User, anchor: Checkpoint | None) -> LogCheck:
    """Request a check, which a job does (`tasks.check_log`); one in progress continues.

    Args:
        anchor: a checkpoint kept elsewhere that the log is also checked against.
    """
    told = {"seq": anchor.seq, "hash": anchor.hash, "time": anchor.made_at} if anchor else {}
    running = latest()
    if running and running.is_under_way and running.anchor == told and not _is_silent(running):
        return running
    check = LogCheck.objects.create(user=user, anchor=told)
    old = LogCheck.objects.order_by("-pk").values_list("pk", flat=True)[_KEPT : _KEPT + 50]
    LogCheck.objects.filter(pk__in=list(old)).delete()
    return check


def latest() -> LogCheck | None:
    """Return the latest check that was requested in the account in scope."""
    return LogCheck.objects.select_related("user").order_by("-pk").first()


def _is_silent(check: LogCheck) -> bool:
    since = check.alive_at or check.created_at
    return since < clock.now() - 4 * LEASE


def work(account_id: int, pk: int) -> bool:
    """Walk the log and save the progress; the job. After a crash it starts anew.

    Returns:
        False when another job seems to work on it: look again later.
    """
    with scope.account(account_id):
        check = LogCheck.objects.filter(pk=pk).first()
        if check is None or not check.is_under_way:
            return True
        if not _take(check):
            return False
        try:
            _walk(check)
        except _Lost:
            return True
        except Exception:
            if check.tries < TRIES:
                _own(check).update(state=CheckState.WAITING)
                raise
            logger.exception("Check %s of the log failed for the last time", check.pk)
            _own(check).update(state=CheckState.FAILED, finished_at=clock.now())
        return True


def _take(check: LogCheck) -> bool:
    """Start a new attempt, unless another job works on it."""
    dead = Q(alive_at=None) | Q(alive_at__lt=Now() - LEASE)
    free = Q(state=CheckState.WAITING) | Q(state=CheckState.WALKING) & dead
    mine = LogCheck.objects.filter(free, pk=check.pk, tries=check.tries)
    if not mine.update(state=CheckState.WALKING, tries=F("tries") + 1, walked=0, alive_at=Now()):
        return False
    check.tries += 1
    return True


def _own(check: LogCheck) -> Any:
    return LogCheck.objects.filter(pk=check.pk, tries=check.tries, state=CheckState.WALKING)


def _walk(check: LogCheck) -> None:
    told_at = 0.0

    def tell(walk: Walk) -> None:
        """Save the progress, at most once a second."""
        nonlocal told_at
        if time.monotonic() - told_at < _EVERY:
            return
        told_at = time.monotonic()
        if not _own(check).update(walked=walk.last, total=walk.total, alive_at=Now()):
            raise _Lost

    anchor = check.anchor
    anchors = {int(anchor["seq"]): str(anchor["hash"])} if anchor else {}
    found = Found.of(Walk(check.account_id, anchors, tell))
    _own(check).update(
        state=CheckState.DONE, found=asdict(found), walked=found.entries, finished_at=clock.now()
    )
