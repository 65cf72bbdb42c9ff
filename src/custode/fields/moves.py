"""Operations on default fields. Only admins perform them, and objects never lose values by them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from custode.fields import key_fields, tasks
from custode.fields.models import (
    CHOICES,
    FIELDS,
    MOST,
    NO_KEYS,
    DefaultField,
    FieldChoice,
    Sort,
    too_many,
)
from custode.guard import door, naming, news, policy
from custode.guard.door import Act
from custode.guard.ordering import next_position, put_in_order
from custode.kernel.actor import Actor
from custode.kernel.errors import Gone, Invalid

MOST_CHOICES: Final = 200
FIELD: Final = "default_field"
CHOICE: Final = "field_choice"
"""The name of a retired choice's sort in the log."""
CHANGED: Final = "default_field.updated"
"""The event for a change of a field that leaves the objects' values as they are."""


def offered(kind: str) -> list[DefaultField]:
    """Return the fields in use for a kind, in order, with their choices."""
    return list(_with_choices(kind).filter(retired_at=None))


def retired(kind: str) -> list[DefaultField]:
    """Return the fields that were taken out of use, whose values are kept."""
    return list(_with_choices(kind).exclude(retired_at=None).order_by("folded", "pk"))


def _with_choices(kind: str) -> QuerySet[DefaultField, DefaultField]:
    return DefaultField.objects.filter(kind=kind).prefetch_related(
        Prefetch("choices", FieldChoice.objects.order_by("position", "pk"))
    )


def create(
    actor: Actor,
    kind: str,
    name: str,
    sort: str,
    choices: Iterable[str] = (),
    *,
    is_key: bool = False,
) -> DefaultField:
    """Create a field, at the end of the order.

    Raises:
        Refused: the actor is no admin.
        Invalid: the name is empty, too long or taken, the sort is unknown, a choice is not
            acceptable, or there are too many.
    """
    policy.require_admin(actor)
    if sort not in Sort.values:
        raise Invalid(_("Choose what the field holds from the list."), field="sort")
    names = _each_once(choices) if sort == Sort.CHOICE else []
    if sort == Sort.CHOICE and not names:
        raise Invalid(_("Write what can be chosen, one per line."), field="choices")
    field = DefaultField(kind=kind, name=FIELDS.read(name), sort=sort, is_key=_key(sort, is_key))
    with transaction.atomic():
        naming.alone()
        with FIELDS.giving(field):
            if len(_held(kind)) >= MOST:
                raise too_many()
            field.position = next_position(DefaultField.objects.filter(kind=kind))
            field.save()
        _put(field, names)
        news.fact(actor.account_id, "default_field.created", [field.pk])
    return field


def change(actor: Actor, field: DefaultField, name: str, *, is_key: bool) -> None:
    """Rename a field, or make it a key or not; its values stay unchanged.

    Raises:
        Refused: the actor is no admin.
        Invalid: the name is empty, too long or taken, or a field of its sort cannot be a key.
        Gone: it has been taken out of use in the meantime.
    """
    policy.require_admin(actor)
    with transaction.atomic():
        naming.alone()
        now = _mine(_held(field.kind), field)
        now.name, was_key, now.is_key = FIELDS.read(name), now.is_key, _key(now.sort, is_key)
        with FIELDS.giving(now):
            now.save(update_fields=["name", "is_key"])
        news.fact(actor.account_id, CHANGED, [now.pk])
        if now.is_key is not was_key:
            key_fields.begin(now)
            if now.keys_below is not None:
                tasks.note_keys.enqueue(now.account_id, now.pk)


def order(actor: Actor, kind: str, ids: Sequence[int]) -> None:
    """Set the order of a kind's fields.

    Raises:
        Refused: the actor is no admin.
        Invalid: these are not exactly the fields in use.
    """
    policy.require_admin(actor)
    with transaction.atomic():
        put_in_order(_held(kind), ids)
        news.fact(actor.account_id, CHANGED, ids)


