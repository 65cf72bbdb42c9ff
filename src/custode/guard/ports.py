"""What the guard must ask of the layers above it, which it cannot import.

`accounts` and `people` put their answers here when the program starts.
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
"""How many days an account keeps its trash."""

admins: Callable[[int], list[str]] = _unanswered  # type: ignore[assignment]  # set at start
"""The names of an account's admins, whom a refused user can ask."""

advanced_security: Callable[[int], bool] = _unanswered  # type: ignore[assignment]  # set at start
"""Whether the account's edition has privacy settings and sensitive actions."""

many_at_once: Callable[[int], tuple[int, int]] = _unanswered  # type: ignore[assignment]  # set at start
"""How many objects deleted by one actor an account calls many, and within how many minutes."""

many_read: Callable[[int], int] = _unanswered  # type: ignore[assignment]  # set at start
"""More objects of a kind than these, read by somebody's programs in an hour, are an export."""

admins_among: Callable[[Collection[int]], Collection[int]] = _unanswered  # type: ignore[assignment]  # set at start
"""Which of these users are admins; the account is in scope."""

admins_to_tell: Callable[[int], list[int]] = _unanswered  # type: ignore[assignment]  # set at start
"""The numbers of an account's admins to whom letters can go."""
tell_entries: Callable[[Sequence[LogEntry]], list[Mapping[str, Any]]] = _unanswered  # type: ignore[assignment]  # set at start
"""The columns of log entries that only screens know the words for, by name, for each entry; under
`facts` what a program is told besides."""

REFUSAL_WINDOW = timedelta(minutes=1)
"""Within it a repeated refusal is counted, not logged again."""
