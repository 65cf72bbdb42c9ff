"""What this section looks for all the time."""

from __future__ import annotations

from custode.kernel import schedule
from custode.web.security.alerts import letters


def add() -> None:
    """Have letters about alerts sent, apart from judging: a slow server holds up no alert."""
    schedule.watch("letters about alerts", letters.look)
