"""Writes Excel workbooks, as a stream of rows with constant memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from rustpy_xlsxwriter import Format, write_worksheets

from custode.exchange.writing.layout import Layout, Sort, Table, day_of, moment_of
from custode.kernel import money

MOST_ROWS: Final = 1_048_575
"""The maximum number of rows in a sheet, besides its header row."""

_LONGEST: Final = 32_767
"""The maximum number of characters in an Excel cell; a longer text is cut with an ellipsis."""

_SHAPES: Final = {
    Sort.MONEY: "#,##0.00",
    Sort.DATE: "yyyy-mm-dd",
    Sort.MOMENT: "yyyy-mm-dd hh:mm:ss",
}
_WIDTHS: Final = {Sort.DATE: 12.0, Sort.MOMENT: 19.0, Sort.MONEY: 14.0, Sort.TEXT: 22.0}


def write_xlsx(tables: Sequence[Table], path: Path) -> None:
    """Write the workbook, a sheet for each table. Texts are written as texts, never as formulas.

    A sheet's name has at most 31 characters.
    """
    titles = {table.title[:31]: table.layout for table in tables}
    write_worksheets(
        [(table.title[:31], _records(table.pages, table.layout)) for table in tables],
        str(path),
        freeze_panes={"general": {"row": 1, "col": 0}},
        bold_headers=True,
        autofilter=dict.fromkeys(titles, True),
        column_formats={title: _formats(layout) for title, layout in titles.items()},
        column_widths={title: _widths(layout) for title, layout in titles.items()},
    )


def _formats(layout: Layout) -> dict[str, Format]:
    return {
        name: Format().set_num_format(_SHAPES[sort])
        for name, sort in zip(layout.names, layout.sorts, strict=True)
        if sort in _SHAPES
    }


def _widths(layout: Layout) -> dict[str, float]:
    return {
        name: _WIDTHS.get(sort, 10.0) for name, sort in zip(layout.names, layout.sorts, strict=True)
    }


def _records(
    pages: Iterable[Sequence[tuple[Any, ...]]], layout: Layout
) -> Iterator[dict[str, Any]]:
    some = False
    for page in pages:
        columns = list(zip(*page, strict=True))
        typed = [_typed(place, sort, columns, layout) for place, sort in enumerate(layout.sorts)]
        for row in zip(*typed, strict=True):
            yield dict(zip(layout.names, row, strict=True))
            some = True
    if not some:
        # The header row is written with the first record only.
        yield dict.fromkeys(layout.names)


def _typed(place: int, sort: Sort, columns: list[tuple[Any, ...]], layout: Layout) -> list[Any]:
    values = columns[place]
    if sort is Sort.TEXT:
        labels = layout.labels.get(place, {})
        return [_text(labels.get(value, value)) for value in values]
    if sort is Sort.MONEY:
        return [
            None if minor is None else float(money.from_minor(minor, currency))
            for minor, currency in zip(values, columns[layout.currencies[place]], strict=True)
        ]
    if sort is Sort.MOMENT:
        return [None if value is None else _local(value, layout) for value in values]
    if sort is Sort.DATE:
        return [None if value is None else day_of(value) for value in values]
    if sort is Sort.TIME:
        return [None if value is None else str(value)[:5] for value in values]
    if sort is Sort.FLAG:
        return [bool(value) for value in values]
    return list(values)


def _text(value: str | None) -> str | None:
    if value is None or len(value) < _LONGEST // 2:
        return value
    # Excel counts characters beyond the basic plane twice.
    encoded = value.encode("utf-16-le", "replace")
    if len(encoded) <= 2 * _LONGEST:
        return value
    return encoded[: 2 * (_LONGEST - 1)].decode("utf-16-le", "ignore") + "…"


def _local(value: str | datetime, layout: Layout) -> datetime:
    return moment_of(value).astimezone(layout.zone).replace(tzinfo=None, microsecond=0)
