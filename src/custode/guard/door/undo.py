"""Undoing an act from its own entry: a deletion, an import, a bulk change."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from custode.guard import kinds, log
from custode.guard.door.bulk import declared, put_on, take_off, write_lines
from custode.guard.door.deeds import Act, passing
from custode.guard.door.removal import delete_arrived, restore
from custode.guard.door.selection import Rows
from custode.guard.kinds import Verb
from custode.guard.models import Change, LogEntry, Outcome, TrashEntry
from custode.guard.owned import Guarded
from custode.kernel import clock, scope
from custode.kernel.actor import Actor
from custode.kernel.errors import Gone, Invalid, Refused


def undo(actor: Actor, seq: int) -> Act:
    """Reverse the act with this number in the log; the reversal is an entry itself.

    What has been changed again since is left as it is now; `Act.count` tells how many went back.

    Raises:
        Gone: there is no such act, or it was undone before.
        Refused: the act is somebody else's and the actor is no admin, or a rule forbids it.
        Invalid: acts of this sort cannot be undone.
    """
    with scope.account(actor.account_id):
        entry = LogEntry.objects.filter(seq=seq).exclude(outcome=Outcome.REFUSED).first()
        if entry is None:
            raise Gone(_("There is no such act."))
        taken_away = TrashEntry.objects.filter(seq=seq).first()
    if entry.verb == Verb.CHANGE:
        return _undo_change(actor, entry)
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
    with passing(actor, Verb.UNDO, entry.kind):
        if not may_undo(actor, entry):
            raise Refused(_("Only who did this, or an admin, can undo it."))
        if LogEntry.objects.filter(about=entry.seq, verb=Verb.UNDO).exists():
            raise Gone(_("This was undone before."))
        lines = Change.objects.filter(seq=entry.seq)
        count = lines.values("object_id").distinct().count()
        noted = log.write(actor, Verb.UNDO, kind=entry.kind, count=count, about=entry.seq)
        back = 0
        for field in lines.values_list("field", flat=True).distinct():
            of_field = lines.filter(field=field)
            if declared(model.kind, field).through:
                back = max(back, _labels_back(actor, model, field, of_field, noted.seq))
            else:
                back += _field_back(actor, model, field, of_field, noted.seq)
        return Act(back, noted.seq)


def _field_back(actor: Actor, model: type[Guarded], field: str, lines: Rows, seq: int) -> int:
    column: Any = model._meta.get_field(field)
    now_is = Cast(F(column.attname), models.TextField())
    line = lines.filter(object_id=OuterRef("pk"))
    unchanged = model.objects.annotate(
        now_is=now_is,
        then_was=Subquery(line.values("old")[:1]),
        set_to=Subquery(line.values("new")[:1]),
    ).filter(Q(now_is=F("set_to")) | Q(now_is__isnull=True, set_to__isnull=True))
    unchanged = unchanged.filter(pk__in=lines.values("object_id"))
    ids = list(unchanged.values_list("pk", flat=True))
    going = model.objects.filter(pk__anyof=ids)
    old = Subquery(line.values("old")[:1])
    write_lines(actor, going, field, F(column.attname), old, seq)
    return going.update(
        **{column.attname: Cast(old, models.BigIntegerField()), "updated_at": clock.now()}
    )


def _labels_back(actor: Actor, model: type[Guarded], field: str, lines: Rows, seq: int) -> int:
    bulk, touched = declared(model.kind, field), 0
    for old, new in list(lines.values_list("old", "new").distinct()):
        objects = lines.filter(old=old, new=new).values("object_id")
        living = model.objects.filter(pk__in=objects)
        if new is not None:
            touched = max(touched, take_off(actor, living, bulk, int(new), seq))
        elif old is not None:
            touched = max(touched, put_on(actor, living, bulk, int(old), seq))
    return touched
