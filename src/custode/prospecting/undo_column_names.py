"""Undo for emptied column names."""

from __future__ import annotations

from django.db.models import QuerySet

from custode.guard import door
from custode.guard.door import VirtualField
from custode.prospecting import columns
from custode.prospecting.models import ListColumn, ProspectingList


def _column(one: ProspectingList, key: str) -> QuerySet[ListColumn]:
    return ListColumn.objects.filter(in_list=one, pk=int(key))


def _read(one: ProspectingList, key: str) -> str | None:
    return _column(one, key).values_list("name", flat=True).first()


def _write(one: ProspectingList, key: str, text: str | None) -> None:
    """Set the name; raise `Invalid` where another column has it by now."""
    for column in _column(one, key):
        columns.name_again(column, text or "")


def _label(_key: str) -> str:
    return str(ListColumn._meta.verbose_name)


door.register_virtual_fields(columns.NAMED, VirtualField(_read, _write, _label))
