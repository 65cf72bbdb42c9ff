"""The options of the mapping's selects."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Options = list[tuple[str, str, bool]]
"""A list of (value, label, selected)."""


def options(pairs: Iterable[tuple[Any, Any]], chosen: Any) -> Options:
    """Return the options of a select."""
    return [(str(value), str(label), str(value) == str(chosen)) for value, label in pairs]
