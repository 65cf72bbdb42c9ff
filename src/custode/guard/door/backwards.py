"""The way back of a change, from its lines of history: what still stands of it, and its undoing."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from custode.guard.door.bulk import having, put_on, take_off, values_of, write_lines
from custode.guard.door.selection import Rows
from custode.guard.kinds import Bulk
from custode.guard.owned import Retirable
from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid


def standing(rows: Rows, bulk: Bulk, lines: Rows) -> Rows:
    """Those of the rows on which the act still stands: nobody has changed the same again since."""
    if bulk.through:
        still = Q()
        for label, objects in _labels(lines, "new"):
            still |= Q(having(rows.model, bulk, label), pk__in=objects)
        for label, objects in _labels(lines, "old"):
            still |= Q(~having(rows.model, bulk, label), pk__in=objects)
        return rows.filter(still)
    column: Any = rows.model._meta.get_field(bulk.field)
    told: Rows = rows.annotate(
        now_is=Cast(F(column.attname), models.TextField()),
        set_to=Subquery(lines.filter(object_id=OuterRef("pk")).values("new")[:1]),
    )
    return told.filter(Q(now_is=F("set_to")) | Q(now_is__isnull=True, set_to__isnull=True))


def take_back(actor: Actor, going: Rows, bulk: Bulk, lines: Rows, seq: int) -> None:
    """Give these rows again what they had before; with lines of history under the number `seq`.

    Raises:
        Invalid: what they had has been retired since.
    """
    values = values_of(going.model, bulk)
    if issubclass(values, Retirable):
        before = lines.filter(object_id__in=going.values("pk"), old__isnull=False)
        ids = {int(one) for one in before.values_list("old", flat=True).distinct()}
        for one in values.objects.filter(pk__in=ids, retired_at__isnull=False):
            raise Invalid(_("“%(name)s” has been deleted since. Undo that first.") % {"name": one})
    (_labels_back if bulk.through else _field_back)(actor, going, bulk, lines, seq)


def _field_back(actor: Actor, going: Rows, bulk: Bulk, lines: Rows, seq: int) -> None:
    column: Any = going.model._meta.get_field(bulk.field)
    old = Subquery(lines.filter(object_id=OuterRef("pk")).values("old")[:1])
    write_lines(actor, going, bulk.field, F(column.attname), old, seq)
    going.update(**{column.attname: Cast(old, models.BigIntegerField()), "updated_at": clock.now()})


def _labels_back(actor: Actor, going: Rows, bulk: Bulk, lines: Rows, seq: int) -> None:
    for label, objects in _labels(lines, "new"):
        take_off(actor, going.filter(pk__in=objects), bulk, label, seq)
    for label, objects in _labels(lines, "old"):
        put_on(actor, going.filter(pk__in=objects), bulk, label, seq)
    going.update(updated_at=clock.now())


def _labels(lines: Rows, side: str) -> list[tuple[int, Rows]]:
    """The labels that an act put on (`new`) or took off (`old`), each with its objects."""
    found = lines.filter(**{f"{side}__isnull": False})
    labels = found.values_list(side, flat=True).distinct()
    return [(int(one), found.filter(**{side: one}).values("object_id")) for one in labels]
