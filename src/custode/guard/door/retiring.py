"""Retiring a choice (a step, a tag) that objects point to: they all get another one, or none.

This concerns objects of every kind that declares such a choice for bulk edits (a tag is on leads
and on lists), including those in the trash: what is restored later must not point to a retired
choice. The lines of history are written first, as for a bulk edit; they and the log's entry are
what undo uses.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.apps import apps
from django.db.models import F, Q
from django.utils.translation import gettext as _

from custode.guard import lock, log, naming, policy
from custode.guard.door.acts import Act, authorized
from custode.guard.door.bulk import (
    having,
    own,
    pointing,
    put_on,
    require_offered,
    take_off,
    values_of,
    write_lines,
)
from custode.guard.door.changed import lines_of, objects_of
from custode.guard.door.selection import Rows, locked
from custode.guard.door.undo_changes import take_back
from custode.guard.door.undo_parts import WHOLE_ACT, Picked, UndoPart, nothing_left
from custode.guard.door.undo_preview import UndoPreview, pick, undo_previews
from custode.guard.kinds import Bulk, Verb
from custode.guard.models import LogEntry
from custode.guard.owned import Guarded, Retirable
from custode.guard.refusals import Attempt
from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.kernel.errors import Gone, Invalid


def _anyhow() -> None:
    """Check nothing more."""


def retire(
    actor: Actor,
    kind: str,
    field: str,
    gone: Sequence[Retirable],
    into: Retirable | None,
    *,
    along: Sequence[Retirable] = (),
    look: Callable[[], None] = _anyhow,
) -> Act:
    """Retire choices; every object that has one of them gets `into` instead.

    Args:
        field: a field that the kind declares for bulk edits, and of which these are values.
        into: another value of it; None only for labels, which are then simply taken off.
        along: what is retired in the same act without objects pointing to it (the pipeline of
            steps).
        look: checks the situation while nobody else can change what is retired; may raise.

    Raises:
        Gone: one of them has been retired in the meantime.
        Invalid: one of them is another account's, or `into` is among those to retire.
        Refused: the actor is no admin.
    """
    concerned = pointing(kind, field)
    own(actor, *gone, *along, into)
    names = [str(one)[:120] for one in [*along, *gone][:4]] + ([str(into)[:120]] if into else [])
    with authorized(
        actor, Verb.RETIRE, kind, Attempt(0, {"field": field, "along": bool(along)}, names)
    ):
        _require_there([*gone, *along], into)
        objects = [model.with_trashed.filter(_has(model, bulk, gone)) for model, bulk in concerned]
        # Lock first what points, then what is pointed to, as everybody else does, to avoid
        # deadlocks. Rows that arrived between the two are found by the second pass.
        for rows in objects:
            locked(rows)
        _hold([*gone, *along])
        look()
        ids = [list(rows.values_list("pk", flat=True)) for rows in objects]
        also = {m.kind.name: len(n) for (m, _b), n in zip(concerned[1:], ids[1:], strict=True) if n}
        details: dict[str, Any] = {
            "field": field,
            "retired": [one.pk for one in gone],
            "along": {one._meta.label_lower: one.pk for one in along},
            "to": into.pk if into else None,
        }
        if also:
            details["also"] = also
        noted = log.write(
            actor, Verb.RETIRE, kind=kind, count=len(ids[0]), labels=names, details=details
        )
        for (model, bulk), found in zip(concerned, ids, strict=True):
            _move(actor, model.with_trashed.filter(pk__anyof=found), bulk, gone, into, noted.seq)
        _set([*gone, *along], clock.now())
        return Act(len(ids[0]), noted.seq, along=also)


def _move(
    actor: Actor, moving: Rows, bulk: Bulk, gone: Sequence[Retirable], into: Retirable | None,
    seq: int,
) -> None:  # fmt: skip
    """Set `into` on these rows in place of the retired choices, with lines of history."""
    if bulk.through:
        for one in gone:
            if into is not None:
                labelled = moving.filter(having(moving.model, bulk, one.pk))
                put_on(actor, labelled, bulk, into.pk, seq)
            take_off(actor, moving, bulk, one.pk, seq)
    else:
        column = f"{bulk.field}_id"
        write_lines(actor, moving, bulk.field, F(column), into.pk if into else None, seq)
        moving.update(**{column: into.pk if into else None})
    moving.update(updated_at=clock.now())


def reopen(actor: Actor, entry: LogEntry, part: UndoPart = WHOLE_ACT) -> Act:
    """Undo a retirement: the choices are offered again, and objects point to them again.

    Objects that have been changed since are left as they are.

    Args:
        part: only this part of the objects; the rest can be taken back later.

    Raises:
        Gone: it was undone already.
        Invalid: something of the same name was created since, or what it belongs to is retired.
        Refused: the actor is no admin.
    """
    with authorized(actor, Verb.UNDO, entry.kind, Attempt(entry.count, {"undo": entry.seq})):
        policy.require(actor, Verb.RETIRE, entry.kind)
        before = LogEntry.objects.filter(about=entry.seq, verb=Verb.UNDO).exists()
        details = json.loads(entry.details)
        back = _rows(entry, details)
        (_require_open if before else _reopen)(back)
        concerned = [model for model, _bulk in pointing(entry.kind, details["field"])]
        part.require(*(model.kind.name for model in concerned))
        concerned = [one for one in concerned if part.kind in {"", one.kind.name}]
        held = {one: locked(_touched(entry, one, part)) for one in concerned}
        # Examined while they are locked.
        found = [one for one in undo_previews(actor, entry) if one.model in held]
        picked = [pick(one, part, held[one.model]) for one in found]
        if not any(one.ids for one in picked) and (before or not part.is_whole):
            raise nothing_left(before=before, stayed=sum(one.stayed for one in picked))
        counts = _counted(found, picked)
        kind = part.kind or entry.kind
        count = counts.pop(kind, 0)
        noted = log.write(
            actor, Verb.UNDO, kind=kind, count=count, about=entry.seq,
            labels=[str(one)[:120] for one in back[:5]],
            details={"retired": details["retired"], **({"also": counts} if counts else {}),
                     **_overwritten(picked)},
        )  # fmt: skip
        for one, chosen in zip(found, picked, strict=True):
            _go_back(actor, one, chosen, noted.seq)
        return Act(count, noted.seq, along=counts, stayed=picked[0].stayed if picked else 0)


def _touched(entry: LogEntry, model: type[Guarded], part: UndoPart) -> Rows:
    """Return what a retirement touched, for locking."""
    return part.among(model.with_trashed.filter(pk__anyof=objects_of(lines_of(entry, model))))


def _counted(found: Sequence[UndoPreview], picked: Sequence[Picked]) -> dict[str, int]:
    """Return how many objects of each kind are taken back."""
    counts = {
        preview.model.kind.name: len(one.ids) for preview, one in zip(found, picked, strict=True)
    }
    return {kind: n for kind, n in counts.items() if n}


def _overwritten(picked: Sequence[Picked]) -> dict[str, int]:
    over = sum(one.over for one in picked)
    return {"over": over} if over else {}


def _go_back(actor: Actor, preview: UndoPreview, chosen: Picked, seq: int) -> None:
    """Give objects their retired choices again, with lines of history under the number `seq`."""
    if chosen.ids and preview.bulk is not None and preview.lines is not None:
        going = preview.model.with_trashed.filter(pk__anyof=chosen.ids)
        take_back(actor, going, preview.bulk, preview.lines, seq)


def _require_there(gone: Sequence[Retirable], into: Retirable | None) -> None:
    for one in gone:
        if not type(one).offered.filter(pk=one.pk).exists():
            raise Gone(_("“%(name)s” has been deleted in the meantime.") % {"name": one})
    if into in gone:
        raise Invalid(_("Choose another one to take its place."), field="into")
    require_offered(into)


def _has(model: type[Guarded], bulk: Bulk, gone: Sequence[Retirable]) -> Q:
    """Return the condition on an object that it has one of these choices."""
    if not bulk.through:
        return Q(**{f"{bulk.field}__in": [one.pk for one in gone]})
    found = Q(pk__in=[])
    for one in gone:
        found |= having(model, bulk, one.pk)
    return found


def _hold(rows: Sequence[Retirable]) -> None:
    """Lock the choices for the rest of the transaction: others who want to point to one wait."""
    for one in rows:
        type(one).objects.select_for_update().get(pk=one.pk)


def _set(rows: Sequence[Retirable], at: Any) -> None:
    for one in rows:
        with lock.opened(f"{Verb.RETIRE}:{one.account_id}"):
            type(one).objects.filter(pk=one.pk).update(retired_at=at)
        one.retired_at = at


def _rows(entry: LogEntry, details: Mapping[str, Any]) -> list[Retirable]:
    """Return the retired rows, parents first."""
    along: list[Retirable] = [
        apps.get_model(label)._default_manager.get(pk=pk) for label, pk in details["along"].items()
    ]
    model, bulk = pointing(entry.kind, details["field"])[0]
    return [*along, *values_of(model, bulk).objects.filter(pk__in=details["retired"])]


def _reopen(rows: Sequence[Retirable]) -> None:
    """Offer the retired choices again."""
    naming.alone()
    _hold(rows)
    taken = Invalid(
        _("Something of this name was made since. Give that another name, then undo again.")
    )
    if any(naming.namesake(one) is not None for one in rows):
        raise taken
    with naming.unless_taken(taken):
        _set(rows, None)
    for one in rows:
        for field in one._meta.concrete_fields:
            above = getattr(one, field.name) if field.is_relation else None
            if isinstance(above, Retirable) and above.retired_at:
                raise _since(above)


def _require_open(rows: Sequence[Retirable]) -> None:
    """Check that the choices an earlier undo offered again have not been retired since."""
    _hold(rows)
    for one in rows:
        if type(one).objects.filter(pk=one.pk, retired_at__isnull=False).exists():
            raise _since(one)


def _since(one: Retirable) -> Invalid:
    return Invalid(_("“%(name)s” has been deleted since. Undo that first.") % {"name": one})
