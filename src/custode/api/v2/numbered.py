"""Read the numbers by which programs name several objects at once."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from custode.api.v2 import params
from custode.kernel import address
from custode.kernel.errors import Invalid


def numbers(values: Iterable[str]) -> list[int]:
    """Return the numbers among some texts, ignoring the rest: for searches."""
    return [number for value in values if (number := address.whole(value))]


def each_number(values: Iterable[str], field: str) -> list[int]:
    """Return the numbers that these texts are, without duplicates. For acts: nothing is ignored.

    Raises:
        Invalid: one of them is not a number.
    """
    found: dict[int, None] = {}
    for value in values:
        if not (number := address.whole(value)):
            raise params.cannot(field, value)
        found[number] = None
    return list(found)


def some_numbers(values: Iterable[str], field: str) -> list[int]:
    """Return the same as `each_number`, up to the maximum for one request.

    Raises:
        Invalid: one of them is not a number, or there are too many.
    """
    found = each_number(values, field)
    if len(found) > params.MOST:
        raise Invalid(
            _("At most %(most)s can be named at once; these are %(count)s.")
            % {"most": params.MOST, "count": len(found)},
            field=field,
        )
    return found
