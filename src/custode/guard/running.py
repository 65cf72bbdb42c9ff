"""Finds the act that edits made one by one join for a while."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from custode.guard.kinds import Verb
from custode.guard.models import Change, LogEntry

MOST_OF_ONE: Final = 100
"""The maximum number of history lines of an act that continues; what follows starts another one, so
that much is not done bit by bit under one entry that mentions little."""


def running(lines: QuerySet[Change], kind: str, told: Iterable[str], since: datetime) -> int | None:
    """Return the number of the latest act that further edits of an actor join; None for none.

    Args:
        lines: the history of what the actor did recently.
        told: the parts of an entry's details that identify such acts.
        since: older acts do not continue.
    """
    undone = LogEntry.objects.filter(
        account_id=OuterRef("account_id"), about=OuterRef("seq"), verb=Verb.UNDO
    )
    entries = LogEntry.objects.filter(
        *(Q(details__contains=one) for one in told),
        seq__in=lines.exclude(seq=None).values("seq"), at__gte=since,
    )  # fmt: skip
    seq = entries.exclude(Exists(undone)).order_by("-seq").values_list("seq", flat=True).first()
    is_full = seq and Change.objects.filter(kind=kind, seq=seq).count() >= MOST_OF_ONE
    return None if is_full else seq
