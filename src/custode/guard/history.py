"""Ordinary edits of guarded objects, each with its line in the object's history."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models, transaction

from custode.guard.models import Change
from custode.guard.owned import Guarded
from custode.kernel import clock
from custode.kernel.actor import Actor

CREATED = "created"


def plain(value: Any) -> str | None:
    """A field's value as the history keeps it: text, or None for no value."""
    if value is None:
        return None
    if isinstance(value, models.Model):
        return str(value.pk)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def line(
    actor: Actor, thing: Guarded, field: str, old: Any, new: Any, seq: int | None = None
) -> Change:
    """A line of history, not yet saved."""
    return Change(
        account_id=actor.account_id,
        kind=thing.kind.name,
        object_id=thing.pk,
        field=field,
        old=plain(old),
        new=plain(new),
        at=clock.now(),
        actor_kind=actor.kind.value,
        actor_id=actor.id,
        actor_name=actor.name,
        seq=seq,
    )


def write(lines: Iterable[Change]) -> None:
    """Save lines of history in one statement."""
    Change.objects.bulk_create(list(lines))


def create(actor: Actor, thing: Guarded) -> None:
    """Save a new object, and that the actor created it."""
    with transaction.atomic():
        thing.save()
        write([line(actor, thing, CREATED, None, None)])


def edit(actor: Actor, thing: Guarded, **values: Any) -> dict[str, tuple[Any, Any]]:
    """Set fields of an object, save only those that differ, and note each in its history.

    Returns:
        field -> (old, new) of what changed; empty when nothing did.

    Raises:
        Gone: the object has gone to the trash in the meantime.
    """
    changed: dict[str, tuple[Any, Any]] = {}
    for name, new in values.items():
        old = getattr(thing, name)
        if old != new:
            setattr(thing, name, new)
            changed[name] = (old, new)
    if changed:
        with transaction.atomic():
            thing.updated_at = clock.now()
            thing.save(update_fields=["updated_at", *changed, *thing.follows])
            write(line(actor, thing, name, old, new) for name, (old, new) in changed.items())
    return changed


def of(thing: Guarded) -> models.QuerySet[Change]:
    """The history of an object, the latest first."""
    return Change.objects.filter(kind=thing.kind.name, object_id=thing.pk).order_by("-id")
