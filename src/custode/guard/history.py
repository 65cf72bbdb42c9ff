"""Ordinary edits of guarded objects, each with its line in the object's history."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from custode.guard import emptying, news, policy, remains
from custode.guard.models import Change
from custode.guard.owned import BY_DOOR_ONLY, Guarded
from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.kernel.errors import Gone

CREATED = "created"

Changed = dict[str, tuple[Any, Any]]
"""Field -> (old, new); of a relation the numbers of the other rows."""


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
    """A line of history, not yet saved; the one place that every ordinary change passes.

    Raises:
        Refused: the actor's key is not good for changes.
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
        emptied=seq is None and remains.empties(thing.kind, field, old, new),
    )
    made.named = str(thing.__dict__.get(thing.kind.label) or "")  # what was not read is not asked
    return made


def write(lines: Iterable[Change], *, is_heard: bool = True) -> None:
    """Save lines of history in one statement, and tell of them; raises as `emptying.look` does.

    Args:
        is_heard: False when it is known that nobody listens (`news.asking`).
    """
    written = list(lines)
    emptying.look(written)
    Change.objects.bulk_create(written)
    if is_heard:
        news.edited(written)


def create(actor: Actor, thing: Guarded) -> None:
    """Save a new object, and that the actor created it."""
    with transaction.atomic():
        thing.save()
        write([line(actor, thing, CREATED, None, None)])


def hold(thing: Guarded) -> bool:
    """Read an object anew, for the rest of the transaction: nobody else changes it meanwhile.

    Returns:
        whether anybody is to be told of what is changed (`news.asking`).

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
    """A row that has been read, in the place of the query by which Django would read it again.

    For `refresh_from_db`, which keeps nothing of what the query says besides the fields.
    """

    def __init__(self, row: Guarded) -> None:
        self._row = row

    def filter(self, **_by: Any) -> _Read:
        """The row is the one that is meant."""
        return self

    def only(self, *_fields: str) -> _Read:
        """All its fields are there."""
        return self

    def get(self) -> Guarded:
        """The row."""
        return self._row


@contextmanager
def editing(actor: Actor, thing: Guarded, done: Collection[str] = ()) -> Iterator[Changed]:
    """The object as it is now, to be changed in the block; then it is saved, and each change noted.

    The copy that somebody read earlier says nothing of what others have done since: what follows
    from other fields, what the block checks and the old values in the history are of the row held
    here. When the block raises, nothing is saved and `thing` is the row again.

    Args:
        done: fields whose value has done its work: to take it away empties nothing.

    Yields:
        what has changed, once the block is over; empty when nothing has.

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
    """Set fields of an object as it is now, save only those that differ, and note each.

    Returns:
        field -> (old, new) of what changed; empty when nothing did.

    Raises:
        Gone: the object has gone to the trash in the meantime.
    """
    with editing(actor, thing) as changed:
        for name, value in values.items():
            setattr(thing, name, value)
    return changed


def _values(thing: Guarded) -> dict[str, Any]:
    """What an edit may change, by field; of a relation the other row's number."""
    # Copies: what the block changes within a value must show.
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
    """What changed, by field; of a column that keeps several fields, each of them (`keyed`)."""
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
    """The lines of the latest edit of an object, which have one moment; none of a bulk edit."""
    latest = of(thing).first()
    if latest is None or latest.seq is not None or latest.field == CREATED:
        return []
    return list(of(thing).filter(at=latest.at, seq=None, actor_id=latest.actor_id))


def of(thing: Guarded) -> models.QuerySet[Change]:
    """The history of an object, the latest first."""
    return Change.objects.filter(kind=thing.kind.name, object_id=thing.pk).order_by("-id")
