"""The living workers, and the next due time of each periodic work."""

from __future__ import annotations

from django.db import models


class Beat(models.Model):
    """A worker that was alive at `at`, by the database's clock."""

    worker = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.worker


class Round(models.Model):
    """The next due time of a periodic work."""

    name = models.CharField(max_length=80, unique=True)
    due_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
