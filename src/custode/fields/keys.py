"""Finding others that have the same in a key field: what each object has there, made comparable."""

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


def begin(field: DefaultField) -> None:
    """A field has become a key, or is none any more; within the transaction that makes it so.

    What the objects have that are there already is noted from the latest back: the first of it at
    once, the rest by a job, so that nobody waits for a hundred thousand.
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
    """Note what the next objects have in a key, those in the trash too.

    Args:
        field: held, so that nobody writes a value of it meanwhile.
    """
    model = _rows[field.kind]
    holders: Any = kinds.model_of(field.kind)
    having = holders.with_trashed.filter(field_values__has_key=field.key, pk__lt=field.keys_below)
    things = list(having.only("pk", "account_id", "field_values").order_by("-pk")[:CHUNK])
    # Who was edited since it became a key is noted already.
    mine = {f"{model.part_of}__in": [thing.pk for thing in things]}
    model.objects.filter(field=field, **mine).delete()
    model.objects.bulk_create(rows_for(things, [field]))
    field.keys_below = things[-1].pk if len(things) == CHUNK else None
    field.save(update_fields=["keys_below"])


def note_all(account_id: int, pk: int) -> None:
    """For the job: note the rest of a key, each part in a transaction of its own."""
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
