"""Makes overwriting many cells, or adding many rows, one act: logged, and undone from the log.

Writing cell by cell is editing, until more cells are overwritten within an hour than the account
calls many. Then these, and what follows within the hour, are one act, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from custode.guard import door, emptying, gathering, history, log, policy, running
from custode.guard.content_loss import leaves_little
from custode.guard.door import Attempt, WriteEntry
from custode.guard.gathering import Limits
from custode.guard.kinds import Verb
from custode.guard.models import Change
from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.kernel.errors import Refused
from custode.prospecting.list_locks import held
from custode.prospecting.models import Prospect, ProspectingList

WAY: Final = "cells"
"""The name of such an act in the log."""
KIND: Final = Prospect.kind.name


@dataclass(frozen=True, slots=True)
class Edit:
    """What a user wrote into a cell, and what they saw there before.

    Args:
        anyway: whether to write it even if the cell has changed in the meantime, as programs want.
    """

    row: int
    column: int
    was: str
    new: str
    anyway: bool = False


@dataclass(frozen=True, slots=True)
class _Lately:
    """What an actor has overwritten within the last hour.

    Args:
        loose: the number of cells that belong to no act yet.
        acts: the number of cells that belong to an act.
    """

    loose: int = 0
    acts: int = 0


@dataclass(slots=True)
class Writing:
    """An attempt to write in a list, and the act that it belongs to, if any.

    Args:
        seq: the number of the act; None for ordinary edits.
        note: writes the log entry of a new act.
        earlier: the history of earlier writing that also belongs to the act: its lines' numbers,
            each with its row's.
        running: whether what follows within the hour belongs to the act, too.
        empties: whether many cells, or other fields, are emptied within the hour with it.
    """

    actor: Actor
    one: ProspectingList
    limits: Limits
    seq: int | None = None
    note: WriteEntry | None = None
    earlier: Mapping[int, int] = field(default_factory=dict)
    running: bool = False
    empties: bool = False

    def begin(self, lines: Sequence[Change], rows: Sequence[Prospect], added: int) -> None:
        """Log the act before anything of it is done; without changes there is no act.

        Args:
            lines: the history of the cells that change.
            rows: the changed and the new rows.
            added: the number of new rows.
        """
        if self.note is None or not (lines or added):
            return
        over = [line for line in lines if line.old is not None]
        earlier = Change.objects.filter(pk__anyof=list(self.earlier), emptied=True)
        emptied = sum(line.emptied for line in over) + (earlier.count() if self.earlier else 0)
        also = set(self.earlier.values()).difference(row.pk for row in rows)
        self.seq = self.note(
            len(rows) + len(also),
            labels=[row.name for row in rows[:5]],
            personal={"list": self.one.title},
            details={
                "list": self.one.pk,
                "cells": len(over) + len(self.earlier),
                # These were empty; an undo empties them again.
                "filled": len(lines) - len(over),
                "emptied": emptied,
                "added": added,
                "running": self.running,
                "many": self.limits.many,
                **({gathering.EMPTYING: True} if self.empties else {}),
            },
        )
        if self.earlier:
            door.attach_history(self.actor, self.seq, list(self.earlier))


def carry_out(
    actor: Actor,
    one: ProspectingList,
    edits: Sequence[Edit],
    added: int,
    do: Callable[[Writing], None],
) -> None:
    """Let `do` write in the locked list, through the door when this is more than editing.

    Args:
        added: the number of new rows.

    Raises:
        Refused: many fields were emptied lately, and only admins may delete prospecting lists.
        Gone: the actor may no longer change the list.
    """
    over = [edit for edit in edits if edit.was]
    limits = Limits.of(actor)
    whole = len(over) > limits.many or added > limits.many
    if not whole:
        # What is emptied is counted when it is saved (`emptying.look`).
        with suppress(_More), emptying.watching(actor, limits), held(actor, one):
            # Counted while the list is locked: simultaneous writes count, too.
            do(Writing(actor, one, limits, _as_editing(actor, over, limits)))
            return
    _require_may_empty(actor, one, over, limits)
    if not whole and (running := _running(actor, over, limits)) is not None:
        with _counted(actor, over), held(actor, one):
            _require_still(actor, over, limits)
            do(Writing(actor, one, limits, running))
        emptying.settle(actor)
        return
    tried = Attempt(len({edit.row for edit in edits}) + added, {"cells": len(over)}, [one.title])
    with door.undoable_act(actor, Verb.CHANGE, KIND, WAY, tried) as note, held(actor, one):
        empties = _require_still(actor, over, limits)
        earlier = {} if whole else dict(_loose(actor, limits).values_list("pk", "object_id"))
        do(Writing(actor, one, limits, None, note, earlier, running=not whole, empties=empties))
    if _emptied(over):
        # What was emptied elsewhere before becomes an act now too, if this makes it many.
        emptying.settle(actor)


@contextmanager
def _counted(actor: Actor, over: Sequence[Edit]) -> Iterator[None]:
    """Open a transaction, in which edits that empty cells are serialised, so that all are counted.

    The end of the log is locked first, as in every pass through the door.
    """
    with emptying.watching(actor):
        if _emptied(over):
            log.hold(actor.account_id)
        yield


def _require_still(actor: Actor, over: Sequence[Edit], limits: Limits) -> bool:
    """Check the rule again, now that nobody else writes: what came in between counts too.

    Returns:
        Whether many are emptied within the hour with these.
    """
    if _emptied(over):
        emptying.one_after_the_other(actor)
    if many := _empties_many(actor, over, limits):
        policy.require(actor, Verb.DELETE, KIND)
    return many


class _More(Exception):
    """Raised when writing is more than editing."""


def _as_editing(actor: Actor, over: Sequence[Edit], limits: Limits) -> int | None:
    """Return the act that an ordinary edit belongs to, None for none; raise `_More`."""
    if not over:
        return None
    before = _lately(actor, limits)
    running = _running(actor, over, limits) if before.acts else None
    many = before.loose + len(over) > limits.many
    if _empties_many(actor, over, limits) if running else many:
        raise _More
    return running


def _emptied(over: Sequence[Edit]) -> list[Edit]:
    """Return the edits that leave next to nothing of a cell."""
    return [edit for edit in over if leaves_little(edit.was, edit.new)]


def _empties_many(actor: Actor, over: Sequence[Edit], limits: Limits) -> bool:
    return emptying.is_many(actor, len(_emptied(over)), limits)


def _require_may_empty(
    actor: Actor, one: ProspectingList, over: Sequence[Edit], limits: Limits
) -> None:
    if not _empties_many(actor, over, limits):
        return
    emptied = _emptied(over)
    tried = {"cells": len(emptied), "list": one.pk}
    concerned = len({edit.row for edit in emptied})
    try:
        door.check_policy(actor, Verb.DELETE, KIND, Attempt(concerned, tried, [one.title]))
    except Refused as no:
        emptying.settle_stopped(actor)
        raise emptying.refusal(no, limits) from no


def _over(actor: Actor, limits: Limits) -> QuerySet[Change]:
    """Return the history of the cells that an actor has overwritten within the last hour."""
    return Change.objects.filter(
        gathering.by(actor), kind=KIND, old__isnull=False, at__gte=clock.now() - limits.lately
    ).exclude(field__in=["outcome", "lead"])


def _loose(actor: Actor, limits: Limits) -> QuerySet[Change]:
    return _over(actor, limits).filter(seq=None)


def _lately(actor: Actor, limits: Limits) -> _Lately:
    return _Lately(
        **_over(actor, limits).aggregate(
            loose=Count("pk", filter=Q(seq=None)),
            acts=Count("pk", filter=Q(seq__isnull=False)),
        )
    )


def _running(actor: Actor, over: Sequence[Edit], limits: Limits) -> int | None:
    """Return the actor's act of the last hour that these cells join.

    What empties a cell joins only an act whose entry says that many are emptied: under any other,
    a list would be emptied without anybody being told.
    """
    # So that a list is not overwritten bit by bit under one entry that mentions a few cells.
    since = clock.now() - limits.lately
    told = ['"running":true', *([f'"{gathering.EMPTYING}":true'] if _emptied(over) else [])]
    return running.running(_over(actor, limits), KIND, told, since)


@contextmanager
def beginning(actor: Actor, one: ProspectingList, added: int) -> Iterator[Writing]:
    """Fill a new list, which the body saves: an act, when there are many rows.

    Args:
        added: the number of rows.
    """
    limits = Limits.of(actor)
    if added <= limits.many:
        with transaction.atomic():
            yield Writing(actor, one, limits)
        return
    tried = Attempt(added, {"cells": 0}, [one.title])
    with door.undoable_act(actor, Verb.CHANGE, KIND, WAY, tried) as note:
        yield Writing(actor, one, limits, None, note)


def created(actor: Actor, rows: Sequence[Prospect], seq: int | None) -> list[Change]:
    """Return the history of new rows, belonging to the act that added them."""
    return [history.line(actor, row, history.CREATED, None, None, seq) for row in rows]


def _told(lines: Sequence[Change], limits: Limits) -> gathering.Facts:
    """Return the entry's facts about cells emptied one by one, perhaps among other fields.

    Args:
        lines: the history of the cells.
    """
    latest = Prospect.with_trashed.select_related("in_list").get(pk=lines[-1].object_id)
    facts = {"cells": len(lines), "emptied": len(lines), "added": 0, "running": True}
    facts |= {gathering.EMPTYING: True, "many": limits.many}
    return (
        facts | {"list": latest.in_list_id, "way": WAY},
        {"list": latest.in_list.title},
    )


gathering.told_by(KIND, _told)
