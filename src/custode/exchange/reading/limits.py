"""The limits of input files and the bounds of a lead."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

CELL_CHARACTERS: Final = 100_000
"""Below the csv module's own 131,072, so that our message comes first."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a file. Reading stops with an error at the first one exceeded.

    Args:
        size: bytes of the file itself.
        unpacked: bytes of all parts of a workbook together, unpacked.
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
    """The bounds of a lead's values; a row that exceeds one is refused, never truncated.

    Args:
        title, description, pipeline, step, tag, owner, reference: the maximum number of characters
            of each.
        tags: the maximum number for one lead.
        amount: the limit below which the absolute amount must be.
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
