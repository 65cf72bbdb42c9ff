"""Requires that rows of a file have as many cells as its header has names."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from .cells import Cell, is_blank, shorten, text_of
from .drafts import Refusal


def fitted(cells: Sequence[Cell], columns: int, *, pads: bool) -> Sequence[Cell] | None:
    """Return as many cells as there are columns, or None if that would lose or guess something.

    Extra blank cells are dropped.

    Args:
        pads: whether the file omits blank cells at the end of a row, as workbooks do.
    """
    missing = columns - len(cells)
    if missing < 0:
        return cells[:missing] if all(map(is_blank, cells[missing:])) else None
    return [*cells, *[""] * missing] if pads or not missing else None


def ragged(cells: Sequence[Cell], columns: int) -> Refusal:
    """Return the refusal of a row with another number of cells than there are columns."""
    reason = _("The header names %(expected)d columns, but this row has %(count)d.") % {
        "count": len(cells),
        "expected": columns,
    }
    return Refusal("", shorten(text_of(cells[0])), reason)
