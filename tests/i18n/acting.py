"""Acts of every sort in the log, one undone in part, for the walk in Italian."""

from __future__ import annotations

import pytest
from django.db.models import Max

from custode.guard import door
from custode.guard.models import LogEntry
from custode.kernel.errors import Refused
from custode.leads import moves, tagging
from custode.leads.models import Lead
from tests.cast import Cast


def acts(ferri: Cast, leads: list[int]) -> list[int]:
    """The number of an act of each sort and outcome, those on which most can be seen first."""
    anna, rows = ferri.actor(ferri.anna), Lead.objects.filter(pk__in=leads)
    tagged = door.change_labels(anna, rows, "tag", add=tagging.tags_named(anna, ["Da seguire"]))
    door.change(anna, rows, "step", ferri.ferri.steps[2])
    act = door.change(anna, rows, "step", ferri.ferri.steps[4])
    moves.edit(anna, Lead.objects.get(pk=leads[0]), step=ferri.ferri.steps[3])
    door.undo(anna, act.seq, door.UndoPart(only=frozenset(leads[-1:])))
    with pytest.raises(Refused):
        door.undo(ferri.actor(ferri.ugo), act.seq)
    sorts = LogEntry.objects.order_by().values_list("verb", "outcome")
    latest = sorts.annotate(last=Max("seq")).values_list("last", flat=True)
    return [act.seq, tagged.seq, *latest]
