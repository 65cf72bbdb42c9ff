"""The default fields of an account, and the choices of those that are chosen from a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from custode.guard.owned import Part, Retirable
from custode.kernel import clock
from custode.kernel.text import fold

LONGEST_KEY = 200


class Sort(models.TextChoices):
    """What a field holds. It stays what it was: what was read as one thing is not another."""

    TEXT = "text", _("Text")
    NUMBER = "number", _("Number")
    DATE = "date", _("Date")
    CHOICE = "choice", _("Choice from a list")
    EMAIL = "email", _("E-mail address")
    PHONE = "phone", _("Phone number")
    LINK = "link", _("Link")


def key_of(pk: int) -> str:
    """What the values of a field are called: no bare number, which JSON paths take for a place."""
    return f"f{pk}"


NO_KEYS = (Sort.DATE, Sort.CHOICE)
"""Two firms may have these in common, and be two."""


class DefaultField(Retirable):
    """Something that an account writes down of every object of a kind: a VAT number, a region."""

    fixed = ("kind", "sort")

    kind = models.CharField(max_length=40)
    """The kind of object that has it."""
    name = models.CharField(_("name"), max_length=60)
    folded = models.TextField(editable=False)
    sort = models.CharField(max_length=10, choices=Sort)
    is_key = models.BooleanField(default=False)
    """Whether two objects that have the same in it are probably one."""
    position = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta(Retirable.Meta):
        ordering: ClassVar[list[str]] = ["position", "id"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["account", "kind", "name"],
                name="default_field_name",
                condition=Q(retired_at__isnull=True),
            ),
            models.CheckConstraint(
                condition=Q(is_key=False) | ~Q(sort__in=NO_KEYS), name="default_field_can_be_key"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the folded name beside the name."""
        self.folded = fold(self.name)
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "folded"}
        super().save(*args, **kwargs)

    @property
    def key(self) -> str:
        """What its value is called in the column that keeps all values of an object."""
        return key_of(self.pk)

    @property
    def asked(self) -> str:
        """What it is called in forms and addresses."""
        return f"own-{self.pk}"

    @property
    def offered_choices(self) -> Sequence[FieldChoice]:
        """What can be chosen now, in order."""
        return [one for one in self.choices.all() if one.retired_at is None]

    @property
    def can_be_key(self) -> bool:
        """Whether two objects that have the same in it can be one."""
        return self.sort not in NO_KEYS


class FieldChoice(Retirable):
    """One of the values of a field that is chosen from a list; objects keep its number."""

    fixed = ("field_id",)

    field = models.ForeignKey(DefaultField, on_delete=models.PROTECT, related_name="choices")
    name = models.CharField(_("name"), max_length=60)
    position = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta(Retirable.Meta):
        ordering: ClassVar[list[str]] = ["position", "id"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["account", "field", "name"],
                name="field_choice_name",
                condition=Q(retired_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class HeldKey(Part):
    """What an object has in a key field, made comparable: by it others of the same are found.

    Each kind has its own, with a foreign key that `part_of` names.
    """

    loose = True

    field = models.ForeignKey(
        DefaultField, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    key = models.CharField(max_length=LONGEST_KEY)

    class Meta(Part.Meta):
        abstract = True


def held_values() -> models.JSONField[Any, Any]:
    """The column in which an object keeps its fields' values: a field's `key` -> the value.

    Texts as `reading.read` makes them; a choice is the number of a `FieldChoice`.
    """
    return models.JSONField(_("default fields"), default=dict, blank=True)
