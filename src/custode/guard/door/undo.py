"""Undoing an act from its own log entry: a deletion, an import, a bulk change, a retirement.

An undo may touch only what the actor may edit: having performed the act gives no lasting right to
its objects. The exception is what the act itself gave away: that can be taken back until somebody
has touched it, or what hangs on it.

An act is undone whole or in part, in as many parts as one likes: what was taken back once is not
taken back again. What has been changed since is overwritten only on request, by somebody who has
seen its present state.
"""

from __future__ import annotations

import json
from dataclasses import replace

from django.db.models import Max, Q
from django.utils.translation import gettext as _

from custode.guard import kinds, log
from custode.guard.door import entries
from custode.guard.door.acts import Act, authorized, policy_checked
from custode.guard.door.bulk import declared
from custode.guard.door.changed import lines_of, objects_of
from custode.guard.door.removal import delete_arrived, restore
from custode.guard.door.retired_flag import undo_set_retired
from custode.guard.door.retiring import reopen
from custode.guard.door.selection import Rows, locked, named, not_yours, numbers, rows_of
from custode.guard.door.undo_changes import take_back
from custode.guard.door.undo_given_away import untouched
from custode.guard.door.undo_handlers import handler_of
from custode.guard.door.undo_parts import WHOLE_ACT, Picked, UndoPart, nothing_left
from custode.guard.door.undo_preview import pick, undo_previews
from custode.guard.door.undoable_acts import reverse
from custode.guard.kinds import Bulk, Verb
from custode.guard.models import Change, LogEntry, Outcome, TrashEntry
from custode.guard.owned import Guarded
from custode.guard.refusals import Attempt
from custode.kernel import scope
from custode.kernel.actor import Actor
from custode.kernel.errors import Gone, Invalid, NothingLeft, Refused


def undo(actor: Actor, seq: int, part: UndoPart = WHOLE_ACT) -> Act:
    """Undo the act with this log number; the undo is a log entry itself.

    What has been changed since, or belongs to somebody else now, is left as it is; `Act.count`
    tells how many objects were taken back, `Act.stayed` how many were not.

    Args:
        part: only this part of the act's objects, and which changed objects are overwritten.

    Raises:
        Gone: there is no such act; or it is somebody else's and the actor, who is no admin, sees
            nothing of what it touched, which must look the same.
        NothingLeft: it was undone already, or nothing of it is left.
        Refused: the act is somebody else's and the actor is no admin, or a rule forbids it, or
            everything that is left of it belongs to others.
        Invalid: acts of this sort cannot be undone, or not in part.
    """
    with scope.account(actor.account_id):
        entry = LogEntry.objects.filter(seq=seq).exclude(outcome=Outcome.REFUSED).first()
        if entry is None:
            raise _no_such_act()
        taken_away = TrashEntry.objects.filter(seq=seq).first()
        _require_own(actor, entry, taken_away)
    try:
        return _reversed(actor, entry, taken_away, part)
    except Gone as error:
        raise NothingLeft(str(error)) from error


def _reversed(actor: Actor, entry: LogEntry, taken_away: TrashEntry | None, part: UndoPart) -> Act:
    """Undo an act in the way of its sort."""
    details = json.loads(entry.details)
    if (way := handler_of(entry)) is not None:
        return reverse(actor, entry, way, part)
    if entry.verb in {Verb.CHANGE, Verb.UNDO} and "field" in details:
        return _undo_change(actor, entry, part)
    if entry.verb == Verb.RETIRE:
        # No object points to it, so there is nothing to move back.
        return (undo_set_retired if "shelved" in details else reopen)(actor, entry, part)
    if entry.verb == Verb.IMPORT and entry.trash_id is not None:
        return delete_arrived(actor, entry, part)
    if entry.verb in {Verb.DELETE, Verb.UNDO} and taken_away is not None:
        return _bring_back(actor, taken_away, part)
    raise Invalid(_("This cannot be undone."))


def _no_such_act() -> Gone:
    return Gone(_("There is no such act."))


