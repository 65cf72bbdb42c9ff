"""Rows of a file have as many cells as its header names, or are refused."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from .cells import Cell, is_blank, shorten, text_of
from .drafts import Refusal


def fitted(cells: Sequence[Cell], columns: int, *, pads: bool) -> Sequence[Cell] | None:
    """As many cells as there are columns, or None when that cannot be had without loss or guess.

    Blank cells too many are cut.

    Args:
        pads: whether the file leaves out blank cells at the end of a row, as workbooks do.
    """
    missing = columns - len(cells)
    if missing < 0:
        return cells[:missing] if all(map(is_blank, cells[missing:])) else None
    return [*cells, *[""] * missing] if pads or not missing else None


def ragged(cells: Sequence[Cell], columns: int) -> Refusal:
    """The refusal of a row that has not as many cells as there are columns."""
    reason = _("The header names %(expected)d columns, but this row has %(count)d.") % {
        "count": len(cells),
        "expected": columns,
    }
    return Refusal("", shorten(text_of(cells[0])), reason)
