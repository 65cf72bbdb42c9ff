"""The base of all attached files: name, type by content, and storage."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from django.db import models

from custode.guard.owned import Part
from custode.kernel import clock

SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""The types of files that a page may show; all others are only downloaded."""


class File(Part):
    """A file attached to something; its content is in the data folder (`files`)."""

    fixed: ClassVar[Sequence[str]] = ("name", "size", "media_type", "token")

    name = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()
    """In bytes."""
    media_type = models.CharField(max_length=100)
    """Determined from its content."""
    token = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta(Part.Meta):
        abstract = True
        ordering: ClassVar[list[str]] = ["id"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_shown(self) -> bool:
        """Whether a page may show it: an image, by its content."""
        return self.media_type in SHOWN
