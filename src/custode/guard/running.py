"""Acts of what is done one by one: for a while what follows belongs to them."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db.models import Exists, OuterRef, QuerySet

from custode.guard.kinds import Verb
from custode.guard.models import Change, LogEntry

MOST_OF_ONE: Final = 100
"""So many lines of history belong to an act that goes on; what follows begins another: much is not
done bit by bit under one entry that speaks of little."""


def running(lines: QuerySet[Change], kind: str, told: str, since: datetime) -> int | None:
    """The latest act to which what somebody does one by one belongs; None for none.

    Args:
        lines: the history of what they did lately.
        told: a part of the details by which the log knows such acts.
        since: older acts do not go on.
    """
    undone = LogEntry.objects.filter(
        account_id=OuterRef("account_id"), about=OuterRef("seq"), verb=Verb.UNDO
    )
    entries = LogEntry.objects.filter(
        seq__in=lines.exclude(seq=None).values("seq"), details__contains=told, at__gte=since
    )
    seq = entries.exclude(Exists(undone)).order_by("-seq").values_list("seq", flat=True).first()
    is_full = seq and Change.objects.filter(kind=kind, seq=seq).count() >= MOST_OF_ONE
    return None if is_full else seq
