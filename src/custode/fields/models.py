"""The default fields of an account, and the choices of those that are chosen from a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from custode.guard.owned import Part, Retirable
from custode.kernel import clock
from custode.kernel.errors import Invalid
from custode.kernel.text import fold

LONGEST_KEY = 200
MOST = 60
"""Fields of one kind of object that are in use."""


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


def taken(other: DefaultField) -> Invalid:
    """What is said where a field of this name is in use."""
    return Invalid(gettext("There is a field “%(name)s” already.") % {"name": other}, field="name")


def choice_taken(name: str) -> Invalid:
    """What is said where a choice of this name is offered."""
    return Invalid(gettext("There is a choice “%(name)s” already.") % {"name": name}, field="name")


def too_many() -> Invalid:
    """What is said where as many fields are in use as there may be."""
    return Invalid(
        gettext("There are %(n)s fields already: take one out of use first.") % {"n": MOST},
        field="name",
    )


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
    keys_below = models.BigIntegerField(null=True, editable=False)
    """Of a key: what objects below this number have in it is not noted yet; None: all is."""
    keys_from = models.BigIntegerField(default=0, editable=False)
    """The number at which noting began, from the latest object back."""
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

    def require_may(self, *, retire: bool) -> None:
        """Two fields in use have different names, and there are at most `MOST` of them."""
        if retire:
            return
        offered = type(self).offered.filter(kind=self.kind).exclude(pk=self.pk)
        if (same := offered.filter(folded=self.folded).first()) is not None:
            raise taken(same)
        if offered.count() >= MOST:
            raise too_many()

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
    def keys_noted(self) -> int | None:
        """How much of what was there is noted, in per cent; None when all is."""
        if not self.is_key or self.keys_below is None:
            return None
        return 100 - 100 * self.keys_below // max(self.keys_from, 1)

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

    def require_may(self, *, retire: bool) -> None:
        """A field keeps one choice at least, and two that are offered have different names."""
        offered = type(self).offered.filter(field_id=self.field_id).exclude(pk=self.pk)
        if retire and not offered.exists():
            raise Invalid(gettext("“%(name)s” is the last choice of this field.") % {"name": self})
        if not retire and any(fold(one.name) == fold(self.name) for one in offered):
            raise choice_taken(self.name)


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
