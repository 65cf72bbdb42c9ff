"""What the guard needs to ask of the layers above it, which it cannot import.

`accounts` and `people` set their functions here when the program starts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from custode.guard.models import LogEntry


def _unanswered(*_: object) -> object:
    raise RuntimeError("The layers above the guard have not started.")


trash_days: Callable[[int], int] = _unanswered  # type: ignore[assignment]  # set at start
"""Returns how many days an account keeps its trash."""

admins: Callable[[int], list[str]] = _unanswered  # type: ignore[assignment]  # set at start
"""Returns the names of an account's admins, whom a refused user can ask."""

advanced_security: Callable[[int], bool] = _unanswered  # type: ignore[assignment]  # set at start
"""Returns whether the account's edition has privacy settings and sensitive actions."""

many_at_once: Callable[[int], tuple[int, int]] = _unanswered  # type: ignore[assignment]  # set at start
"""Returns how many objects deleted by one actor count as many, and within how many minutes."""

many_read: Callable[[int], int] = _unanswered  # type: ignore[assignment]  # set at start
"""Returns how many objects of a kind programs may read in an hour before it is an export."""

admins_among: Callable[[Collection[int]], Collection[int]] = _unanswered  # type: ignore[assignment]  # set at start
"""Returns which of these users are admins; the account must be in scope."""

admins_to_tell: Callable[[int], list[int]] = _unanswered  # type: ignore[assignment]  # set at start
"""Returns the numbers of an account's admins who can receive mail."""
tell_entries: Callable[[Sequence[LogEntry]], list[Mapping[str, Any]]] = _unanswered  # type: ignore[assignment]  # set at start
"""Returns the columns of log entries that only screens have words for, by name, for each entry;
under `facts` what programs are told besides.
"""

REFUSAL_WINDOW = timedelta(minutes=1)
"""The period within which a repeated refusal is counted, not logged again."""