def _require_own(actor: Actor, entry: LogEntry, taken: TrashEntry | None) -> None:
    """Refuse, and log, undoing other people's acts; reveal nothing about those out of sight.

    Raises:
        Refused: it is somebody else's, and the actor sees something of what it touched.
        Gone: it is somebody else's, and the actor sees nothing of it.
    """
    if may_undo(actor, entry):
        return
    deletion = None if entry.verb == Verb.IMPORT else taken
    try:
        if deletion is not None:
            with policy_checked(actor, Verb.RESTORE, tried=entries.attempt(actor, deletion)):
                raise entries.of_another(deletion)
        # Undoing an import deletes.
        verb = Verb.DELETE if entry.verb == Verb.IMPORT else Verb.UNDO
        with policy_checked(actor, verb, entry.kind, Attempt(entry.count, {"undo": entry.seq})):
            raise Refused(_("Only whoever did this, or an admin, can undo it."), because="not_own")
    except Refused:
        if _sees_some(actor, entry):
            raise
        raise _no_such_act() from None


def _sees_some(actor: Actor, entry: LogEntry) -> bool:
    """Return whether the actor sees anything that an act touched, including what is in the trash.

    Everybody has seen what was retired (a step, a template, a field), whatever it was used for.
    """
    return entry.verb == Verb.RETIRE or any(
        preview.rows.filter(preview.model.kind.sees(actor)).exists()
        for preview in undo_previews(actor, entry)
    )


def _bring_back(actor: Actor, taken: TrashEntry, part: UndoPart) -> Act:
    """Undo a deletion: bring back what it took, or a part of it."""
    if part.is_whole:
        return restore(actor, taken, about=taken.seq)
    with scope.account(actor.account_id):
        lying = kinds.model_of(taken.kind).with_trashed.filter(trash_id=taken.pk)
        ids = set(part.among(lying).values_list("pk", flat=True))
        ids = ids if part.kind in {"", taken.kind} else set()
    act = restore(actor, taken, only=ids, about=taken.seq)
    asked = ids if part.only is None else part.only
    return replace(act, stayed=len(asked) - act.count)


def may_undo(actor: Actor, entry: LogEntry) -> bool:
    """Return whether the act is the actor's own, or the actor is an admin."""
    return actor.is_admin or (entry.actor_kind, entry.actor_id) == (actor.kind.value, actor.id)


def _undo_change(actor: Actor, entry: LogEntry, part: UndoPart) -> Act:
    model = kinds.model_of(entry.kind)
    with authorized(actor, Verb.UNDO, entry.kind, Attempt(entry.count, {"undo": entry.seq})):
        part.require(entry.kind)
        bulk = declared(model.kind, json.loads(entry.details)["field"])
        bulk.check(actor, None)
        lines = lines_of(entry, model)
        touched = part.among(model.objects.filter(pk__anyof=objects_of(lines)))
        # Only what the act itself gave away may be out of the actor's sight.
        seen = touched if bulk.transfers_ownership else rows_of(actor, touched)
        held = locked(seen.filter(_may_go_back(actor, model, bulk, lines)))
        # Examined while they are locked.
        if bulk.transfers_ownership:
            held = untouched(actor, model, held, entry.at)
        (preview,) = undo_previews(actor, entry)
        picked = pick(preview, part, held)
        if not picked.ids:
            raise _why_not(entry, model, pick(preview, part, seen.values_list("pk", flat=True)))
        noted = log.write(
            actor, Verb.UNDO, kind=entry.kind, count=len(picked.ids), about=entry.seq,
            labels=named(touched, picked.ids), details={"field": bulk.field, **picked.details},
        )  # fmt: skip
        going = model.objects.filter(pk__anyof=numbers(picked.ids))
        take_back(actor, going, bulk, lines, noted.seq)
        return Act(len(picked.ids), noted.seq, stayed=picked.stayed)


def _why_not(entry: LogEntry, model: type[Guarded], seen: Picked) -> Gone | Refused:
    """Return why nothing of a change is taken back: the actor may not edit it, or nothing is left.

    Args:
        seen: what would be taken back if the actor could edit everything they see.
    """
    if others := len(seen.ids):
        return not_yours(others, others, model.kind)
    before = LogEntry.objects.filter(about=entry.seq, verb=Verb.UNDO).exists()
    return nothing_left(before=before, stayed=seen.stayed)


def _may_go_back(actor: Actor, model: type[Guarded], bulk: Bulk, lines: Rows) -> Q:
    """Return the rows the actor may edit; of those given away, only those untouched since."""
    edits = model.kind.edits(actor) & bulk.limited_to(actor)
    if not edits or not bulk.transfers_ownership:
        return edits
    last = lines.aggregate(last=Max("pk"))["last"]
    since = Change.objects.filter(
        kind=model.kind.name, object_id__anyof=objects_of(lines), pk__gt=last
    )
    return edits | ~Q(pk__anyof=objects_of(since))
