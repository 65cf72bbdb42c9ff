"""Undo for marking many prospects at once."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Max, QuerySet

from custode.guard import door, history
from custode.guard.door import ObjectState, PreparedUndo, UndoHandler, UndoStatus, UndoTargets
from custode.guard.kinds import Verb
from custode.guard.models import Change, LogEntry
from custode.guard.models import Outcome as Ended
from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.prospecting import outcomes
from custode.prospecting.list_locks import hold_lists_of
from custode.prospecting.models import Outcome, Prospect, ProspectingList

_FIELD = "outcome"


def _lines(entry: LogEntry) -> QuerySet[Change]:
    return Change.objects.filter(kind=entry.kind, seq=entry.seq, field=_FIELD)


def _touched(entry: LogEntry) -> QuerySet[Prospect]:
    return Prospect.with_trashed.filter(pk__in=_lines(entry).values("object_id"))


def _hold(entry: LogEntry) -> None:
    hold_lists_of(_lines(entry).values_list("object_id", flat=True))
    door.locked(_touched(entry).order_by("pk"))


def _look(entry: LogEntry) -> Sequence[ObjectState]:
    """Return each prospect's state; one that has become a lead since keeps that mark."""
    told = {pk: (old, new) for pk, old, new in _lines(entry).values_list("object_id", "old", "new")}
    of_them = Change.objects.filter(kind=entry.kind, field=_FIELD, object_id__in=told.keys())
    latest = dict(of_them.order_by().values_list("object_id").annotate(last=Max("pk")))
    back = _given_back(entry)
    rows = list(_touched(entry).order_by("pk").values_list("pk", "trash_id", "outcome", "lead_id"))
    leads = outcomes.alive([lead for *_others, lead in rows if lead])
    found = []
    for pk, trash, now, lead in rows:
        was, new = told[pk]
        stands = UndoStatus.AS_LEFT if now == new else UndoStatus.CHANGED
        if trash is not None:
            stands = UndoStatus.TRASHED
        elif now == was or pk in back or lead in leads:
            stands = UndoStatus.SETTLED
        last = latest.get(pk)
        found.append(
            ObjectState(
                pk, stands, seen=str(last), last=last, before=_word(was), after=_word(new),
                now="" if now == new else _word(now),
            )
        )  # fmt: skip
    return found


def _given_back(entry: LogEntry) -> set[int]:
    """Return the prospects whose mark an undo of the act has restored."""
    undos = LogEntry.objects.filter(about=entry.seq, verb=Verb.UNDO, outcome=Ended.DONE)
    lines = Change.objects.filter(
        kind=entry.kind, seq__in=list(undos.values_list("seq", flat=True))
    )
    return set(lines.values_list("object_id", flat=True))


def _word(outcome: str | None) -> str:
    return str(Outcome(outcome).label) if outcome in Outcome.values else str(outcome)


def _give(actor: Actor, entry: LogEntry, going: UndoTargets) -> PreparedUndo:
    """Prepare to restore the prospects' earlier marks."""
    lines = _lines(entry)
    was = {pk: old or "" for pk, old in lines.values_list("object_id", "old")}
    rows = list(Prospect.objects.filter(pk__anyof=list(going.ids)).order_by("pk"))

    def do(seq: int) -> None:
        """Restore the marks."""
        history.write(
            [history.line(actor, row, _FIELD, row.outcome, was[row.pk], seq) for row in rows]
        )
        now = clock.now()
        for before in set(was.values()):
            ids = [row.pk for row in rows if was[row.pk] == before]
            Prospect.objects.filter(pk__anyof=ids).update(outcome=before, updated_at=now)
        lists = {row.in_list_id for row in rows}
        ProspectingList.objects.filter(pk__in=lists).update(updated_at=now)

    return PreparedUndo(do, {"marked": lines.values_list("new", flat=True).first()})


door.register_undo_handler(outcomes.WAY, UndoHandler(_look, _give, _hold))
