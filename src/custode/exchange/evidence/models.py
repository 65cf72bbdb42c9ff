"""The table of checks of an account's log, with progress and results."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from custode.guard.owned import Owned
from custode.kernel import clock


class CheckState(models.TextChoices):
    """The state of a check."""

    WAITING = "waiting"
    WALKING = "walking"
    DONE = "done"
    FAILED = "failed"


class LogCheck(Owned):
    """A check of the account's log that a job does for an admin."""

    user = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    state = models.CharField(max_length=7, choices=CheckState, default=CheckState.WAITING)
    anchor = models.JSONField(default=dict)
    """The checkpoint that was given: `seq`, `hash` and `time`; empty without one."""
    total = models.BigIntegerField(default=0)
    walked = models.BigIntegerField(default=0)
    found = models.JSONField(default=dict)
    """The result, once done (`checking.Found`)."""
    tries = models.PositiveSmallIntegerField(default=0)
    alive_at = models.DateTimeField(null=True)
    """The job's last sign of life, by the database's clock."""
    created_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True)

    class Meta(Owned.Meta):
        app_label = "exchange"
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["account", "-id"], name="logcheck_latest"),
        ]

    @property
    def is_under_way(self) -> bool:
        """Whether a job is to work on it."""
        return self.state in {CheckState.WAITING, CheckState.WALKING}

    @property
    def percent(self) -> int:
        """The progress in percent."""
        return min(99, self.walked * 100 // self.total) if self.total else 0
