"""Custom ordering of an account's rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from custode.kernel.errors import Invalid


def next_position(rows: QuerySet[Any, Any]) -> int:
    """Return the position after the last of these rows."""
    last: int | None = rows.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def put_in_order(rows: Iterable[Any], ids: Sequence[int]) -> None:
    """Number these rows by `position`; the caller must have locked them.

    Raises:
        Invalid: the numbers are not exactly those of the rows.
    """
    found = {one.pk: one for one in rows}
    if len(ids) != len(found) or set(ids) != found.keys():
        raise Invalid(_("Somebody has changed this in the meantime. Look at it again."))
    for place, pk in enumerate(ids):
        if found[pk].position != place:
            found[pk].position = place
            found[pk].save(update_fields=["position"])
