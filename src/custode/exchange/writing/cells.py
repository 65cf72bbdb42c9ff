"""Converts whole columns of a page to the texts of a CSV file.

A page is converted column by column: a loop over one type of value is several times faster than a
decision per cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from custode.exchange.writing.harmless import harmless_all
from custode.exchange.writing.layout import Layout, Sort, moment_of
from custode.kernel import money


class Texts:
    """Converts a page of rows to rows of text.

    Args:
        layout: the columns.
        mark: the decimal mark of amounts.
    """

    def __init__(self, layout: Layout, mark: str) -> None:
        self._layout = layout
        self._mark = mark
        self._clock = _Clock(layout.zone)

    def rows(self, page: Sequence[Sequence[Any]]) -> Iterable[tuple[Any, ...]]:
        """Return the page's rows for the csv module: texts, whole numbers and None."""
        columns = list(zip(*page, strict=True))
        return zip(
            *(self._column(place, sort, columns) for place, sort in enumerate(self._layout.sorts)),
            strict=True,
        )

    def _column(self, place: int, sort: Sort, columns: list[tuple[Any, ...]]) -> Sequence[Any]:
        values = columns[place]
        if sort is Sort.TEXT:
            labels = self._layout.labels.get(place)
            return harmless_all([labels.get(v, v) for v in values] if labels else values)
        if sort is Sort.MONEY:
            return _amounts(values, columns[self._layout.currencies[place]], self._mark)
        if sort is Sort.MOMENT:
            return self._clock.texts(values)
        if sort is Sort.FLAG:
            yes, no = self._layout.flags
            return [yes if value else no for value in values]
        if sort is Sort.TIME:
            return [value and str(value)[:5] for value in values]
        return values  # numbers and dates are written as they are, the latter as ISO 8601


def _amounts(values: Sequence[int | None], currencies: Sequence[str], mark: str) -> list[Any]:
    if {money.exponent(currency) for currency in set(currencies)} == {2}:
        return [
            None if minor is None
            else f"{(text := str(minor))[:-2]}{mark}{text[-2:]}" if minor > 99
            else amount_text(minor, 2, mark)
            for minor in values
        ]  # fmt: skip
    return [
        None if minor is None else amount_text(minor, money.exponent(currency), mark)
        for minor, currency in zip(values, currencies, strict=True)
    ]


def amount_text(minor: int, exponent: int, mark: str) -> str:
    """Return an amount in minor units as an exact decimal: -5 with two digits is `-0.05`."""
    sign = "-" if minor < 0 else ""
    digits = str(abs(minor)).zfill(exponent + 1)
    return f"{sign}{digits[:-exponent]}{mark}{digits[-exponent:]}" if exponent else sign + digits


class _Clock(dict[str, str]):
    """Moments in one time zone, as `2026-11-23 22:04:05`.

    Caches minutes: leads that came in together share theirs. `self[utc]` is the local minute of the
    UTC minute `2026-11-23 21:04`.
    """

    def __init__(self, zone: ZoneInfo) -> None:
        super().__init__()
        self._zone = zone

    def __missing__(self, minute: str) -> str:
        if len(self) > 100_000:
            self.clear()
        local = moment_of(minute).astimezone(self._zone)
        self[minute] = text = local.strftime("%Y-%m-%d %H:%M").zfill(16)
        return text

    def texts(self, values: Sequence[Any]) -> list[str | None]:
        """Return a column of moments, given by the driver all as text, or all as datetimes."""
        if any(isinstance(value, datetime) for value in values):
            return [None if value is None else self._text(value) for value in values]
        return [
            None if value is None else self[value[:16]] + (value[16:19] or ":00")
            for value in values
        ]

    def _text(self, value: datetime) -> str:
        text = str(value if value.tzinfo is UTC else value.astimezone(UTC))
        return self[text[:16]] + text[16:19]
