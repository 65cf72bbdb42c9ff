"""Undo for fields that were emptied or overwritten one by one: restores their earlier values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, Final

from custode.guard import gathering, history, kinds, rewriting
from custode.guard.content_loss import empties
from custode.guard.door.field_changes import (
    FieldChanges,
    FieldValues,
    field_changes_of,
    lines_of,
)
from custode.guard.door.selection import Rows, locked
from custode.guard.door.undo_handlers import (
    ObjectState,
    PreparedUndo,
    UndoHandler,
    UndoTargets,
    register_undo_handler,
)
from custode.guard.door.undo_parts import UndoStatus
from custode.guard.hanging import with_above
from custode.guard.models import LogEntry
from custode.guard.owned import Guarded
from custode.guard.units import fields
from custode.kernel import clock
from custode.kernel.actor import Actor

_TOLD: Final = 120
"""The maximum number of a field's characters that a preview shows."""
_NAMED: Final = 5
"""The maximum number of objects that the entry of an undo names."""


@dataclass(frozen=True, slots=True)
class VirtualField:
    """Access to fields that are no columns of their own: an object's parts, or keys of one column.

    Args:
        read: returns the present value, as the history keeps it; takes the object, and the field's
            name after the colon.
        write: sets the value; the object is saved afterwards.
        label: the field's display name.
    """

    read: Callable[[Any, str], str | None]
    write: Callable[[Any, str, str | None], None]
    label: Callable[[str], str]


_virtual_fields: dict[str, VirtualField] = {}


def register_virtual_fields(prefix: str, one: VirtualField) -> None:
    """Declare how fields are restored whose name in the history begins with `prefix:`."""
    _virtual_fields[prefix] = one


_Others = Mapping[tuple[str, str], str]
"""The rows that fields point to (a lead's folder): a field and a row's number -> the row's name."""


def _now(thing: Guarded, key: str) -> str | None:
    prefix, colon, rest = key.partition(":")
    if colon:
        return _virtual_fields[prefix].read(thing, rest)
    column: Any = thing._meta.get_field(key)
    return history.plain(getattr(thing, column.attname))


def _pointed_to(model: type[Guarded], key: str) -> Any:
    """Return the model that a field points to; None for a field with a value of its own."""
    return None if ":" in key else model._meta.get_field(key).related_model


def _others(model: type[Guarded], values: Iterable[FieldValues]) -> _Others:
    """Return the rows that such values point to, as far as they are not deleted for ever."""
    wanted: dict[str, set[str]] = {}
    for one in values:
        for key, value in one.items():
            if value and _pointed_to(model, key):
                wanted.setdefault(key, set()).add(value)
    return {
        (key, str(row.pk)): str(row)
        for key, ids in wanted.items()
        for row in _pointed_to(model, key)._base_manager.filter(pk__in=ids)
    }


def _told_of(entry: LogEntry) -> tuple[dict[int, FieldChanges], _Others]:
    """Return what an act did, by object, without what pointed to a row that is gone for ever."""
    model, told = kinds.model_of(entry.kind), field_changes_of(entry)
    others = _others(model, (said for one in told.values() for said in (one.was, one.became)))
    for one in told.values():
        for key, old in list(one.was.items()):
            if old and _pointed_to(model, key) and (key, old) not in others:
                del one.was[key], one.became[key]
    return told, others


def label_of(model: type[Guarded], key: str) -> str:
    """Return the display name of a field of a kind, from its name in the history."""
    prefix, colon, rest = key.partition(":")
    if colon:
        return _virtual_fields[prefix].label(rest)
    field: Any = model._meta.get_field(key)
    return str(field.verbose_name)


def _touched(entry: LogEntry) -> Rows:
    """Return the objects that an act touched, including those in the trash, with their parents."""
    model = kinds.model_of(entry.kind)
    ids = lines_of(entry).values("object_id")
    return with_above(model.with_trashed.filter(pk__in=ids).order_by("pk"))


def _look(entry: LogEntry) -> Sequence[ObjectState]:
    """Return each object's state; it is as the act left it while any of its fields is."""
    model = kinds.model_of(entry.kind)
    told, others = _told_of(entry)
    things: list[tuple[Guarded, FieldValues]] = [
        (thing, {key: _now(thing, key) for key in told[thing.pk].was}) for thing in _touched(entry)
    ]
    others = {**others, **_others(model, (now for _thing, now in things))}
    # Asked once of each field, not of each object: some labels stand in the database.
    words, found = partial(_words, cache(partial(label_of, model)), others), []
    for thing, now in things:
        one = told[thing.pk]
        found.append(
            ObjectState(
                thing.pk, one.stands(now) if thing.lives else UndoStatus.TRASHED,
                seen=str(one.last), last=one.last,
                before=words(thing, one.was, one.units_before),
                after=words(thing, one.became, one.units_after),
                now=words(thing, one.changed(now), {}),
            )
        )  # fmt: skip
    return found


