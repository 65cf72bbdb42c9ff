"""Undoing an act from its own entry: a deletion, an import, a bulk change, a retirement.

What an undo may touch is what the actor may edit: the act gives nobody a right to the objects for
later. Only what an act itself has given away can be taken back, until somebody has touched it.
"""

from __future__ import annotations

import json

from django.db.models import Exists, Max, OuterRef, Q
from django.utils.translation import gettext as _

from custode.guard import kinds, log
from custode.guard.door.backwards import standing, take_back
from custode.guard.door.bulk import declared
from custode.guard.door.deeds import Act, passing
from custode.guard.door.removal import delete_arrived, restore
from custode.guard.door.retiring import reopen
from custode.guard.door.selection import Rows, locked, named, not_yours, rows_of
from custode.guard.door.shelving import unshelve
from custode.guard.kinds import Bulk, Verb
from custode.guard.models import Change, LogEntry, Outcome, TrashEntry
from custode.guard.owned import Guarded
from custode.guard.refusals import Tried
from custode.kernel import scope
from custode.kernel.actor import Actor
from custode.kernel.errors import Gone, Invalid, Refused


def undo(actor: Actor, seq: int) -> Act:
    """Reverse the act with this number in the log; the reversal is an entry itself.

    What has been changed again since, or belongs to somebody else now, is left as it is;
    `Act.count` tells how many went back, `Act.stayed` how many did not.

    Raises:
        Gone: there is no such act, or it was undone before, or nothing of it is left.
        Refused: the act is somebody else's and the actor is no admin, or a rule forbids it, or
            all that is left of it belongs to others.
        Invalid: acts of this sort cannot be undone.
    """
    with scope.account(actor.account_id):
        entry = LogEntry.objects.filter(seq=seq).exclude(outcome=Outcome.REFUSED).first()
        if entry is None:
            raise Gone(_("There is no such act."))
        taken_away = TrashEntry.objects.filter(seq=seq).first()
    if entry.verb == Verb.CHANGE:
        return _undo_change(actor, entry)
    if entry.verb == Verb.RETIRE:
        # What no object points to has nothing to move back.
        return (unshelve if "shelved" in json.loads(entry.details) else reopen)(actor, entry)
    if entry.verb == Verb.IMPORT and entry.trash_id is not None:
        return delete_arrived(actor, entry)
    if entry.verb in {Verb.DELETE, Verb.UNDO} and taken_away is not None:
        return restore(actor, taken_away, about=seq)
    raise Invalid(_("This cannot be undone."))


def may_undo(actor: Actor, entry: LogEntry) -> bool:
    """Whether the act is the actor's own, or the actor an admin."""
    return actor.is_admin or (entry.actor_kind, entry.actor_id) == (actor.kind.value, actor.id)


def _undo_change(actor: Actor, entry: LogEntry) -> Act:
    model = kinds.model_of(entry.kind)
    with passing(actor, Verb.UNDO, entry.kind, Tried(entry.count)):
        if not may_undo(actor, entry):
            raise Refused(_("Only who did this, or an admin, can undo it."), because="not_own")
        if LogEntry.objects.filter(about=entry.seq, verb=Verb.UNDO).exists():
            raise Gone(_("This was undone before."))
        lines = Change.objects.filter(seq=entry.seq)
        field = lines.values_list("field", flat=True).first()
        if field is None:
            raise _nothing_left()
        bulk = declared(model.kind, field)
        bulk.check(actor, None)
        touched = model.objects.filter(pk__in=lines.values("object_id"))
        # Only what the act itself gave away may be out of the actor's sight.
        seen = touched if bulk.gives else rows_of(actor, touched)
        left = standing(seen, bulk, lines)
        ids = locked(left.filter(_may_go_back(actor, model, bulk, lines)))
        if not ids:
            if others := left.count():
                raise not_yours(others, others, model.kind)
            raise _nothing_left()
        noted = log.write(
            actor, Verb.UNDO, kind=entry.kind, count=len(ids), about=entry.seq,
            labels=named(touched, ids),
        )  # fmt: skip
        going = model.objects.filter(pk__anyof=ids)
        take_back(actor, going, bulk, lines, noted.seq)
        concerned = lines.values("object_id").distinct().count()
        return Act(len(ids), noted.seq, stayed=concerned - len(ids))


def _nothing_left() -> Gone:
    return Gone(_("Nothing of this act is left: all has been changed again or deleted since."))


def _may_go_back(actor: Actor, model: type[Guarded], bulk: Bulk, lines: Rows) -> Q:
    """The rows the actor may edit, and of those given away the ones that nobody touched since."""
    edits = model.kind.edits(actor)
    if not edits or not bulk.gives:
        return edits
    last = lines.aggregate(last=Max("pk"))["last"]
    since = Change.objects.filter(kind=model.kind.name, object_id=OuterRef("pk"), pk__gt=last)
    return edits | ~Q(Exists(since))
