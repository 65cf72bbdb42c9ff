"""Acts of a layer above: they pass the door, are logged, and can be undone (`undo_handlers`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, Protocol

from custode.guard import kinds, lock, log, policy
from custode.guard.door import undo_handlers as ways
from custode.guard.door.acts import Act, authorized
from custode.guard.door.removal import take_away_made
from custode.guard.door.selection import locked, named, not_yours
from custode.guard.door.undo_handlers import ObjectState, UndoHandler, UndoTargets
from custode.guard.door.undo_losses import UndoLosses, judging_losses
from custode.guard.door.undo_parts import WHOLE_ACT, UndoPart, UndoStatus, nothing_left
from custode.guard.kinds import Verb
from custode.guard.models import Change, LogEntry
from custode.guard.refusals import UNKNOWN, Attempt
from custode.kernel.actor import Actor


class WriteEntry(Protocol):
    """Writes the log entry of an act in progress, and returns its number."""

    def __call__(
        self,
        count: int,
        *,
        labels: list[str] | None = None,
        details: Mapping[str, Any] | None = None,
        personal: Mapping[str, Any] | None = None,
    ) -> int:
        """Write the entry; the arguments are those of `log.write`."""


@contextmanager
def undoable_act(
    actor: Actor, verb: Verb, kind: str, way: str, tried: Attempt = UNKNOWN
) -> Iterator[WriteEntry]:
    """Pass the door for an act of the layer above, which writes its entry before it acts.

    If the body finds nothing to do, no entry is needed.

    Args:
        way: the name under which its undo is declared.
        tried: what the actor is about to do, for the entry of a refusal.

    Raises:
        Refused: a rule forbids it.
        KeyError: no undo of this name is declared.
    """
    ways.handler_named(way)
    with authorized(actor, verb, kind, tried):
        yield partial(_note, actor, verb, kind, way)


def _note(
    actor: Actor,
    verb: Verb,
    kind: str,
    way: str,
    count: int,
    *,
    labels: list[str] | None = None,
    details: Mapping[str, Any] | None = None,
    personal: Mapping[str, Any] | None = None,
) -> int:
    told = {**(details or {}), "way": way}
    return log.write(
        actor, verb, kind=kind, count=count, labels=labels, details=told, personal=personal
    ).seq


def attach_history(actor: Actor, seq: int, lines: Sequence[int]) -> None:
    """Assign lines of history that belong to no act yet to the act of this number."""
    with lock.opened(f"change:{actor.account_id}:{seq}"):
        Change.objects.filter(pk__anyof=lines, seq=None).update(seq=seq)


def reverse(actor: Actor, entry: LogEntry, way: UndoHandler, part: UndoPart = WHOLE_ACT) -> Act:
    """Undo such an act: restore what it changed, and move what it created to the trash.

    `undo` has checked already whose act it is. What was changed since stays as it is, unless the
    part names it.

    Args:
        way: how acts of its name are undone.
        part: only this part of what it touched; the rest can be taken back later.

    Raises:
        Refused: everything that is left of it belongs to others, or it created objects, or filled
            in many fields, and a rule lets only admins delete these objects.
        Gone: it was undone already, or nothing of it is left.
        Invalid: it has no such part.
    """
    tried = Attempt(entry.count, {"undo": entry.seq})
    with judging_losses(actor) as losses, authorized(actor, Verb.UNDO, entry.kind, tried):
        part.require(entry.kind)
        way.lock(entry)
        stood = [one for one in way.inspect(entry) if part.means(one.pk)]
        stood = [one for one in stood if one.stands != UndoStatus.SETTLED]
        wanted = {one.pk: one for one in stood if part.wants(one.pk, one.stands, one.seen)}
        going, others = _theirs(actor, entry, wanted)
        if any(one.made for one in going):
            policy.require(actor, Verb.DELETE, entry.kind)
        if not going:
            if others:
                raise not_yours(others, others, kinds.model_of(entry.kind).kind)
            before = LogEntry.objects.filter(about=entry.seq, verb=Verb.UNDO).exists()
            raise nothing_left(before=before, stayed=len(stood))
        acts = [*_give_back(actor, entry, way, going, losses), *_remove(actor, entry, going)]
        count = sum(one.count for one in acts)
        return Act(count, acts[0].seq, stayed=len(stood) - count)


def _theirs(
    actor: Actor, entry: LogEntry, wanted: Mapping[int, ObjectState]
) -> tuple[list[ObjectState], int]:  # fmt: skip
    """Return the objects the actor may edit, locked, and how many more the actor only sees."""
    model = kinds.model_of(entry.kind)
    seen = model.objects.filter(model.kind.sees(actor), pk__anyof=list(wanted))
    mine = locked(seen.filter(model.kind.edits(actor)).order_by("pk"))
    return [wanted[pk] for pk in mine], seen.count() - len(mine)


def _overwritten(going: Sequence[ObjectState]) -> list[int]:
    return [one.pk for one in going if one.stands == UndoStatus.CHANGED]


def _give_back(
    actor: Actor, entry: LogEntry, way: UndoHandler, going: Sequence[ObjectState],
    losses: UndoLosses,
) -> Iterator[Act]:  # fmt: skip
    ids = [one.pk for one in going if not one.made]
    if not ids:
        return
    over = set(_overwritten(going)).intersection(ids)
    giving = way.prepare(actor, entry, UndoTargets(ids, over))
    lost = losses.require(entry.kind, giving.emptied)
    details = {**(giving.details or {}), **({"over": len(over)} if over else {})}
    rows = kinds.model_of(entry.kind).with_trashed.all()
    noted = log.write(
        actor, Verb.UNDO, kind=entry.kind, count=len(ids), about=entry.seq,
        labels=list(giving.labels) or named(rows, ids), details={**details, **lost},
    )  # fmt: skip
    giving.apply(noted.seq)
    yield Act(len(ids), noted.seq)


def _remove(actor: Actor, entry: LogEntry, going: Sequence[ObjectState]) -> Iterator[Act]:
    """Move what the act created to the trash under an entry of its own, to be restorable."""
    ids = [one.pk for one in going if one.made]
    if not ids:
        return
    over = len(set(_overwritten(going)).intersection(ids))
    labels = named(kinds.model_of(entry.kind).with_trashed.all(), ids)
    noted = log.write(
        actor, Verb.UNDO, kind=entry.kind, count=len(ids), about=entry.seq, labels=labels,
        details={"added": True, **({"over": over} if over else {})}, objects=ids,
    )  # fmt: skip
    yield take_away_made(actor, noted, ids, labels)
