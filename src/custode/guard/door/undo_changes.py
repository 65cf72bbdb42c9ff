"""Restores the earlier values of a bulk change, using its lines of history."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Case, F, Value, When
from django.utils.translation import gettext as _

from custode.guard.door.bulk import put_on, take_off, values_of, write_lines
from custode.guard.door.changed import labels_of
from custode.guard.door.selection import Rows
from custode.guard.kinds import Bulk
from custode.guard.owned import Retirable
from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid


def take_back(actor: Actor, going: Rows, bulk: Bulk, lines: Rows, seq: int) -> None:
    """Give rows back the values they had before, writing lines of history under the number `seq`.

    Args:
        lines: the act's lines on objects of this kind.

    Raises:
        Invalid: an earlier value has been retired since.
    """
    values = values_of(going.model, bulk)
    if issubclass(values, Retirable):
        ids = set(going.values_list("pk", flat=True))
        before = [old for old, objects in labels_of(lines, "old") if not ids.isdisjoint(objects)]
        for one in values.objects.filter(pk__anyof=before, retired_at__isnull=False):
            raise Invalid(_("“%(name)s” has been deleted since. Undo that first.") % {"name": one})
    (_labels_back if bulk.through else _field_back)(actor, going, bulk, lines, seq)


def _field_back(actor: Actor, going: Rows, bulk: Bulk, lines: Rows, seq: int) -> None:
    column: Any = going.model._meta.get_field(bulk.field)
    # Grouped by earlier value, each with its objects, so that not every row needs a history query.
    number = models.BigIntegerField()
    ways = [When(pk__anyof=ids, then=Value(old)) for old, ids in labels_of(lines, "old")]
    old = Case(*ways, default=Value(None), output_field=number) if ways else Value(None, number)
    write_lines(actor, going, bulk.field, F(column.attname), old, seq)
    going.update(**{column.attname: old, "updated_at": clock.now()})


def _labels_back(actor: Actor, going: Rows, bulk: Bulk, lines: Rows, seq: int) -> None:
    for label, objects in labels_of(lines, "new"):
        take_off(actor, going.filter(pk__anyof=objects), bulk, label, seq)
    for label, objects in labels_of(lines, "old"):
        put_on(actor, going.filter(pk__anyof=objects), bulk, label, seq)
    going.update(updated_at=clock.now())
