"""The periodic work of this section."""

from __future__ import annotations

from custode.kernel import schedule
from custode.web.security.alerts import letters


def add() -> None:
    """Register sending e-mails about alerts, apart from judging: a slow server delays no alert."""
    schedule.watch("letters about alerts", letters.look)
