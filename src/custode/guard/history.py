"""Ordinary edits of guarded objects, each with its line in the object's history."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from custode.guard import content_loss, emptying, news, policy
from custode.guard.models import Change
from custode.guard.owned import BY_DOOR_ONLY, Guarded
from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.kernel.errors import Gone

CREATED = "created"

Changed = dict[str, tuple[Any, Any]]
"""Field -> (old, new); for a relation, the numbers of the other rows."""


def plain(value: Any) -> str | None:
    """Return a value as the history keeps it: text, or None for no value."""
    if value is None:
        return None
    if isinstance(value, datetime):
        # As it is read back, whatever zone a program wrote it in: an undo compares them.
        value = value.astimezone(UTC)
    if isinstance(value, models.Model):
        return str(value.pk)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def line(
    actor: Actor, thing: Guarded, field: str, old: Any, new: Any, seq: int | None = None
) -> Change:
    """Return an unsaved line of history; every ordinary change passes through here.

    Raises:
        Refused: the actor's key has no scope for changes.
    """
    policy.require_change(actor)
    made = Change(
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
        by_key=actor.key,
        seq=seq,
        emptied=seq is None and content_loss.empties(thing.kind, field, old, new),
    )
    made.named = str(thing.__dict__.get(thing.kind.label) or "")  # unloaded fields are not queried
    return made


def write(lines: Iterable[Change], *, is_heard: bool = True) -> None:
    """Save lines of history in one statement and announce them; may raise like `emptying.look`.

    Args:
        is_heard: False if nobody is known to listen (`news.asking`).
    """
    written = list(lines)
    emptying.look(written)
    Change.objects.bulk_create(written)
    if is_heard:
        news.edited(written)


def create(actor: Actor, thing: Guarded) -> None:
    """Save a new object, with a line of history that the actor created it."""
    with transaction.atomic():
        thing.save()
        write([line(actor, thing, CREATED, None, None)])


def hold(thing: Guarded) -> bool:
    """Reload an object and lock it for the rest of the transaction.

    Returns:
        Whether anybody listens for changes (`news.asking`).

    Raises:
        Gone: the object has gone to the trash in the meantime.
    """
    rows = type(thing).objects.select_for_update(no_key=True)
    try:
        now = news.asking(rows).get(pk=thing.pk)
    except type(thing).DoesNotExist as error:
        raise Gone(_("This has been moved to the trash in the meantime.")) from error
    thing.refresh_from_db(from_queryset=_Read(now))  # type: ignore[arg-type]  # as much as is asked
    return bool(now.is_heard)


class _Read:
    """A row that was read already, in place of the query by which Django would read it again.

    For `refresh_from_db`, which uses nothing but the fields of the query.
    """

    def __init__(self, row: Guarded) -> None:
        self._row = row

    def filter(self, **_by: Any) -> _Read:
        """Return itself: the row is the one wanted."""
        return self

    def only(self, *_fields: str) -> _Read:
        """Return itself: all fields are loaded."""
        return self

    def get(self) -> Guarded:
        """Return the row."""
        return self._row


@contextmanager
def editing(actor: Actor, thing: Guarded, done: Collection[str] = ()) -> Iterator[Changed]:
    """Give the object as it is now, for changes in the block; then save it and record each change.

    A copy that was read earlier may be outdated: derived fields, the checks in the block and the
    old values in the history refer to the row locked here. If the block raises, nothing is saved
    and `thing` is reset to the row.

    Args:
        done: fields whose value has done its work: to take it away empties nothing.

    Yields:
        The changes, filled in when the block ends; empty when there are none.

    Raises:
        Gone: the object has gone to the trash in the meantime.
        Refused: the actor has emptied many fields lately, and may not delete these objects.
    """
    changed: Changed = {}
    with emptying.watching(actor):
        is_heard = hold(thing)
        before = _values(thing)
        try:
            yield changed
            changed.update(
                (name, (before[name], new))
                for name, new in _values(thing).items()
                if new != before[name]
            )
            if changed:
                _save(actor, thing, changed, done, is_heard=is_heard)
        except BaseException:
            _put_back(thing, before)
            raise


def edit(actor: Actor, thing: Guarded, **values: Any) -> Changed:
    """Set fields of an object as it is now, save only those that differ, and record each.

    Returns:
        The changes: field -> (old, new); empty when there are none.

    Raises:
        Gone: the object has gone to the trash in the meantime.
    """
    with editing(actor, thing) as changed:
        for name, value in values.items():
            setattr(thing, name, value)
    return changed


def _values(thing: Guarded) -> dict[str, Any]:
    """Return the values an edit may change, by field; for a relation, the other row's number."""
    # Copies, so that changes within a value (such as a dict) are noticed.
    return {field.name: deepcopy(getattr(thing, field.attname)) for field in _fields(thing)}


def _fields(thing: Guarded) -> list[models.Field[Any, Any]]:
    return [
        field
        for field in thing._meta.concrete_fields
        if not field.primary_key and field.name not in BY_DOOR_ONLY
    ]


def _save(
    actor: Actor, thing: Guarded, changed: Changed, done: Collection[str], *, is_heard: bool
) -> None:
    thing.updated_at = clock.now()
    thing.save(update_fields=["updated_at", *changed, *thing.follows])
    lines = [line(actor, thing, *told) for told in _told(thing, changed)]
    for one in lines:
        one.at = thing.updated_at
        others = thing.kind.plans.get(one.field, ())
        # Only what goes is over: a day that nobody will see is put there, whatever the status.
        if one.new is None and (one.field in done or not changed.keys().isdisjoint(others)):
            one.emptied = False
    write(lines, is_heard=is_heard)


def _told(thing: Guarded, changed: Changed) -> Iterator[tuple[str, Any, Any]]:
    """Yield the changes by field; for a column of several fields (`keyed`), each of them."""
    for name, (old, new) in changed.items():
        if name not in thing.keyed:
            yield name, old, new
            continue
        for key in sorted(old.keys() | new.keys()):
            if old.get(key) != new.get(key):
                yield f"{name}:{key}", old.get(key), new.get(key)


def _put_back(thing: Guarded, before: dict[str, Any]) -> None:
    for field in _fields(thing):
        setattr(thing, field.attname, before[field.name])


def last_edit(thing: Guarded) -> list[Change]:
    """Return the lines of an object's latest edit, which share one moment, except bulk edits."""
    latest = of(thing).first()
    if latest is None or latest.seq is not None or latest.field == CREATED:
        return []
    return list(of(thing).filter(at=latest.at, seq=None, actor_id=latest.actor_id))


def of(thing: Guarded) -> models.QuerySet[Change]:
    """Return the history of an object, the latest first."""
    return Change.objects.filter(kind=thing.kind.name, object_id=thing.pk).order_by("-id")
