"""The start of every change of a list: lock it, and check that the actor may change it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _

from custode.guard import door, emptying, history, reach
from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.kernel.errors import Gone
from custode.prospecting.models import Prospect, ProspectingList


@contextmanager
def held(actor: Actor, one: ProspectingList) -> Iterator[None]:
    """Open a transaction in which nobody else changes the list or its rows.

    Raises:
        Gone: the list is in the trash, or no longer visible to the actor.
    """
    with emptying.watching(actor):
        history.hold(one)
        require_seen(actor, one)
        yield


def require_seen(actor: Actor, one: ProspectingList) -> None:
    """Raise `Gone` unless the actor sees the list, which implies editing it."""
    if not reach.sees(actor, one):
        raise Gone(_("This does not exist."))


def touch(one: ProspectingList) -> None:
    """Mark the list as just updated."""
    one.updated_at = clock.now()
    ProspectingList.objects.filter(pk=one.pk).update(updated_at=one.updated_at)


def hold_lists_of(rows: Iterable[int]) -> None:
    """Lock the lists of these prospects, within a transaction: the lists before their rows.

    Everybody locks in this order, so that no deadlock can arise.
    """
    lists = Prospect.objects.filter(pk__anyof=list(rows)).values("in_list")
    held_lists = ProspectingList.objects.filter(pk__in=lists).order_by("pk")
    door.locked(held_lists)
