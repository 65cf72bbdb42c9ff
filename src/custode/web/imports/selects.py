"""The options of the mapping's selects."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Options = list[tuple[str, str, bool]]
"""(value, label, chosen)."""


def options(pairs: Iterable[tuple[Any, Any]], chosen: Any) -> Options:
    """The options of a select."""
    return [(str(value), str(label), str(value) == str(chosen)) for value, label in pairs]
