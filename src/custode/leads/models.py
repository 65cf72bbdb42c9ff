"""The tables of leads and their tags."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _

from custode.fields import exporting
from custode.fields.models import HeldKey, held_values
from custode.fields.values import COLUMN, searched
from custode.guard.kinds import Bulk, Column, Kind, Verb
from custode.guard.owned import Guarded, Part
from custode.kernel import clock, money
from custode.kernel.text import fold, labelled_lines
from custode.leads import sight
from custode.leads.given import Pipeline, Step, Tag, TagCategory

__all__ = [
    "CLOSED", "OPEN", "Lead", "LeadKey", "LeadTag", "Origin", "Pipeline", "Status", "Step", "Tag",
    "TagCategory",
]  # fmt: skip


class Status(models.TextChoices):
    """The two open and the three closed statuses, in the product's own words."""

    TODO = "todo", _("To do")
    STANDBY = "standby", _("Standby")
    WON = "won", _("Won")
    CANCELLED = "cancelled", _("Cancelled")
    LOST = "lost", _("Lost")


OPEN = (Status.TODO, Status.STANDBY)
CLOSED = (Status.WON, Status.CANCELLED, Status.LOST)


class Origin(models.TextChoices):
    """How a lead was created."""

    MANUAL = "manual", _("By hand")
    IMPORT = "import", _("Import")
    API = "api", _("By API")


def own_columns(rows: models.QuerySet[Any]) -> tuple[Column, ...]:
    """Return the columns that the account's default fields add to an export."""
    return exporting.columns(Lead.kind.name, Lead.kind.export)


