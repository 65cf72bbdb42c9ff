"""Retiring a choice (a step, a tag) that objects point to: all of them get another one, or none.

Objects of every kind that declares such a choice for bulk edits: a tag is on leads and on lists.
Those in the trash too: what is restored one day must not stand where nobody finds it. The lines of
history are written first, as for a bulk edit; they and the log's entry are the way back.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from custode.guard import kinds, lock, log, policy
from custode.guard.door.backwards import standing, take_back
from custode.guard.door.bulk import (
    declared,
    having,
    own,
    put_on,
    require_offered,
    take_off,
    values_of,
    write_lines,
)
from custode.guard.door.deeds import Act, passing
from custode.guard.door.selection import Rows, locked
from custode.guard.kinds import Bulk, Verb
from custode.guard.models import Change, LogEntry
from custode.guard.owned import Guarded, Retirable
from custode.guard.refusals import Tried
from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.kernel.errors import Gone, Invalid


def _anyhow() -> None:
    """Nothing more to look at."""


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
    """Offer choices no more; every object that has one of them gets `into` instead.

    Args:
        field: a field that the kind declares for bulk edits, and of which these are values.
        into: another value of it; None only for labels, which are then simply taken off.
        along: what is retired in the same act and no object points to (the pipeline of steps).
        look: looks at how things stand, while nobody else can change what goes; may raise.

    Raises:
        Gone: one of them has been retired in the meantime.
        Invalid: one of them is another account's, or `into` is among those that go.
        Refused: the actor is no admin.
    """
    pointing = _pointing(kind, field)
    own(actor, *gone, *along, into)
    names = [str(one)[:120] for one in [*along, *gone][:4]] + ([str(into)[:120]] if into else [])
    with passing(actor, Verb.RETIRE, kind, Tried(0, {"field": field, "along": bool(along)}, names)):
        _require_there([*gone, *along], into)
        objects = [model.with_trashed.filter(_has(model, bulk, gone)) for model, bulk in pointing]
        # First what points, then what is pointed to, as everybody else does: nobody waits in a
        # circle. What has come between the two is found the second time.
        for rows in objects:
            locked(rows)
        _hold([*gone, *along])
        look()
        ids = [list(rows.values_list("pk", flat=True)) for rows in objects]
        also = {m.kind.name: len(n) for (m, _b), n in zip(pointing[1:], ids[1:], strict=True) if n}
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
        for (model, bulk), found in zip(pointing, ids, strict=True):
            _move(actor, model.with_trashed.filter(pk__anyof=found), bulk, gone, into, noted.seq)
        _set([*gone, *along], clock.now())
        return Act(len(ids[0]), noted.seq, along=also)


def _pointing(kind: str, field: str) -> list[tuple[type[Guarded], Bulk]]:
    """The kinds whose objects have choices of this sort: first the one named, then the others."""
    root = kinds.model_of(kind)
    bulk = declared(root.kind, field)
    values = values_of(root, bulk)
    others = [
        (model, other)
        for model in kinds.all_models()
        for other in model.kind.bulk
        if model is not root and values_of(model, other) is values
    ]
    return [(root, bulk), *others] if issubclass(values, Retirable) else [(root, bulk)]


def _move(
    actor: Actor, moving: Rows, bulk: Bulk, gone: Sequence[Retirable], into: Retirable | None,
    seq: int,
) -> None:  # fmt: skip
    """Give these rows `into` for what goes, with their lines of history."""
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


def reopen(actor: Actor, entry: LogEntry) -> Act:
    """Undo a retirement: the choices are offered again, and what pointed to them does so again.

    What has been changed again since is left as it is.

    Raises:
        Gone: it was undone before.
        Invalid: something of the same name was made since, or what it belongs to is retired.
        Refused: the actor is no admin.
    """
    model = kinds.model_of(entry.kind)
    with passing(actor, Verb.UNDO, entry.kind, Tried(entry.count)):
        policy.require(actor, Verb.RETIRE, entry.kind)
        if LogEntry.objects.filter(about=entry.seq, verb=Verb.UNDO).exists():
            raise Gone(_("This was undone before."))
        details = json.loads(entry.details)
        pointing = _pointing(entry.kind, details["field"])
        bulk = pointing[0][1]
        _reopen(model, bulk, details)
        ids = [_standing(one, its, entry.seq) for one, its in pointing]
        back = _rows(model, bulk, details)
        noted = log.write(
            actor, Verb.UNDO, kind=entry.kind, count=len(ids[0]), about=entry.seq,
            labels=[str(one)[:120] for one in back[:5]], details={"retired": details["retired"]},
        )  # fmt: skip
        for (one, its), found in zip(pointing, ids, strict=True):
            going = one.with_trashed.filter(pk__anyof=found)
            take_back(actor, going, its, _lines(one, entry.seq), noted.seq)
        concerned = _lines(model, entry.seq).values("object_id").distinct().count()
        return Act(len(ids[0]), noted.seq, stayed=concerned - len(ids[0]))


def _lines(model: type[Guarded], seq: int) -> Rows:
    return Change.objects.filter(seq=seq, kind=model.kind.name)


def _standing(model: type[Guarded], bulk: Bulk, seq: int) -> list[int]:
    """The rows of a kind on which an act still stands, held."""
    lines = _lines(model, seq)
    touched = model.with_trashed.filter(pk__in=lines.values("object_id"))
    return locked(standing(touched, bulk, lines))


def _require_there(gone: Sequence[Retirable], into: Retirable | None) -> None:
    for one in gone:
        if not type(one).offered.filter(pk=one.pk).exists():
            raise Gone(_("“%(name)s” has been deleted in the meantime.") % {"name": one})
    if into in gone:
        raise Invalid(_("Choose another one to take its place."), field="into")
    require_offered(into)


def _has(model: type[Guarded], bulk: Bulk, gone: Sequence[Retirable]) -> Q:
    """The condition on an object that it has one of these."""
    if not bulk.through:
        return Q(**{f"{bulk.field}__in": [one.pk for one in gone]})
    found = Q(pk__in=[])
    for one in gone:
        found |= having(model, bulk, one.pk)
    return found


def _hold(rows: Sequence[Retirable]) -> None:
    """Hold them for the rest of the transaction: who wants to point to one waits, and learns."""
    for one in rows:
        type(one).objects.select_for_update().get(pk=one.pk)


def _set(rows: Sequence[Retirable], at: Any) -> None:
    for one in rows:
        with lock.opened(f"{Verb.RETIRE}:{one.account_id}"):
            type(one).objects.filter(pk=one.pk).update(retired_at=at)
        one.retired_at = at


def _rows(model: type[Guarded], bulk: Bulk, details: Mapping[str, Any]) -> list[Retirable]:
    """What was retired: what it belongs to first."""
    along: list[Retirable] = [
        apps.get_model(label)._default_manager.get(pk=pk) for label, pk in details["along"].items()
    ]
    return [*along, *values_of(model, bulk).objects.filter(pk__in=details["retired"])]


def _reopen(model: type[Guarded], bulk: Bulk, details: Mapping[str, Any]) -> None:
    rows = _rows(model, bulk, details)
    _hold(rows)
    try:
        # A savepoint: what follows the error is said in the same transaction.
        with transaction.atomic():
            _set(rows, None)
    except IntegrityError as error:
        raise Invalid(
            _("Something of this name was made since. Give that another name, then undo again.")
        ) from error
    for one in rows:
        for field in one._meta.concrete_fields:
            above = getattr(one, field.name) if field.is_relation else None
            if isinstance(above, Retirable) and above.retired_at:
                raise Invalid(
                    _("“%(name)s” has been deleted since. Undo that first.") % {"name": above}
                )
