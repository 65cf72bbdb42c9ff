"""The tables of exported files, imported files, and the latter's refused rows."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from custode.exchange.evidence.models import CheckState, LogCheck
from custode.exchange.webhooks.models import Delivery, Happening, Webhook
from custode.guard import kinds
from custode.guard.kinds import Translatable
from custode.guard.owned import Owned
from custode.kernel import clock
from custode.kernel.actor import names_of

__all__ = [
    "BY_JOB", "CheckState", "Delivery", "ExportFile", "FileState", "Format", "Happening",
    "ImportRun", "LogCheck", "RefusedRow", "RunState", "Webhook",
]  # fmt: skip


class Format(models.TextChoices):
    """The file formats of exports."""

    CSV = "csv", _("CSV")
    XLSX = "xlsx", _("Excel workbook (XLSX)")


class FileState(models.TextChoices):
    """The state of an export's file."""

    WAITING = "waiting", _("Waiting")
    WRITING = "writing", _("Being written")
    READY = "ready", _("Ready")
    FAILED = "failed", pgettext_lazy("of a file", "Failed")
    EXPIRED = "expired", _("Expired")


class ExportFile(Owned):
    """A file that a job makes for one user, who alone may download it."""

    user = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    origin = models.JSONField(default=dict)
    """Where it was requested from, for the log."""
    kind = models.CharField(max_length=40)
    order = models.JSONField(default=dict)
    """What was requested (`exporting.Order`): the filter, or the numbers; columns; format."""
    words = models.CharField(max_length=500, blank=True)
    """The filter in words, in the user's language; "" for all."""
    format = models.CharField(max_length=4, choices=Format)
    name = models.CharField(max_length=120)
    """The name of the downloaded file."""
    token = models.CharField(max_length=64, blank=True)
    """Its name in the data folder, which nobody can guess; "" when there is none."""
    state = models.CharField(max_length=10, choices=FileState, default=FileState.WAITING)
    expected = models.BigIntegerField(default=0)
    """The number of rows counted when it was requested, child rows included."""
    rows = models.BigIntegerField(default=0)
    """The number of rows written, child rows included until it is ready; then without them."""
    along = models.JSONField(default=dict)
    """The number of child rows written, by kind."""
    size = models.BigIntegerField(default=0)
    """In bytes."""
    seq = models.BigIntegerField(null=True)
    """The log number of the export, once started."""
    reach = models.JSONField(default=dict)
    """How far the requester's rights reached when it was written (`exchange.reach`)."""
    tries = models.PositiveSmallIntegerField(default=0)
    alive_at = models.DateTimeField(null=True)
    """The last sign of life of the job that works on it or, while it waits, when a job was
    requested; by the database's clock.
    """
    downloads = models.PositiveIntegerField(default=0)
    why = models.TextField(blank=True)
    """For a failed one, the message for its owner."""
    created_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta(Owned.Meta):
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["account", "user", "-id"], name="exportfile_of_user"),
            models.Index(
                fields=["expires_at"], name="exportfile_due", condition=Q(expires_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def program(self) -> str:
        """The application that asked for it on the user's behalf; "" for the user's own."""
        return names_of(str(self.origin.get("name", "")))[1]

    @property
    def is_under_way(self) -> bool:
        """Whether a job still has to work on it."""
        return self.state in {FileState.WAITING, FileState.WRITING}

    @property
    def percent(self) -> int:
        """The progress in percent, by the count at the beginning."""
        return min(99, self.rows * 100 // self.expected) if self.expected else 0


class RunState(models.TextChoices):
    """The state of an import."""

    READING = "reading", _("Being read")
    MAPPING = "mapping", _("To be mapped")
    CHECKING = "checking", _("Being checked")
    CHECKED = "checked", _("Ready to start")
    RUNNING = "running", _("Running")
    STOPPING = "stopping", _("Being stopped")
    DONE = "done", pgettext_lazy("of an import", "Done")
    FAILED = "failed", pgettext_lazy("of an import", "Failed")
    ABANDONED = "abandoned", _("Given up")


BY_JOB = (RunState.READING, RunState.CHECKING, RunState.RUNNING, RunState.STOPPING)
"""The states in which a job works on it."""


class ImportRun(Owned):
    """An uploaded file, and the progress of its import."""

    user = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    origin = models.JSONField(default=dict)
    """Where it was uploaded from, for the log."""
    entrance = models.CharField(max_length=10)
    kind = models.CharField(max_length=40, default="lead")
    """The kind that its rows become, one of `importing.targets`."""
    name = models.CharField(max_length=200)
    """The file's original name."""
    token = models.CharField(max_length=64, blank=True)
    """Its name in the data folder; "" once it has been removed."""
    size = models.BigIntegerField(default=0)
    state = models.CharField(max_length=10, choices=RunState, default=RunState.READING)
    study = models.JSONField(default=dict)
    """The content of the file (`exchange.importing.studies`)."""
    mapping = models.JSONField(default=dict)
    """What each column becomes, as its target writes it (`exchange.reading.mapjson` for leads)."""
    choices = models.JSONField(default=dict)
    """Further choices: pipeline, unknown names (`importing.choices`), or the list."""
    forecast = models.JSONField(default=dict)
    """The result of a trial over the whole file (`importing.forecast`, `importing.trial`)."""
    made = models.JSONField(default=dict)
    """What it created besides its rows, and the user for each owner (`importing.made.Made`)."""
    expected = models.BigIntegerField(default=0)
    """The number of rows below the header."""
    read = models.BigIntegerField(default=0)
    """The number of rows processed, imported or not."""
    imported = models.BigIntegerField(default=0)
    refused = models.BigIntegerField(default=0)
    entry_id = models.BigIntegerField(null=True)
    """The trash entry under which its rows arrive."""
    seq = models.BigIntegerField(null=True)
    """The log number of the act that released all rows; the import is undone by it."""
    tries = models.PositiveSmallIntegerField(default=0)
    why = models.TextField(blank=True)
    """For a failed one, the message for its owner."""
    created_at = models.DateTimeField(default=clock.now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta(Owned.Meta):
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["account", "user", "-id"], name="importrun_of_user"),
            models.Index(fields=["account", "-id"], name="importrun_latest"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def what(self) -> Translatable:
        """The display names of the things that its rows become."""
        return kinds.model_of(self.kind).kind.plural

    @property
    def is_under_way(self) -> bool:
        """Whether a job works on it."""
        return self.state in BY_JOB

    @property
    def percent(self) -> int:
        """The progress in percent, by the file's own count."""
        return min(99, self.read * 100 // self.expected) if self.expected else 0


class RefusedRow(Owned):
    """A reason why a row of a file was not imported."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="+", db_index=False)
    line = models.BigIntegerField()
    """The line of the file where the row begins."""
    column = models.CharField(max_length=200, blank=True)
    value = models.CharField(max_length=200, blank=True)
    reason = models.TextField()

    class Meta(Owned.Meta):
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["account", "run", "id"], name="refused_of_run"),
        ]
