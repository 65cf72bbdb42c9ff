"""The tables of an account's default fields, and of the choices of choice fields."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar, Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from custode.guard import naming
from custode.guard.owned import Part, Retirable
from custode.kernel import clock
from custode.kernel.errors import Invalid
from custode.kernel.text import fold

LONGEST_KEY = 200
MOST = 60
"""The maximum number of fields in use for one kind of object."""


class Sort(models.TextChoices):
    """The type of a field. It never changes: values read as one type do not fit another."""

    TEXT = "text", _("Text")
    NUMBER = "number", _("Number")
    DATE = "date", _("Date")
    CHOICE = "choice", _("Choice from a list")
    EMAIL = "email", _("E-mail address")
    PHONE = "phone", _("Phone number")
    LINK = "link", _("Link")


def key_of(pk: int) -> str:
    """Return the key of a field's values: no bare number, which JSON paths take for an index."""
    return f"f{pk}"


FIELDS: Final = naming.Names(
    longest=60,
    taken=_("There is a field “%(name)s” already."),
    barred=":{}",
    has_barred=_("A name has no colon and no braces."),
)
CHOICES: Final = replace(FIELDS, taken=_("There is a choice “%(name)s” already."))


def too_many() -> Invalid:
    """Return the error for exceeding the maximum number of fields."""
    return Invalid(
        gettext("There are %(n)s fields already: take one out of use first.") % {"n": MOST},
        field="name",
    )


NO_KEYS = (Sort.DATE, Sort.CHOICE)
"""Different companies may share such a value, so these cannot be keys."""


class DefaultField(Retirable):
    """A field that an account adds to every object of a kind: a VAT number, a region."""

    fixed = ("kind", "sort")

    kind = models.CharField(max_length=40)
    """The kind of object that has it."""
    name = models.CharField(_("name"), max_length=60)
    folded = models.TextField(editable=False)
    sort = models.CharField(max_length=10, choices=Sort)
    is_key = models.BooleanField(default=False)
    """Whether two objects with an equal value in it are probably the same."""
    keys_below = models.BigIntegerField(null=True, editable=False)
    """For a key: values of objects below this number are not stored yet; None when all are."""
    keys_from = models.BigIntegerField(default=0, editable=False)
    """The object number from which storing started, going back."""
    position = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta(Retirable.Meta):
        ordering: ClassVar[list[str]] = ["position", "id"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["account", "kind", "folded"],
                name="default_field_folded",
                condition=Q(retired_at__isnull=True),
            ),
            models.CheckConstraint(
                condition=Q(is_key=False) | ~Q(sort__in=NO_KEYS), name="default_field_can_be_key"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, keeping the folded name up to date."""
        self.folded = fold(self.name)
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "folded"}
        super().save(*args, **kwargs)

    def require_may(self, *, retire: bool) -> None:
        """Check that names of fields in use are unique, and that there are at most `MOST`."""
        if retire:
            return
        FIELDS.require_free(self)
        if type(self).offered.filter(kind=self.kind).exclude(pk=self.pk).count() >= MOST:
            raise too_many()

    @property
    def key(self) -> str:
        """The key of its value in the column that holds all values of an object."""
        return key_of(self.pk)

    @property
    def asked(self) -> str:
        """Its name in forms and URLs."""
        return f"own-{self.pk}"

    @property
    def offered_choices(self) -> Sequence[FieldChoice]:
        """The choices that can be chosen now, in order."""
        return [one for one in self.choices.all() if one.retired_at is None]

    @property
    def keys_noted(self) -> int | None:
        """The percentage of existing values stored as keys; None when all are."""
        if not self.is_key or self.keys_below is None:
            return None
        return 100 - 100 * self.keys_below // max(self.keys_from, 1)

    @property
    def can_be_key(self) -> bool:
        """Whether objects with an equal value in it can be the same."""
        return self.sort not in NO_KEYS


class FieldChoice(Retirable):
    """A choice of a choice field; objects store its number."""

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
        """Check that a field keeps at least one choice, and that offered ones differ in name."""
        offered = type(self).offered.filter(field_id=self.field_id).exclude(pk=self.pk)
        if retire and not offered.exists():
            raise Invalid(gettext("“%(name)s” is the last choice of this field.") % {"name": self})
        if not retire and naming.namesake(self) is not None:
            raise CHOICES.is_taken(self.name)


class HeldKey(Part):
    """An object's normalised value in a key field, by which others with the same are found.

    Each kind has its own subclass, with a foreign key that `part_of` names.
    """

    loose = True

    field = models.ForeignKey(
        DefaultField, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    key = models.CharField(max_length=LONGEST_KEY)

    class Meta(Part.Meta):
        abstract = True


def held_values() -> models.JSONField[Any, Any]:
    """Return the column that stores an object's field values: a field's `key` -> the value.

    Values are text as returned by `reading.read`; for a choice, the number of a `FieldChoice`.
    """
    return models.JSONField(_("default fields"), default=dict, blank=True)
