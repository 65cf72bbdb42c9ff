"""Determines the present state of the objects that an act touched, for undo and its preview.

One query answers for all of an act's objects, so that what a person is shown and what is then done
can differ only by what others did in between.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce, Concat

from custode.guard import kinds
from custode.guard.door import changed
from custode.guard.door.bulk import declared, pointing, values_of
from custode.guard.door.selection import Rows, numbers
from custode.guard.door.undo_handlers import ObjectState, handler_of
from custode.guard.door.undo_parts import Picked, UndoPart, UndoStatus
from custode.guard.kinds import Bulk, Verb
from custode.guard.models import Change, LogEntry, Outcome, TrashEntry
from custode.guard.owned import Guarded
from custode.kernel.actor import Actor, ActorKind

_TEXT = models.TextField()


@dataclass(frozen=True, slots=True)
class UndoPreview:
    """The objects of one kind that an act touched.

    Args:
        rows: those that still exist, including those in the trash. Each has `stands`
            (`UndoStatus`), `seen`, a text that differs when it has been changed again, and `last`,
            the number of its latest change that counts.
        bulk: for a change or a retirement, the field that it set; then `lines` has its history.
        states: where an act's objects were examined one by one, the state of each, by number; then
            what was seen, the latest change and the values are taken from here, not from the rows.
    """

    rows: Rows
    bulk: Bulk | None = None
    lines: Rows | None = None
    states: Mapping[int, ObjectState] | None = None

    @classmethod
    def of(
        cls, model: type[Guarded], stood: Sequence[ObjectState], bulk: Bulk | None = None,
        lines: Rows | None = None,
    ) -> UndoPreview:  # fmt: skip
        """Build a preview from objects that were examined one by one."""
        by_stand: dict[UndoStatus, list[int]] = {}
        for one in stood:
            by_stand.setdefault(one.stands, []).append(one.pk)
        ways = [
            When(pk__anyof=numbers(ids), then=_text(stands)) for stands, ids in by_stand.items()
        ]
        stands = Case(*ways, default=_text(UndoStatus.SETTLED), output_field=_TEXT)
        found = {one.pk: one for one in stood}
        rows = model.with_trashed.filter(pk__anyof=numbers(found)).annotate(stands=stands)
        return cls(rows, bulk, lines, found)

    @property
    def model(self) -> type[Guarded]:
        """The model of its objects."""
        found: type[Guarded] = self.rows.model
        return found

    @property
    def values(self) -> Any:
        """The model of the values that the field was set to, or of its labels."""
        return values_of(self.model, self.bulk) if self.bulk else None

    def counts(self) -> dict[UndoStatus, int]:
        """Return how many objects are in each state."""
        if self.states is not None:
            return dict(Counter(one.stands for one in self.states.values()))
        found = self.rows.order_by().values_list("stands").annotate(n=models.Count("pk"))
        return {UndoStatus(stands): n for stands, n in found}

    def changed(self) -> Rows:
        """Return the objects that were changed since."""
        return self.rows.filter(stands=UndoStatus.CHANGED)

    def seen_of(self, rows: Rows) -> dict[int, str]:
        """Return the `seen` text of these rows, by number, for overwriting (`UndoPart.over`)."""
        if self.states is not None:
            return {pk: self.states[pk].seen for pk in rows.values_list("pk", flat=True)}
        return dict(rows.values_list("pk", "seen"))

    def last_of(self, row: Any) -> int | None:
        """Return the number of a row's latest change that counts."""
        last: int | None = self.states[row.pk].last if self.states is not None else row.last
        return last

    def told(self, part: UndoPart) -> list[tuple[int, str, str]]:
        """Return number, state and seen text of each object of a part, except settled ones."""
        if self.states is not None:
            meant = (one for one in self.states.values() if part.means(one.pk))
            return [(o.pk, o.stands, o.seen) for o in meant if o.stands != UndoStatus.SETTLED]
        rows = part.among(self.rows).exclude(stands=UndoStatus.SETTLED)
        return list(rows.values_list("pk", "stands", "seen"))


