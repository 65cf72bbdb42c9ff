"""What leads have: a step of a pipeline, and tags. Each account has its own."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from custode.guard.owned import Owned, Retirable
from custode.kernel import clock
from custode.kernel.text import fold


class Pipeline(Retirable):
    """A sequence of steps that leads move through."""

    name = models.CharField(_("name"), max_length=80)
    position = models.PositiveIntegerField(default=0)
    is_default = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta(Retirable.Meta):
        ordering: ClassVar[list[str]] = ["position", "id"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["account", "name"],
                name="pipeline_name",
                condition=Q(retired_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Step(Retirable):
    """A stage of a pipeline."""

    pipeline = models.ForeignKey(Pipeline, on_delete=models.PROTECT, related_name="steps")
    name = models.CharField(_("name"), max_length=80)
    position = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta(Retirable.Meta):
        ordering: ClassVar[list[str]] = ["pipeline__position", "position", "id"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["account", "pipeline", "name"],
                name="step_name",
                condition=Q(retired_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TagCategory(Owned):
    """A group of tags (where a lead comes from, which product), shown together."""

    name = models.CharField(_("name"), max_length=60)
    position = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta(Owned.Meta):
        ordering: ClassVar[list[str]] = ["position", "id"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["account", "name"], name="tag_category_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Tag(Retirable):
    """A label for leads."""

    name = models.CharField(_("name"), max_length=60)
    folded = models.TextField(editable=False)
    """Without a limit: folding expands some letters, and two long names must not become equal."""
    category = models.ForeignKey(
        TagCategory, on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("category"),
    )  # fmt: skip

    class Meta(Retirable.Meta):
        ordering: ClassVar[list[str]] = ["folded"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["account", "folded"],
                name="tag_folded",
                condition=Q(retired_at__isnull=True),
            ),
            # Commas separate the tags in every field in which they are entered.
            models.CheckConstraint(condition=~Q(name__contains=","), name="tag_without_comma"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, keeping the folded name up to date."""
        self.folded = fold(self.name)
        super().save(*args, **kwargs)
