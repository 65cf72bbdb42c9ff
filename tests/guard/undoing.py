"""How the objects of an act stand, for the tests of undo."""

from __future__ import annotations

from collections.abc import Sequence

from custode.guard import door
from custode.guard.models import LogEntry
from custode.guard.owned import Guarded
from custode.kernel.actor import Actor
from custode.leads import moves
from custode.leads.models import Lead
from tests.cast import Cast


def numbers(things: Sequence[Guarded]) -> frozenset[int]:
    return frozenset(thing.pk for thing in things)


def steps(leads: list[Lead]) -> list[int]:
    """In which step each stands now, by its place."""
    found = dict(
        Lead.with_trashed.filter(pk__in=numbers(leads)).values_list("pk", "step__position")
    )
    return [found[lead.pk] for lead in leads]


def stands(actor: Actor, seq: int) -> dict[int, str]:
    """How each object of an act stands."""
    (preview, *_others) = door.undo_previews(actor, LogEntry.objects.get(seq=seq))
    return dict(preview.rows.values_list("pk", "stands"))


def seen(actor: Actor, seq: int, things: Sequence[Guarded]) -> dict[int, str]:
    """What somebody has seen of these, in the preview."""
    (preview, *_others) = door.undo_previews(actor, LogEntry.objects.get(seq=seq))
    return preview.seen_of(preview.rows.filter(pk__in=numbers(things)))


def by_hand(cast: Cast, who: Actor, lead: Lead, step: int) -> None:
    lead.refresh_from_db()
    moves.edit(who, lead, step=cast.ferri.steps[step])


def by_place(found: dict[int, str], leads: list[Lead]) -> list[str]:
    return [found[lead.pk] for lead in leads]
