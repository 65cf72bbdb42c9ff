"""Ends imports that no run continues: their rows arrived in the trash, and would stay there.

An import is found again by its run, which names the trash entry or is named by it. If the run is
gone, nothing else looks at the entry: neither the trash nor its purge does.
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
"""The age below which an entry is left alone, whether or not a run is found for it."""
NO_RUN: Final = gettext_noop("Nothing was there any more that would have let it in.")
"""The job's reason, stored in English and translated for each reader."""


def end(system: Actor) -> int:
    """Give up the imports of the account in scope that belong to no active run; for the job.

    Returns:
        The number of imports ended.
    """
    arriving = TrashEntry.objects.filter(
        state=TrashState.ARRIVING, at__lt=clock.now() - YOUNG
    ).order_by("pk")
    done = 0
    for entry in [one for one in arriving if not _has_a_run(one)]:
        # Its run may have ended since it was read: then the rows are out of the trash, or gone.
        with suppress(Gone):
            door.abandon_import(system, entry, reason=NO_RUN)
            done += 1
    return done


def _has_a_run(entry: TrashEntry) -> bool:
    """Return whether an active run has this entry, or would find it as the one begun for it."""
    noted = LogEntry.objects.get(seq=entry.seq)
    begun_for = Q(entry_id=None, pk=json.loads(noted.details).get("run") or 0)
    its = ImportRun.objects.filter(Q(entry_id=entry.pk) | begun_for, state__in=BY_JOB)
    return its.exists()
