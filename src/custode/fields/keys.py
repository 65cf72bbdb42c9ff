"""Finding others that have the same in a key field: what each object has there, made comparable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django.db.models import Q

from custode.fields.models import DefaultField, HeldKey
from custode.fields.reading import Value, comparable
from custode.guard import kinds
from custode.guard.owned import Guarded
from custode.kernel.actor import Actor

CHUNK: Final = 2000
MOST_LOOKED_AT: Final = 500
"""So many objects that have the same are looked through for those that an actor sees."""
_rows: dict[str, type[HeldKey]] = {}


def declare(model: type[HeldKey]) -> None:
    """For the app of a kind that has fields: where its objects' keys are kept."""
    owner: Any = model._meta.get_field(model.part_of).related_model
    _rows[owner.kind.name] = model


def keep(thing: Any, fields: Sequence[DefaultField]) -> None:
    """Note what an object has in these fields now; within the transaction that sets it.

    Args:
        fields: as they are held in it (`values.held`), so that none becomes a key meanwhile.
    """
    if not fields:
        return
    model = _rows[thing.kind.name]
    mine = {model.part_of: thing}
    model.objects.filter(**mine, field__in=[one.pk for one in fields]).delete()
    model.objects.bulk_create(rows_for([thing], fields))


def rows_for(things: Iterable[Any], fields: Iterable[DefaultField]) -> list[HeldKey]:
    """The rows of many objects, not yet saved."""
    found = []
    keyed = [one for one in fields if one.is_key]
    for thing in things if keyed else ():
        model = _rows[thing.kind.name]
        for field in keyed:
            if key := comparable(field, thing.field_values.get(field.key)):
                owner = {f"{model.part_of}_id": thing.pk}
                found.append(
                    model(account_id=thing.account_id, field_id=field.pk, key=key, **owner)
                )
    return found


def save(kind: str, rows: Sequence[HeldKey]) -> None:
    """Save the rows of many new objects of a kind."""
    _rows[kind].objects.bulk_create(rows)


def refill(field: DefaultField) -> None:
    """A field has become a key, or is none any more; those in the trash are noted too."""
    model = _rows[field.kind]
    model.objects.filter(field=field).delete()
    if not field.is_key:
        return
    holders: Any = kinds.model_of(field.kind)
    having = holders.with_trashed.filter(field_values__has_key=field.key)
    chunk: list[HeldKey] = []
    for thing in having.only("pk", "account_id", "field_values").iterator(CHUNK):
        chunk += rows_for([thing], [field])
        if len(chunk) >= CHUNK:
            model.objects.bulk_create(chunk)
            chunk = []
    model.objects.bulk_create(chunk)


def others(
    actor: Actor, kind: str, values: Mapping[str, Value], fields: Iterable[DefaultField],
    besides: int = 0, most: int = 5,
) -> list[tuple[DefaultField, Any]]:  # fmt: skip
    """The living objects that an actor sees and that have the same in a key field, by two queries.

    Those that the actor does not see are not told of: whoever could ask what a colleague's leads
    have would read them value by value.
    """
    model, part = _rows[kind], _rows[kind].part_of
    wanted = {
        field.pk: (field, key)
        for field in fields
        if field.is_key and (key := comparable(field, values.get(field.key)))
    }
    if not wanted:
        return []
    same = Q(pk__in=[])
    for pk, (_field, key) in wanted.items():
        same |= Q(field=pk, key=key)
    holders: Any = kinds.model_of(kind)
    seen = holders.objects.filter(holders.kind.sees(actor)).exclude(pk=besides)
    # First who has it, from an index: a sight that is wide would be gone through as a whole.
    rows = list(model.objects.filter(same).order_by("-pk")[:MOST_LOOKED_AT])
    ids = {getattr(row, f"{part}_id") for row in rows}
    found: dict[int, Guarded] = {one.pk: one for one in seen.filter(pk__anyof=list(ids))}
    told = [
        (wanted[row.field_id][0], found[getattr(row, f"{part}_id")])
        for row in rows
        if getattr(row, f"{part}_id") in found
    ]
    return told[:most]
