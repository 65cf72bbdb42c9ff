"""Which workers live, and when the next round of each periodic work is due."""

from __future__ import annotations

from django.db import models


class Beat(models.Model):
    """A worker that lives, as of `at` by the database's clock."""

    worker = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.worker


class Round(models.Model):
    """When a periodic work is to be enqueued next."""

    name = models.CharField(max_length=80, unique=True)
    due_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
