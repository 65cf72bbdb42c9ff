"""Undo for values of default fields that were emptied one by one."""

from __future__ import annotations

from typing import Any

from custode.fields import key_fields
from custode.fields.models import DefaultField, Sort
from custode.fields.values import COLUMN
from custode.guard import door, history
from custode.guard.door import VirtualField


def _field(key: str) -> DefaultField | None:
    """Return the field of this key, even if it is out of use by now."""
    return DefaultField.objects.filter(pk=int(key[1:])).first()


def _read(thing: Any, key: str) -> str | None:
    return history.plain(thing.field_values.get(key))


def _write(thing: Any, key: str, text: str | None) -> None:
    field = _field(key)
    values = dict(thing.field_values)
    values.pop(key, None)
    if text:
        values[key] = int(text) if field and field.sort == Sort.CHOICE else text
    thing.field_values = values
    if field is not None:
        key_fields.keep(thing, [field])


def _label(key: str) -> str:
    field = _field(key)
    return field.name if field else "?"


door.register_virtual_fields(COLUMN, VirtualField(_read, _write, _label))