class Lead(Guarded):
    """A potential deal."""

    kind = Kind(
        name="lead",
        singular=_("lead"),
        plural=_("leads"),
        label="title",
        sees=sight.sees,
        edits=sight.edits,
        rules={
            Verb.EXPORT: _("Only admins can export leads"),
            Verb.DELETE: _("Only admins can delete leads"),
        },
        content_fields=r"title|description|reference|amount_minor|created_at|field_values:.+",
        plans={
            "client_folder": (),  # into another one is work; out of any loses whose it was
            "probability": (),
            "estimated_closing_date": (),
            "remind_date": ("status",),
            "remind_time": ("status", "remind_date"),
        },
        bulk=(
            Bulk("step"),
            Bulk("owner", check=sight.require_assign, transfers_ownership=True),
            Bulk("tag", through="leads.LeadTag", label_key="tag"),
        ),
        extra_columns=own_columns,
        export=(
            Column("id", "pk", _("Number")),
            Column("title", "title", _("Title")),
            Column("pipeline", "step__pipeline__name", _("Pipeline")),
            Column("step", "step__name", _("Step")),
            Column("status", "status", _("Status")),
            Column("amount", "amount_minor", _("Amount"), money_of="currency"),
            Column("currency", "currency", _("Currency")),
            Column("probability", "probability", _("Probability")),
            Column("estimated_closing_date", "estimated_closing_date", _("Estimated closing date")),
            Column("remind_date", "remind_date", _("Reminder")),
            Column("remind_time", "remind_time", _("Time of the reminder")),
            Column("owner_first_name", "owner__first_name", _("Owner's first name")),
            Column("owner_last_name", "owner__last_name", _("Owner's last name")),
            Column("tags", "tags__name", _("Tags"), many=True),
            Column("starred", "starred", _("Starred")),
            Column("client_folder", "client_folder__name", _("Client folder")),
            Column("origin", "origin", _("Origin")),
            Column("reference", "reference", _("Reference")),
            Column("created_at", "created_at", _("Created")),
            Column("updated_at", "updated_at", _("Last changed")),
            Column("closed_at", "closed_at", _("Closed")),
            Column("description", "description", _("Description")),
        ),
    )
    follows = ("title_folded", "searched", "closed_at")
    keyed = (COLUMN,)

    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("description"), blank=True, max_length=50_000)
    field_values = held_values()
    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="+", db_index=False)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.TODO)
    amount_minor = models.BigIntegerField(_("amount"), null=True, blank=True)
    """In minor units (cents) of `currency`."""
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    probability = models.PositiveSmallIntegerField(_("probability"), null=True, blank=True)
    """In percent, 0 to 100."""
    estimated_closing_date = models.DateField(_("estimated closing date"), null=True, blank=True)
    remind_date = models.DateField(_("reminder"), null=True, blank=True)
    remind_time = models.TimeField(_("time of the reminder"), null=True, blank=True)
    starred = models.BooleanField(_("starred"), default=False)
    owner = models.ForeignKey(
        "people.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("owner"),
    )
    created_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.MANUAL)
    reference = models.CharField(_("reference"), max_length=120, blank=True)
    """The lead's identifier in another program (the number in an imported file)."""
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    client_folder = models.ForeignKey(
        "clients.ClientFolder", on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        db_index=False, verbose_name=_("client folder"),
    )  # fmt: skip
    """Kept also while the folder is in the trash, so that restoring it restores the link."""
    title_folded = models.CharField(max_length=400, editable=False)
    searched = models.TextField(editable=False)
    """Title, reference, description and default fields, folded, to be searched."""
    tags = models.ManyToManyField(Tag, through="LeadTag", related_name="+")

    class Meta(Guarded.Meta):
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(probability__isnull=True) | Q(probability__lte=100),
                name="lead_probability_in_percent",
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(
                fields=["account", "step", "status", "-updated_at", "-id"],
                name="lead_on_board",
                condition=Q(trash__isnull=True),
            ),
            models.Index(
                fields=["account", "-updated_at", "-id"],
                name="lead_latest",
                condition=Q(trash__isnull=True),
            ),
            models.Index(
                fields=["account", "title_folded", "id"],
                name="lead_by_title",
                condition=Q(trash__isnull=True),
            ),
            models.Index(
                fields=["account", "amount_minor", "id"],
                name="lead_by_amount",
                condition=Q(trash__isnull=True),
            ),
            models.Index(
                fields=["account", "owner", "-updated_at", "-id"],
                name="lead_of_owner",
                condition=Q(trash__isnull=True),
            ),
            models.Index(
                fields=["account", "-created_at", "-id"],
                name="lead_newest",
                condition=Q(trash__isnull=True),
            ),
            models.Index(
                fields=["account", "remind_date", "id"],
                name="lead_by_reminder",
                condition=Q(trash__isnull=True),
            ),
            models.Index(
                fields=["account", "remind_date", "id"],
                name="lead_on_standby",
                condition=Q(trash__isnull=True, status="standby"),
            ),
            models.Index(
                fields=["account", "estimated_closing_date", "id"],
                name="lead_by_closing",
                condition=Q(trash__isnull=True),
            ),
            models.Index(
                fields=["account", "step", "status", "currency", "amount_minor"],
                name="lead_figures",
                condition=Q(trash__isnull=True),
            ),
            models.Index(
                fields=["account", "trash"], name="lead_in_trash", condition=Q(trash__isnull=False)
            ),
            models.Index(
                fields=["account", "client_folder"],
                name="lead_of_folder",
                condition=Q(client_folder__isnull=False),
            ),
            models.Index(
                fields=["account", "arrived"],
                name="lead_arrived",
                condition=Q(arrived__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, keeping the derived columns up to date."""
        self.derive()
        super().save(*args, **kwargs)

    def derive(self) -> None:
        """Set the derived fields: the folded text, and when the lead was closed."""
        self.title_folded = fold(self.title)[:400]
        texts = (self.title, self.reference, self.description, *searched(self.field_values))
        self.searched = fold("\n".join(texts))
        if self.status in OPEN:
            self.closed_at = None
        elif self.closed_at is None:
            self.closed_at = clock.now()

    def in_words(self, field: str, text: str, unit: str | None = None) -> str:
        """Return a field's text from the history for people: amounts with currency, local times."""
        if field == "created_at" and text:
            at = timezone.localtime(datetime.fromisoformat(text))
            return formats.date_format(at, "SHORT_DATETIME_FORMAT")
        if field != "amount_minor" or not text:
            return text
        currency = unit or self.currency
        amount, digits = money.from_minor(int(text), currency), money.exponent(currency)
        told = formats.number_format(amount, digits, use_l10n=True, force_grouping=True)
        return f"{told} {currency}"

    @property
    def is_open(self) -> bool:
        """Whether the lead is still to be worked on."""
        return self.status in OPEN

    @property
    def weighted_minor(self) -> int | None:
        """The amount weighted by the probability, in minor units; None without both."""
        if self.amount_minor is None or self.probability is None:
            return None
        return round(self.amount_minor * self.probability / 100)

    @property
    def fields(self) -> dict[str, str]:
        """The `Label: value` lines of the description."""
        return labelled_lines(self.description)


class LeadTag(Part):
    """A tag on a lead."""

    part_of = "lead"
    loose = True

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="+")
    tag = models.ForeignKey(Tag, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta(Part.Meta):
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["account", "tag", "lead"], name="lead_tag_once"),
        ]


class LeadKey(HeldKey):
    """A lead's normalised value in a key field, which reveals duplicates."""

    part_of = "lead"

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="+")

    class Meta(HeldKey.Meta):
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["account", "field", "key"], name="lead_key_found"),
        ]
