"""What every file has that hangs on something: its name, its type by its content, where it lies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from django.db import models

from custode.guard.owned import Part
from custode.kernel import clock

SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""What a page may show of the files; all else is only downloaded."""


class File(Part):
    """A file that hangs on something; it lies in the data folder (`files`)."""

    fixed: ClassVar[Sequence[str]] = ("name", "size", "media_type", "token")

    name = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()
    """In bytes."""
    media_type = models.CharField(max_length=100)
    """By its content."""
    token = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta(Part.Meta):
        abstract = True
        ordering: ClassVar[list[str]] = ["id"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_shown(self) -> bool:
        """Whether a page may show it: a picture, by its content."""
        return self.media_type in SHOWN
