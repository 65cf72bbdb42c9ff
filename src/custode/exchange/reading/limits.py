"""How much is taken in: the file's limits, and a lead's own bounds."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

CELL_CHARACTERS: Final = 100_000
"""Below the csv module's own 131,072, so that our sentence comes first."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may weigh. Reading stops with a sentence at the first that is passed.

    Args:
        size: bytes of the file itself.
        unpacked: bytes of all parts of a workbook together, once unpacked.
        rows: rows below the header.
        columns: cells in one row.
        cell: characters in one cell; at most 100,000.
    """

    size: int = 256 * 2**20
    unpacked: int = 2**30
    rows: int = 1_000_000
    columns: int = 500
    cell: int = CELL_CHARACTERS


@dataclass(frozen=True, slots=True)
class Bounds:
    """What fits a lead; a row beyond is refused by name, never cut.

    Args:
        title, description, pipeline, step, tag, owner, reference: characters of each.
        tags: how many on one lead.
        amount: the first amount that is too large, either side of zero.
    """

    title: int = 200
    description: int = 50_000
    pipeline: int = 80
    step: int = 80
    tag: int = 60
    owner: int = 120
    reference: int = 120
    tags: int = 100
    amount: Decimal = Decimal(10**12)
