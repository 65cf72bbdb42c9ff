"""Many cells written over, or many rows added, are one act: in the log, and undone from there.

What somebody writes cell by cell is editing, until more are written over within an hour than the
account calls many. Then these and what follows within the hour are one act, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from custode.guard import door, emptying, gathering, history, log, policy
from custode.guard.door import Note, Tried
from custode.guard.gathering import Limits
from custode.guard.kinds import Verb
from custode.guard.models import Change, LogEntry
from custode.guard.remains import leaves_little
from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.kernel.errors import Refused
from custode.prospecting.holding import held
from custode.prospecting.models import Prospect, ProspectingList

MOST_OF_ONE: Final = 100
"""So many cells belong to an act that goes on; what follows begins another."""
WAY: Final = "cells"
"""What the log calls such an act."""
KIND: Final = Prospect.kind.name


@dataclass(frozen=True, slots=True)
class Edit:
    """What somebody wrote into a cell, and what they saw there before.

    Args:
        anyway: it is written even when something else stands there by now, as programs want it.
    """

    row: int
    column: int
    was: str
    new: str
    anyway: bool = False


@dataclass(frozen=True, slots=True)
class _Lately:
    """What somebody has written over within the last hour.

    Args:
        loose: how many cells that belong to no act yet.
        acts: how many cells that belong to an act.
    """

    loose: int = 0
    acts: int = 0


@dataclass(slots=True)
class Writing:
    """An attempt to write in a list, and the act that it belongs to, if any.

    Args:
        seq: the number of the act; None for ordinary edits.
        note: writes the entry of an act that is to begin.
        earlier: the history of what was written before, and belongs to the act, too.
        running: whether what follows within the hour belongs to the act as well.
    """

    actor: Actor
    one: ProspectingList
    limits: Limits
    seq: int | None = None
    note: Note | None = None
    earlier: Sequence[int] = ()
    running: bool = False

    def begin(self, lines: Sequence[Change], rows: Sequence[Prospect], added: int) -> None:
        """Note the act, before anything of it is done; what changes nothing is none.

        Args:
            lines: the history of the cells that change.
            rows: those that change, and those that are new.
            added: how many are new.
        """
        if self.note is None or not (lines or added):
            return
        over = [line for line in lines if line.old is not None]
        earlier = Change.objects.filter(pk__anyof=list(self.earlier), emptied=True)
        emptied = sum(line.emptied for line in over) + (earlier.count() if self.earlier else 0)
        self.seq = self.note(
            len(rows),
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
            },
        )
        if self.earlier:
            door.gather(self.actor, self.seq, self.earlier)


def carry_out(
    actor: Actor,
    one: ProspectingList,
    edits: Sequence[Edit],
    added: int,
    do: Callable[[Writing], None],
) -> None:
    """Have `do` write in the list, which is held; through the door, when this is more than editing.

    Args:
        added: how many rows are new.

    Raises:
        Refused: many fields were emptied lately, and only admins may delete prospecting lists.
        Gone: the list is not the actor's to change any more.
    """
    over = [edit for edit in edits if edit.was]
    limits = Limits.of(actor)
    whole = len(over) > limits.many or added > limits.many
    if not whole:
        # What is emptied is counted as it is saved (`emptying.look`).
        with suppress(_More), emptying.watching(actor, limits), held(actor, one):
            # Counted while the list is held: what is sent at the same time counts, too.
            do(Writing(actor, one, limits, _as_editing(actor, over, limits)))
            return
    _require_may_empty(actor, one, over, limits)
    if not whole and (running := _running(actor, limits)) is not None:
        with _counted(actor, over), held(actor, one):
            _require_still(actor, over, limits)
            do(Writing(actor, one, limits, running))
        emptying.settle(actor)
        return
    tried = Tried(len({edit.row for edit in edits}) + added, {"cells": len(over)}, [one.title])
    with door.noting(actor, Verb.CHANGE, KIND, WAY, tried) as note, held(actor, one):
        _require_still(actor, over, limits)
        earlier = [] if whole else list(_loose(actor, limits).values_list("pk", flat=True))
        do(Writing(actor, one, limits, None, note, earlier, running=not whole))
    if _emptied(over):
        # What was emptied elsewhere before, and makes it many with this, is an act now, too.
        emptying.settle(actor)


@contextmanager
def _counted(actor: Actor, over: Sequence[Edit]) -> Iterator[None]:
    """One transaction; of those that empty cells one after the other, or none would count the rest.

    The end of the log is taken first, as by everybody who passes the door.
    """
    with emptying.watching(actor):
        if _emptied(over):
            log.hold(actor.account_id)
        yield


def _require_still(actor: Actor, over: Sequence[Edit], limits: Limits) -> None:
    """Ask the rule again, now that nobody else writes: what came in between counts too."""
    if _emptied(over):
        emptying.one_after_the_other(actor)
    if _empties_many(actor, over, limits):
        policy.require(actor, Verb.DELETE, KIND)


class _More(Exception):
    """This is more than editing."""


def _as_editing(actor: Actor, over: Sequence[Edit], limits: Limits) -> int | None:
    """The act that an ordinary edit belongs to, None for none; raises `_More`."""
    if not over:
        return None
    before = _lately(actor, limits)
    running = _running(actor, limits) if before.acts else None
    many = before.loose + len(over) > limits.many
    if _empties_many(actor, over, limits) if running else many:
        raise _More
    return running


def _emptied(over: Sequence[Edit]) -> list[Edit]:
    """Those that leave next to nothing of a cell."""
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
        door.look(actor, Verb.DELETE, KIND, Tried(concerned, tried, [one.title]))
    except Refused as no:
        emptying.settle_stopped(actor)
        raise emptying.refusal(no, limits) from no


def _over(actor: Actor, limits: Limits) -> QuerySet[Change]:
    """The history of the cells that somebody has written over within the last hour."""
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


def _running(actor: Actor, limits: Limits) -> int | None:
    """The act of the last hour to which what somebody writes cell by cell belongs."""
    undone = LogEntry.objects.filter(
        account_id=OuterRef("account_id"), about=OuterRef("seq"), verb=Verb.UNDO
    )
    entries = LogEntry.objects.filter(
        seq__in=_over(actor, limits).exclude(seq=None).values("seq"),
        details__contains='"running":true',
        at__gte=clock.now() - limits.lately,
    )
    seq = entries.exclude(Exists(undone)).order_by("-seq").values_list("seq", flat=True).first()
    # So that a list is not written over bit by bit under one entry that speaks of a few cells.
    is_full = seq and Change.objects.filter(kind=KIND, seq=seq).count() >= MOST_OF_ONE
    return None if is_full else seq


@contextmanager
def beginning(actor: Actor, one: ProspectingList, added: int) -> Iterator[Writing]:
    """The attempt to fill a new list, which the body saves: an act, when there are many rows.

    Args:
        added: how many rows come with it.
    """
    limits = Limits.of(actor)
    if added <= limits.many:
        with transaction.atomic():
            yield Writing(actor, one, limits)
        return
    tried = Tried(added, {"cells": 0}, [one.title])
    with door.noting(actor, Verb.CHANGE, KIND, WAY, tried) as note:
        yield Writing(actor, one, limits, None, note)


def created(actor: Actor, rows: Sequence[Prospect], seq: int | None) -> list[Change]:
    """The history of new rows, of the act that added them."""
    return [history.line(actor, row, history.CREATED, None, None, seq) for row in rows]


def _told(lines: Sequence[Change], limits: Limits) -> gathering.Facts:
    """What the entry tells of cells that were emptied one by one, perhaps beside other fields.

    Args:
        lines: their history.
    """
    latest = Prospect.with_trashed.select_related("in_list").get(pk=lines[-1].object_id)
    facts = {"cells": len(lines), "emptied": len(lines), "added": 0, "running": True}
    return (
        facts | {"many": limits.many, "list": latest.in_list_id, "way": WAY},
        {"list": latest.in_list.title},
    )


gathering.told_by(KIND, _told)
