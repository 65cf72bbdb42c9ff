"""What the guard must ask of the layers above it, which it cannot import.

`accounts` and `people` put their answers here when the program starts.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta


def _unanswered(*_: object) -> object:
    raise RuntimeError("The layers above the guard have not started.")


trash_days: Callable[[int], int] = _unanswered  # type: ignore[assignment]  # set at start
"""How many days an account keeps its trash."""

admins: Callable[[int], list[str]] = _unanswered  # type: ignore[assignment]  # set at start
"""The names of an account's admins, whom a refused user can ask."""

advanced_security: Callable[[int], bool] = _unanswered  # type: ignore[assignment]  # set at start
"""Whether the account's edition has privacy settings and sensitive actions."""

REFUSAL_WINDOW = timedelta(minutes=1)
"""Within it a repeated refusal is counted, not logged again."""
