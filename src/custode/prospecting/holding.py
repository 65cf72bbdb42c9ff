"""What every change of a list begins with: the list, held, and still the actor's to change."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils.translation import gettext as _

from custode.guard import history
from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.kernel.errors import Gone
from custode.prospecting import sight
from custode.prospecting.models import ProspectingList


@contextmanager
def held(actor: Actor, one: ProspectingList) -> Iterator[None]:
    """One transaction in which nobody else changes the list or its rows.

    Raises:
        Gone: the list is in the trash, or not the actor's to see any more.
    """
    with transaction.atomic():
        history.hold(one)
        require_seen(actor, one)
        yield


def require_seen(actor: Actor, one: ProspectingList) -> None:
    """Raise `Gone` unless the actor sees the list, which is as good as editing it."""
    seen = sight.lists(actor)
    if seen and not ProspectingList.objects.filter(seen, pk=one.pk).exists():
        raise Gone(_("This does not exist."))


def touch(one: ProspectingList) -> None:
    """What is worked on is the latest."""
    one.updated_at = clock.now()
    ProspectingList.objects.filter(pk=one.pk).update(updated_at=one.updated_at)
