"""Finding objects with an equal value in a key field, by a normalised copy of these values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django.db import transaction
from django.db.models import Max, Q

from custode.fields.models import DefaultField, HeldKey
from custode.fields.reading import Value, comparable
from custode.guard import kinds
from custode.guard.owned import Guarded
from custode.kernel import scope
from custode.kernel.actor import Actor

CHUNK: Final = 2000
MOST_LOOKED_AT: Final = 500
"""How many objects with an equal value are examined for those that an actor sees."""
_rows: dict[str, type[HeldKey]] = {}


def declare(model: type[HeldKey]) -> None:
    """Declare the model that stores the keys of a kind; for the app of a kind with fields."""
    owner: Any = model._meta.get_field(model.part_of).related_model
    _rows[owner.kind.name] = model


def keep(thing: Any, fields: Sequence[DefaultField]) -> None:
    """Store an object's values in these fields, within the transaction that sets them.

    Args:
        fields: locked in it (`values.held`), so that none becomes a key in the meantime.
    """
    if not fields:
        return
    model = _rows[thing.kind.name]
    mine = {model.part_of: thing}
    model.objects.filter(**mine, field__in=[one.pk for one in fields]).delete()
    model.objects.bulk_create(rows_for([thing], fields))


def rows_for(things: Iterable[Any], fields: Iterable[DefaultField]) -> list[HeldKey]:
    """Return the unsaved rows of many objects."""
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


def begin(field: DefaultField) -> None:
    """Start or stop storing a field's values as keys, within the transaction that changes it.

    Values of existing objects are stored from the latest object back: the first batch at once, the
    rest by a job, so that nobody waits for a hundred thousand.
    """
    _rows[field.kind].objects.filter(field=field).delete()
    field.keys_below, field.keys_from = None, 0
    if field.is_key:
        holders: Any = kinds.model_of(field.kind)
        last = holders.with_trashed.aggregate(last=Max("pk"))["last"] or 0
        field.keys_below = field.keys_from = last + 1
    field.save(update_fields=["keys_below", "keys_from"])
    if field.is_key:
        note_more(field)


def note_more(field: DefaultField) -> None:
    """Store the key values of the next batch of objects, including those in the trash.

    Args:
        field: the locked field, so that nobody changes its values in the meantime.
    """
    model = _rows[field.kind]
    holders: Any = kinds.model_of(field.kind)
    having = holders.with_trashed.filter(field_values__has_key=field.key, pk__lt=field.keys_below)
    things = list(having.only("pk", "account_id", "field_values").order_by("-pk")[:CHUNK])
    # Objects that were edited since it became a key have been stored already.
    mine = {f"{model.part_of}__in": [thing.pk for thing in things]}
    model.objects.filter(field=field, **mine).delete()
    model.objects.bulk_create(rows_for(things, [field]))
    field.keys_below = things[-1].pk if len(things) == CHUNK else None
    field.save(update_fields=["keys_below"])


def note_all(account_id: int, pk: int) -> None:
    """Store the rest of a key's values, each batch in a transaction of its own; for the job."""
    with scope.account(account_id):
        more = True
        while more:
            with transaction.atomic():
                rows = DefaultField.objects.select_for_update(no_key=True)
                field = rows.filter(pk=pk, is_key=True, keys_below__isnull=False).first()
                if more := field is not None:
                    note_more(field)


def others(
    actor: Actor, kind: str, values: Mapping[str, Value], fields: Iterable[DefaultField],
    besides: int = 0, most: int = 5,
) -> list[tuple[DefaultField, Any]]:  # fmt: skip
    """Return living objects the actor sees with an equal value in a key field, by two queries.

    Objects that the actor does not see are not reported: otherwise the values of a colleague's
    leads could be found out one by one.
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
    # First the objects with the value, from an index: a wide visibility condition would be scanned
    # whole.
    rows = list(model.objects.filter(same).order_by("-pk")[:MOST_LOOKED_AT])
    ids = {getattr(row, f"{part}_id") for row in rows}
    found: dict[int, Guarded] = {one.pk: one for one in seen.filter(pk__anyof=list(ids))}
    told = [
        (wanted[row.field_id][0], found[getattr(row, f"{part}_id")])
        for row in rows
        if getattr(row, f"{part}_id") in found
    ]
    return told[:most]
