"""Files that leave, files that come in, and the rows of the latter that were refused."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from custode.exchange.evidence.models import CheckState, LogCheck
from custode.exchange.webhooks.models import Delivery, Happening, Webhook
from custode.guard import kinds
from custode.guard.kinds import Words
from custode.guard.owned import Owned
from custode.kernel import clock
from custode.kernel.actor import names_of

__all__ = [
    "BY_JOB", "CheckState", "Delivery", "ExportFile", "FileState", "Format", "Happening",
    "ImportRun", "LogCheck", "RefusedRow", "RunState", "Webhook",
]  # fmt: skip


class Format(models.TextChoices):
    """The forms in which leads leave."""

    CSV = "csv", _("CSV")
    XLSX = "xlsx", _("Excel workbook (XLSX)")


class FileState(models.TextChoices):
    """How far an export's file has come."""

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
    """From where it was asked for, for the log."""
    kind = models.CharField(max_length=40)
    order = models.JSONField(default=dict)
    """What was asked for (`exporting.Order`): the filter, or the numbers; columns; form."""
    words = models.CharField(max_length=500, blank=True)
    """The filter as people read it, in the user's language; "" for all."""
    format = models.CharField(max_length=4, choices=Format)
    name = models.CharField(max_length=120)
    """What the downloaded file is called."""
    token = models.CharField(max_length=64, blank=True)
    """What it is called in the data folder: nobody can guess it. "" when there is none."""
    state = models.CharField(max_length=10, choices=FileState, default=FileState.WAITING)
    expected = models.BigIntegerField(default=0)
    """Rows that were counted when it was asked for, with those that go along."""
    rows = models.BigIntegerField(default=0)
    """Rows that have gone, with those that go along until it is ready; then without them."""
    along = models.JSONField(default=dict)
    """What went along with the rows: kind -> how many."""
    size = models.BigIntegerField(default=0)
    """In bytes."""
    seq = models.BigIntegerField(null=True)
    """The number of the export in the log, once begun."""
    tries = models.PositiveSmallIntegerField(default=0)
    alive_at = models.DateTimeField(null=True)
    """When the job that works on it last told that it lives, or, while it waits, a job was asked
    for; by the database's clock."""
    downloads = models.PositiveIntegerField(default=0)
    why = models.TextField(blank=True)
    """For a failed one, the sentence for its owner."""
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
        """The application that asked for it in the user's name; "" when they did themselves."""
        return names_of(str(self.origin.get("name", "")))[1]

    @property
    def is_under_way(self) -> bool:
        """Whether a job still has to do something for it."""
        return self.state in {FileState.WAITING, FileState.WRITING}

    @property
    def percent(self) -> int:
        """How far it is, as far as the count at the beginning tells."""
        return min(99, self.rows * 100 // self.expected) if self.expected else 0


class RunState(models.TextChoices):
    """How far an import has come."""

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
"""The states in which a job has the turn."""


class ImportRun(Owned):
    """A file that somebody brought, and how far it has come in."""

    user = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    origin = models.JSONField(default=dict)
    """From where it was brought, for the log."""
    entrance = models.CharField(max_length=10)
    kind = models.CharField(max_length=40, default="lead")
    """What its rows become, one of `importing.targets`."""
    name = models.CharField(max_length=200)
    """What the file was called where it came from."""
    token = models.CharField(max_length=64, blank=True)
    """What it is called in the data folder; "" once it has been removed."""
    size = models.BigIntegerField(default=0)
    state = models.CharField(max_length=10, choices=RunState, default=RunState.READING)
    study = models.JSONField(default=dict)
    """What the file holds (`exchange.importing.study`)."""
    mapping = models.JSONField(default=dict)
    """Which column becomes what, as its target writes it (`exchange.reading.mapjson` for leads)."""
    choices = models.JSONField(default=dict)
    """What else was decided: pipeline, unknown names (`importing.choices`), or the list."""
    forecast = models.JSONField(default=dict)
    """What a trial over the whole file found (`importing.forecast`, `importing.trial`)."""
    made = models.JSONField(default=dict)
    """What it has made besides its rows, and whom each owner means (`importing.made.Made`)."""
    expected = models.BigIntegerField(default=0)
    """Rows below the header."""
    read = models.BigIntegerField(default=0)
    """Rows that are done, whether they came in or not."""
    imported = models.BigIntegerField(default=0)
    refused = models.BigIntegerField(default=0)
    entry_id = models.BigIntegerField(null=True)
    """The trash entry under which its rows arrive."""
    seq = models.BigIntegerField(null=True)
    """The number in the log of the act that brought all out; by it the import is undone."""
    tries = models.PositiveSmallIntegerField(default=0)
    why = models.TextField(blank=True)
    """For a failed one, the sentence for its owner."""
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
    def what(self) -> Words:
        """What people call the things that its rows become."""
        return kinds.model_of(self.kind).kind.many

    @property
    def is_under_way(self) -> bool:
        """Whether a job has the turn."""
        return self.state in BY_JOB

    @property
    def percent(self) -> int:
        """How far it is, as far as the file's own count tells."""
        return min(99, self.read * 100 // self.expected) if self.expected else 0


class RefusedRow(Owned):
    """One reason why one row of a file did not come in."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="+", db_index=False)
    line = models.BigIntegerField()
    """Where the row begins in the file."""
    column = models.CharField(max_length=200, blank=True)
    value = models.CharField(max_length=200, blank=True)
    reason = models.TextField()

    class Meta(Owned.Meta):
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["account", "run", "id"], name="refused_of_run"),
        ]
