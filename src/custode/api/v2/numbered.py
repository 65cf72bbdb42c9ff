"""The numbers by which programs name several things at once."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from custode.api.v2 import asked
from custode.kernel import address
from custode.kernel.errors import Invalid


def numbers(values: Iterable[str]) -> list[int]:
    """The rows' numbers among some texts: for what finds, which finds nothing of another name."""
    return [number for value in values if (number := address.whole(value))]


def each_number(values: Iterable[str], field: str) -> list[int]:
    """The rows' numbers that these texts are, each once: for acts, which pass over none of them.

    Raises:
        Invalid: one of them is no number.
    """
    found: dict[int, None] = {}
    for value in values:
        if not (number := address.whole(value)):
            raise asked.cannot(field, value)
        found[number] = None
    return list(found)


def some_numbers(values: Iterable[str], field: str) -> list[int]:
    """The same, of no more than are taken at once.

    Raises:
        Invalid: one of them is no number, or there are more.
    """
    found = each_number(values, field)
    if len(found) > asked.MOST:
        raise Invalid(
            _("At most %(most)s can be named at once; these are %(count)s.")
            % {"most": asked.MOST, "count": len(found)},
            field=field,
        )
    return found
