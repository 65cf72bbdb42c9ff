"""One object in the log: its name in URLs, and the entries that touched it."""

from __future__ import annotations

from collections.abc import Collection

from custode.guard import kinds, touched_objects
from custode.guard.kinds import Verb
from custode.guard.models import Change, LogEntry, TrashEntry
from custode.guard.owned import Guarded
from custode.guard.touched_objects import Marks, MarksOfRows
from custode.kernel.address import whole


def read(text: str) -> str:
    """Return an object as URLs name it, `kind:number`; "" if the text is no such name."""
    kind, _colon, number = text.partition(":")
    known = {model.kind.name for model in kinds.all_models()}
    pk = whole(number)
    return f"{kind}:{pk}" if kind in known and pk else ""


def acts_on(thing: str) -> list[int]:
    """Return the numbers of entries that touched an object or its parents, the latest first.

    For a kind that is exported through its children (a list as its rows), their exports count.
    """
    model, pk = found(thing)
    row = model.with_trashed.filter(pk=pk).first()
    touched: dict[str, Collection[int] | Marks] = {model.kind.name: [pk]}
    if row is not None and (above := row.hangs_on) is not None:
        touched[above.kind.name] = [above.pk]
    if not model.kind.export:
        touched |= _hanging(model, pk)
    seqs = {*touched_objects.acts_on(touched), *_changes(model, pk), *_of_row(row)}
    # The end of an export, and each download of its file, refer to its beginning.
    about = LogEntry.objects.filter(about__in=seqs, verb=Verb.EXPORT)
    seqs.update(about.values_list("seq", flat=True))
    return sorted(seqs, reverse=True)[: touched_objects.MOST]


def found(thing: str) -> tuple[type[Guarded], int]:
    """Return the model and the number of the object that a URL names."""
    kind, _colon, number = thing.partition(":")
    return kinds.model_of(kind), int(number)


def _hanging(model: type[Guarded], pk: int) -> dict[str, Marks]:
    """Return the children of an object that are exported by themselves: kind -> numbers."""
    found: dict[str, Marks] = {}
    for child in kinds.children_of(model):
        if child.kind.export and child.kind.rules_from == model.kind.name:
            on_it = {kinds.link(child, model): pk}
            trashed = child.with_trashed.filter(**on_it, trash__isnull=False)
            found[child.kind.name] = MarksOfRows(child.objects.filter(**on_it), trashed)
    return found


def _changes(model: type[Guarded], pk: int) -> list[int]:
    """Return the bulk changes of an object, from its history."""
    lines = Change.objects.filter(kind=model.kind.name, object_id=pk, seq__isnull=False)
    seqs = lines.order_by("-id").values_list("seq", flat=True)[: touched_objects.MOST]
    return [seq for seq in seqs if seq is not None]


def _of_row(row: Guarded | None) -> list[int]:
    """Return the import that brought it and the act that deleted it, which nothing else records."""
    if row is None:
        return []
    entries = [pk for pk in (row.arrived_id, row.trash_id) if pk]
    return list(TrashEntry.objects.filter(pk__in=entries).values_list("seq", flat=True))
