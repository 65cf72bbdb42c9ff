"""Ends what no run lets in any more: rows that arrived in the trash and nobody would bring out.

An import is found again by its run, which names the entry or is named by it. Where the run is gone,
or has ended otherwise, nothing else would look at the entry: neither the trash nor its purge does.
"""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import timedelta
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext_noop

from custode.exchange.models import BY_JOB, ImportRun
from custode.guard import door
from custode.guard.models import LogEntry, TrashEntry, TrashState
from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.kernel.errors import Gone

YOUNG: Final = timedelta(hours=1)
"""So long an entry is left to who began it, whatever stands for it."""
NO_RUN: Final = gettext_noop("Nothing was there any more that would have let it in.")
"""The job's reason, kept as it stands here: whoever reads it is told in their own language."""


def end(system: Actor) -> int:
    """For the job: give up what arrives in the account in scope and belongs to no run under way.

    Returns:
        how many imports were ended.
    """
    arriving = TrashEntry.objects.filter(
        state=TrashState.ARRIVING, at__lt=clock.now() - YOUNG
    ).order_by("pk")
    done = 0
    for entry in [one for one in arriving if not _has_a_run(one)]:
        # Its run may have come to its end since it was read: then it is out, or gone already.
        with suppress(Gone):
            door.abandon_import(system, entry, reason=NO_RUN)
            done += 1
    return done


def _has_a_run(entry: TrashEntry) -> bool:
    """Whether a run is under way with it, or would find it as the one that was begun for it."""
    noted = LogEntry.objects.get(seq=entry.seq)
    begun_for = Q(entry_id=None, pk=json.loads(noted.details).get("run") or 0)
    its = ImportRun.objects.filter(Q(entry_id=entry.pk) | begun_for, state__in=BY_JOB)
    return its.exists()