def retire(actor: Actor, field: DefaultField, on: bool) -> Act:
    """Take a field out of use, or back into use; every value is kept, and reappears with it.

    Raises:
        Refused: the actor is no admin.
        Gone: somebody else has done it in the meantime.
        Invalid: another field of this name exists by now, or there are too many.
    """
    return door.set_retired(actor, field.kind, FIELD, field, on)


def add_choice(actor: Actor, field: DefaultField, name: str) -> FieldChoice:
    """Add a choice, at the end of the order.

    Raises:
        Refused: the actor is no admin.
        Invalid: the name is empty, too long or taken, or there are too many.
        Gone: the field has been taken out of use in the meantime.
    """
    policy.require_admin(actor)
    with transaction.atomic():
        naming.alone()
        now = _mine(_held(field.kind), field)
        if now.sort != Sort.CHOICE:
            raise Invalid(_("This field is not chosen from a list."), field="name")
        name = CHOICES.read(name)
        CHOICES.require_free(FieldChoice(field=now, name=name))
        if now.choices.count() >= MOST_CHOICES:
            raise _too_many()
        news.fact(actor.account_id, CHANGED, [now.pk])
        return _put(now, [name])[0]


def rename_choice(actor: Actor, choice: FieldChoice, name: str) -> None:
    """Rename a choice; objects that have it show the new name too.

    Raises:
        Refused: the actor is no admin.
        Invalid: the name is empty, too long or taken.
        Gone: the field has been taken out of use in the meantime.
    """
    policy.require_admin(actor)
    with transaction.atomic():
        naming.alone()
        now = _mine(_held(choice.field.kind), choice.field)
        choice.name = CHOICES.read(name)
        with CHOICES.giving(choice):
            choice.save(update_fields=["name"])
        news.fact(actor.account_id, CHANGED, [now.pk])


def order_choices(actor: Actor, field: DefaultField, ids: Sequence[int]) -> None:
    """Set the order of a field's choices; raises as `order` does."""
    policy.require_admin(actor)
    with transaction.atomic():
        now = _mine(_held(field.kind), field)
        put_in_order(FieldChoice.offered.filter(field=now), ids)
        news.fact(actor.account_id, CHANGED, [now.pk])


def retire_choice(actor: Actor, choice: FieldChoice, on: bool) -> Act:
    """Withdraw a choice, or offer it again; objects that have it keep it.

    Raises:
        Refused: the actor is no admin.
        Gone: somebody else has done it in the meantime.
        Invalid: it is the last one, or another one of this name exists by now.
    """
    return door.set_retired(actor, choice.field.kind, CHOICE, choice, on)


def _held(kind: str) -> list[DefaultField]:
    """Return the fields in use, locked for the rest of the transaction."""
    rows = DefaultField.offered.filter(kind=kind).order_by("position", "pk")
    return list(rows.select_for_update())


def _mine(standing: Iterable[DefaultField], field: DefaultField) -> DefaultField:
    found = next((one for one in standing if one.pk == field.pk), None)
    if found is None:
        raise Gone(_("“%(name)s” has been taken out of use in the meantime.") % {"name": field})
    return found


def _key(sort: str, is_key: bool) -> bool:
    if is_key and sort in NO_KEYS:
        raise Invalid(
            _("A date or a choice does not tell one from another: it cannot be a duplicate key."),
            field="is_key",
        )
    return is_key


def _each_once(names: Iterable[str]) -> list[str]:
    read = CHOICES.read_several(filter(str.strip, names), "choices")
    if len(read) > MOST_CHOICES:
        raise _too_many()
    return read


def _too_many() -> Invalid:
    return Invalid(_("A field has at most %(n)s choices.") % {"n": MOST_CHOICES}, field="choices")


def _put(field: DefaultField, names: Sequence[str]) -> list[FieldChoice]:
    start = next_position(field.choices.all())
    return FieldChoice.objects.bulk_create(
        FieldChoice(account_id=field.account_id, field=field, name=name, position=start + n)
        for n, name in enumerate(names)
    )