def undo_previews(actor: Actor, entry: LogEntry) -> list[UndoPreview]:
    """Return the objects that an act touched by kind, its own kind first; none if it touches none.

    Args:
        actor: who asks; their own changes to imported objects do not count as changes.
    """
    if entry.outcome != Outcome.DONE or not kinds.is_declared(entry.kind):
        return []
    if (way := handler_of(entry)) is not None:
        return [UndoPreview.of(kinds.model_of(entry.kind), way.inspect(entry))]
    details = json.loads(entry.details)
    if entry.verb == Verb.RETIRE and "field" in details and "shelved" not in details:
        found = pointing(entry.kind, details["field"])
        return [_changed(entry, model, bulk, trashed_too=True) for model, bulk in found]
    if entry.verb in {Verb.CHANGE, Verb.UNDO} and "field" in details:
        model = kinds.model_of(entry.kind)
        return [_changed(entry, model, declared(model.kind, details["field"]))]
    if entry.verb == Verb.IMPORT and entry.trash_id is not None:
        return [_arrived(actor, entry)]
    taken = TrashEntry.objects.filter(seq=entry.seq).first()
    return [_taken_away(taken)] if taken is not None else []


def pick(preview: UndoPreview, part: UndoPart, held: Iterable[int]) -> Picked:
    """Return which of an act's objects an undo takes back.

    Args:
        held: the objects that the actor may take back, locked against changes in the meantime.
    """
    mine = frozenset(held)
    told = preview.told(part)
    wanted = [(pk, stands) for pk, stands, seen in told if part.wants(pk, stands, seen)]
    going = [(pk, stands) for pk, stands in wanted if pk in mine]
    return Picked(
        ids=[pk for pk, _stands in going],
        over=sum(stands == UndoStatus.CHANGED for _pk, stands in going),
        others=len(wanted) - len(going),
        stayed=len(told) - len(going),
    )


def _changed(
    entry: LogEntry, model: type[Guarded], bulk: Bulk, *, trashed_too: bool = False
) -> UndoPreview:
    """Return the objects whose field was set, or whose labels were changed, by a bulk change."""
    stood = changed.look(entry, model, bulk, trashed_too=trashed_too)
    return UndoPreview.of(model, stood, bulk, changed.lines_of(entry, model))


def _arrived(actor: Actor, entry: LogEntry) -> UndoPreview:
    """Return what an import brought; objects that others have worked on since count as changed."""
    model = kinds.model_of(entry.kind)
    later = [_edits_of_others(actor, model, entry), *_hung_since(entry, model)]
    touched = Q(pk__in=[])
    for found in later:
        touched |= Q(Exists(found))
    stands = Case(
        When(trash__isnull=False, then=_text(UndoStatus.TRASHED)),
        When(touched, then=_text(UndoStatus.CHANGED)),
        default=_text(UndoStatus.AS_LEFT), output_field=_TEXT,
    )  # fmt: skip
    # The latest edit, and the latest of each kind of child row, so that anything new shows.
    latest = (found.order_by("-pk").values("pk")[:1] for found in later)
    told = [Coalesce(Cast(Subquery(one), _TEXT), _text("0")) for one in latest]
    seen = Concat(_text(""), *(part for one in told for part in (one, _text("-"))))
    rows = model.with_trashed.filter(arrived_id=entry.trash_id)
    last = Subquery(later[0].order_by("-pk").values("pk")[:1])
    return UndoPreview(rows.annotate(stands=stands, seen=seen, last=last))


def _edits_of_others(actor: Actor, model: type[Guarded], entry: LogEntry) -> Rows:
    """Return what others did to an object; what the program does by itself does not count.

    The object's arrival is part of the import, whoever undoes that.
    """
    lines = Change.objects.filter(kind=model.kind.name, object_id=OuterRef("pk"))
    lines = lines.exclude(seq=entry.about)
    lines = lines.exclude(actor_kind=ActorKind.SYSTEM.value)
    return lines.exclude(actor_kind=actor.kind.value, actor_id=actor.id)


def _hung_since(entry: LogEntry, model: type[Guarded]) -> Iterator[Rows]:
    """Yield child rows that did not come with an object, one query per foreign key."""
    for child in kinds.children_of(model):
        for key, parent in kinds.parents_of(child).items():
            if parent is model:
                hanging = child.objects.filter(**{key: OuterRef("pk")})
                yield hanging.exclude(arrived_id=entry.trash_id)


def _taken_away(taken: TrashEntry) -> UndoPreview:
    """Return what is in the trash by the act."""
    lying = kinds.model_of(taken.kind).with_trashed.filter(trash_id=taken.pk)
    none = Value(None, models.BigIntegerField())
    return UndoPreview(lying.annotate(stands=_text(UndoStatus.AS_LEFT), seen=_text(""), last=none))


def _text(word: str) -> Value:
    return Value(str(word), _TEXT)