def _words(
    label: Callable[[str], str], others: _Others, thing: Guarded, values: FieldValues,
    units: FieldValues,
) -> str:  # fmt: skip
    return ", ".join(_parts(label, others, thing, values, units))


def _parts(
    label: Callable[[str], str], others: _Others, thing: Guarded, values: FieldValues,
    units: FieldValues,
) -> Iterator[str]:  # fmt: skip
    for key, text in values.items():
        said = others.get((key, text or "")) or thing.in_words(key, text or "", units.get(key))
        line = " ".join(said.split())
        cut = f"{line[:_TOLD]}…" if len(line) > _TOLD else line
        yield f"{label(key)}: {cut or '–'}"


def _give(fact: str, actor: Actor, entry: LogEntry, going: UndoTargets) -> PreparedUndo:
    """Restore fields where the act's value remains; for those to be overwritten, all fields."""
    (told, _others_there), count = _told_of(entry), 0
    back: dict[int, FieldValues] = {}
    names, emptied = list[str](), 0
    for thing in _touched(entry).filter(pk__anyof=list(going.ids)):
        one = told[thing.pk]
        now = {key: _now(thing, key) for key in one.was}
        back[thing.pk] = one.differing(now) if thing.pk in going.over else one.standing(now)
        names.append(_name(thing, back[thing.pk]))
        emptied += sum(_is_emptied(thing, key, text) for key, text in back[thing.pk].items())
        count += len(back[thing.pk])
        back[thing.pk] |= _units_back(thing, back[thing.pk], one.units_before)
    apply = partial(_give_back, actor, entry, back)
    return PreparedUndo(apply, {fact: count}, names[:_NAMED], emptied)


def _is_emptied(thing: Guarded, key: str, text: str | None) -> bool:
    """Return whether restoring a field leaves next to nothing of what stands there now."""
    if ":" in key:
        return empties(thing.kind, key, _now(thing, key), text)
    column: Any = thing._meta.get_field(key)
    return empties(thing.kind, key, getattr(thing, column.attname), column.to_python(text))


def _units_back(thing: Guarded, back: FieldValues, units: FieldValues) -> FieldValues:
    """Return the currencies that amounts bring back: in another they would be other amounts."""
    found: FieldValues = {}
    for key, unit_key in fields(thing.kind).items():
        unit = units.get(key)
        if back.get(key) is not None and unit is not None and unit != _now(thing, unit_key):
            found[unit_key] = unit
    return found


def _name(thing: Guarded, said: FieldValues) -> str:
    """What an object is called where its fields say this."""
    label = thing.kind.label
    return str(said.get(label) or getattr(thing, label))[:_TOLD]


def _give_back(actor: Actor, entry: LogEntry, back: Mapping[int, FieldValues], seq: int) -> None:
    model = kinds.model_of(entry.kind)
    lines = []
    for thing in model.objects.filter(pk__anyof=list(back)).order_by("pk"):
        columns = set[str]()
        thing.updated_at = clock.now()
        for key, text in back[thing.pk].items():
            line = history.line(actor, thing, key, _now(thing, key), text, seq)
            line.at = thing.updated_at  # one moment, by which an amount knows its currency
            line.emptied = _is_emptied(thing, key, text)
            lines.append(line)
            columns |= _put(thing, key, text)
        thing.save(update_fields=["updated_at", *columns, *thing.follows])
    history.write(lines)


def _put(thing: Guarded, key: str, text: str | None) -> set[str]:
    """Set a field to this text, and return the object's columns that must be saved."""
    prefix, colon, rest = key.partition(":")
    if colon:
        _virtual_fields[prefix].write(thing, rest, text)
        return {prefix} if prefix in thing.keyed else set()
    column: Any = thing._meta.get_field(key)
    setattr(thing, column.attname, column.to_python(text))
    return {key}


def _hold(entry: LogEntry) -> None:
    locked(_touched(entry))


register_undo_handler(gathering.WAY, UndoHandler(_look, partial(_give, "emptied"), _hold))
register_undo_handler(rewriting.WAY, UndoHandler(_look, partial(_give, "written"), _hold))
