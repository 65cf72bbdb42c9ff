"""The tables of prospecting lists: columns, tags, and prospects."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from custode.guard.kinds import Bulk, Column, Kind, Verb
from custode.guard.owned import Guarded, Part
from custode.kernel import clock
from custode.kernel.text import fold, told_apart
from custode.leads.models import Lead, Tag
from custode.leads.sight import require_assign
from custode.prospecting import cells, sight


class ProspectingList(Guarded):
    """A sheet of prospects, which several people may work through."""

    kind = Kind(
        name="prospecting_list",
        singular=_("prospecting list"),
        plural=_("prospecting lists"),
        label="title",
        sees=sight.lists,
        edits=sight.lists,
        rules={
            Verb.EXPORT: _("Only admins can export prospecting lists"),
            Verb.DELETE: _("Only admins can delete prospecting lists"),
        },
        content_fields=r"title|description|column:.+",
        bulk=(
            Bulk("owner", check=require_assign, transfers_ownership=True, limited_to=sight.owned),
            Bulk("tag", through="prospecting.ListTag", label_key="tag"),
        ),
    )
    follows = ("title_folded",)

    title = models.CharField(_("title"), max_length=120)
    title_folded = models.CharField(max_length=400, editable=False)
    description = models.TextField(_("description"), blank=True, max_length=5_000)
    owner = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        db_index=False, verbose_name=_("owner"),
    )  # fmt: skip
    created_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    shared_at = models.DateTimeField(null=True, editable=False)
    """Since when everybody in the account sees and edits it; None when it is not shared."""
    archived_at = models.DateTimeField(null=True, editable=False)
    """Since when it is archived; None while it is in use."""
    tags = models.ManyToManyField(Tag, through="ListTag", related_name="+")

    class Meta(Guarded.Meta):
        indexes: ClassVar[list[Any]] = [
            models.Index(
                fields=["account", "-updated_at", "-id"],
                name="prospectinglist_latest",
                condition=Q(trash__isnull=True),
            ),
            models.Index(
                fields=["account", "trash"],
                name="prospectinglist_in_trash",
                condition=Q(trash__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, keeping the folded title up to date."""
        self.derive()
        super().save(*args, **kwargs)

    def derive(self) -> None:
        """Set the form of the title for sorting and searching."""
        self.title_folded = fold(self.title)[:400]


class ListTag(Part):
    """A tag on a prospecting list."""

    part_of = "in_list"
    loose = True

    in_list = models.ForeignKey(ProspectingList, on_delete=models.CASCADE, related_name="+")
    tag = models.ForeignKey(Tag, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta(Part.Meta):
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["account", "tag", "in_list"], name="prospectinglist_tag_once"
            ),
        ]


class ListColumn(Part):
    """A column of a list. When removed, it keeps its cells until the list itself is purged."""

    part_of = "in_list"
    fixed = ("in_list_id",)

    in_list = models.ForeignKey(ProspectingList, on_delete=models.CASCADE, related_name="columns")
    name = models.CharField(_("name"), max_length=60)
    position = models.PositiveIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, editable=False)
    """Since when it is removed; None while it is in the list."""
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta(Part.Meta):
        ordering: ClassVar[list[str]] = ["position", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """The key of its cells."""
        return cells.key_of(self.pk)


class Outcome(models.TextChoices):
    """The outcome of a prospect."""

    LEFT = "left", _("Left to qualify")
    LEAD = "lead", pgettext_lazy("of a prospect", "Turned into a lead")
    NOT_INTERESTED = "not_interested", _("Not interested")


def own_columns(rows: models.QuerySet[Any]) -> tuple[Column, ...]:
    """Return the columns of the rows' lists; columns of one name, in several lists, are one."""
    lists = rows.order_by().values("in_list")
    found: dict[str, list[ListColumn]] = {}
    standing = ListColumn.objects.filter(in_list__in=lists, retired_at=None)
    for column in standing.order_by("in_list", "position", "pk"):
        found.setdefault(fold(column.name), []).append(column)
    fixed = (column.name for column in Prospect.kind.export)
    names = told_apart([*(same[0].name for same in found.values()), *fixed])
    return tuple(
        Column(
            name,
            "cells",
            same[0].name,
            keys=tuple(column.key for column in same),
        )
        for name, same in zip(names, found.values(), strict=False)
    )


class Prospect(Guarded):
    """A row of a list: a person or company who may become a lead."""

    kind = Kind(
        name="prospect",
        singular=_("prospect"),
        plural=_("prospects"),
        label="name",
        sees=sight.prospects,
        edits=sight.prospects,
        parents=("in_list",),
        rules_from="prospecting_list",
        content_fields=r"c\d+",
        counted_separately=True,
        extra_columns=own_columns,
        export=(
            Column("id", "pk", _("Number")),
            Column("list", "in_list__title", _("List")),
            Column("outcome", "outcome", _("Outcome")),
            Column("lead_id", "lead__id", _("Number of the lead")),
            Column("created_at", "created_at", _("Created")),
            Column("updated_at", "updated_at", _("Last changed")),
        ),
    )
    follows = ("name", "name_folded", "folded", "numbers", "searched")

    in_list = models.ForeignKey(
        ProspectingList, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    place = models.BigIntegerField(default=0)
    """Its position among the rows of its list."""
    cells = models.JSONField(default=dict)
    """The key of a column -> its text (`cells`)."""
    outcome = models.CharField(
        _("outcome"), max_length=20, choices=Outcome, default=Outcome.LEFT
    )  # fmt: skip
    # A purged lead leaves its number here; a foreign key in the database would prevent the purge.
    lead = models.ForeignKey(
        Lead, on_delete=models.DO_NOTHING, null=True, related_name="+", db_index=False,
        db_constraint=False,
    )  # fmt: skip
    name = models.CharField(max_length=120, editable=False)
    name_folded = models.CharField(max_length=400, editable=False)
    folded = models.JSONField(default=dict, editable=False)
    numbers = models.JSONField(default=dict, editable=False)
    searched = models.TextField(editable=False)

    class Meta(Guarded.Meta):
        indexes: ClassVar[list[Any]] = [
            models.Index(
                fields=["account", "in_list", "place", "id"],
                name="prospect_in_place",
                condition=Q(trash__isnull=True),
            ),
            models.Index(
                fields=["account", "in_list", "outcome"],
                name="prospect_by_outcome",
                condition=Q(trash__isnull=True),
            ),
            models.Index(
                fields=["account", "lead"], name="prospect_of_lead", condition=Q(lead__isnull=False)
            ),
            models.Index(
                fields=["account", "trash"],
                name="prospect_in_trash",
                condition=Q(trash__isnull=False),
            ),
            models.Index(
                fields=["account", "arrived"],
                name="prospect_arrived",
                condition=Q(arrived__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, keeping the columns derived from the cells up to date."""
        self.derive()
        super().save(*args, **kwargs)

    @property
    def rest(self) -> str:
        """The text of the row besides its name, on one line."""
        texts = cells.in_order(self.cells)[1:]
        return " · ".join(" ".join(text.split()) for text in texts)[:200]

    def derive(self) -> None:
        """Set what is derived from the cells: the name, and the forms for sorting and searching."""
        self.name = cells.name_of(self.cells)
        self.name_folded = fold(self.name)[:400]
        self.folded = cells.folded(self.cells)
        self.numbers = cells.numbers(self.cells)
        self.searched = cells.searched(self.cells)
