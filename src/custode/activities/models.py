"""The tables of comments, their versions and files, and the activity types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from custode.activities import sight
from custode.activities.attached import File
from custode.activities.emails.models import (
    Email,
    EmailFile,
    EmailTemplate,
    EmailWords,
    MailServer,
)
from custode.activities.writing import excerpt
from custode.guard.kinds import Column, Kind, Verb
from custode.guard.owned import Guarded, Kept, Part, on_one_of
from custode.guard.search_texts import SearchText
from custode.kernel import clock

__all__ = [
    "ActivityType",
    "Attachment",
    "Comment",
    "Email",
    "EmailFile",
    "EmailTemplate",
    "EmailWords",
    "Icon",
    "MailServer",
    "Version",
]


PARENTS = ("lead", "client_folder", "prospect", "prospecting_list")
"""What a comment can be about: each a foreign key to a kind of a layer above."""


class Icon(models.TextChoices):
    """The icons that an activity type can have, each from lucide."""

    PHONE = "phone", _("Telephone")
    MEETING = "users-round", _("People")
    VISIT = "map-pin", _("Place")
    VIDEO = "video", _("Camera")
    MAIL = "mail", _("Letter")
    CHAT = "message-circle", _("Speech bubble")
    OFFER = "file-text", _("Document")
    DEMO = "presentation", _("Presentation")
    CHECK = "circle-check", _("Tick")
    NOTE = "sticky-note", _("Note")


class ActivityType(Kept):
    """A type of activity: a call, a meeting."""

    name = models.CharField(_("name"), max_length=60)
    icon = models.CharField(_("picture"), max_length=20, choices=Icon, default=Icon.NOTE)
    position = models.PositiveIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, editable=False)
    """Since when it is no longer offered; comments that have it keep it."""
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta(Kept.Meta):
        ordering: ClassVar[list[str]] = ["position", "id"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["account", "name"], name="activity_type_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Comment(Guarded):
    """A comment about a lead, a client folder, a prospect or a prospecting list."""

    kind = Kind(
        name="comment",
        singular=_("comment"),
        plural=_("comments"),
        label="excerpt",
        sees=sight.sees,
        edits=sight.edits,
        parents=PARENTS,
        rules={Verb.DELETE: _("Only admins can delete comments or e-mails")},
        export=(
            Column("id", "pk", _("Number")),
            Column("lead_id", "lead__id", _("Lead")),
            Column("lead_title", "lead__title", _("Title")),
            Column("client_folder_id", "client_folder__id", _("Client folder")),
            Column("client_folder_name", "client_folder__name", _("Name")),
            Column("prospect_id", "prospect__id", _("Prospect")),
            Column("prospect_name", "prospect__name", _("Name of the prospect")),
            Column("list_id", "prospecting_list__id", _("Number of the list")),
            Column("list_title", "prospecting_list__title", _("List")),
            Column("activity", "activity__name", _("Activity")),
            Column("text", "text", _("Text")),
            Column("files", "files__name", _("Files"), many=True, only=Q(taken_in=None)),
            Column("author_first_name", "author__first_name", _("Author's first name")),
            Column("author_last_name", "author__last_name", _("Author's last name")),
            Column("pinned", "pinned", _("Pinned")),
            Column("created_at", "created_at", _("Created")),
            Column("edited_at", "edited_at", _("Edited")),
        ),
    )
    follows = ("excerpt",)

    lead = models.ForeignKey(
        "leads.Lead", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    client_folder = models.ForeignKey(
        "clients.ClientFolder", on_delete=models.PROTECT, null=True, related_name="+",
        db_index=False,
    )  # fmt: skip
    prospect = models.ForeignKey(
        "prospecting.Prospect", on_delete=models.PROTECT, null=True, related_name="+",
        db_index=False,
    )  # fmt: skip
    prospecting_list = models.ForeignKey(
        "prospecting.ProspectingList", on_delete=models.PROTECT, null=True, related_name="+",
        db_index=False,
    )  # fmt: skip
    author = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    """Who wrote it; None for a program."""
    activity = models.ForeignKey(
        ActivityType, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        db_index=False, verbose_name=_("activity"),
    )  # fmt: skip
    text = models.TextField(_("text"), max_length=20_000)
    """As typed, in Markdown (`writing.as_html`)."""
    excerpt = models.CharField(max_length=120, editable=False)
    """Its beginning as plain text, or a file's name: its name in trash and log."""
    pinned = models.BooleanField(default=False)
    edited_at = models.DateTimeField(null=True, editable=False)

    class Meta(Guarded.Meta):
        constraints: ClassVar[list[Any]] = [on_one_of(*PARENTS, name="comment_hangs_on_one")]
        indexes: ClassVar[list[Any]] = [
            models.Index(
                fields=["account", "lead", "-created_at", "-id"],
                name="comment_of_lead",
                condition=Q(trash__isnull=True),
            ),
            # By the key alone, and including those in the trash: the database checks it for each
            # purged row of the parents.
            models.Index(
                fields=["client_folder", "-created_at", "-id"],
                name="comment_of_folder",
                condition=Q(client_folder__isnull=False),
            ),
            models.Index(
                fields=["prospect", "-created_at", "-id"],
                name="comment_of_prospect",
                condition=Q(prospect__isnull=False),
            ),
            models.Index(
                fields=["prospecting_list", "-created_at", "-id"],
                name="comment_of_list",
                condition=Q(prospecting_list__isnull=False),
            ),
            models.Index(
                fields=["account", "trash"],
                name="comment_in_trash",
                condition=Q(trash__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.excerpt

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, keeping the excerpt up to date."""
        self.excerpt = excerpt(self.text, 120) or self.excerpt
        super().save(*args, **kwargs)


class CommentWords(SearchText):
    """A comment's text and file names, for the search (`search`)."""

    part_of = "comment"
    fixed = ("comment_id",)

    comment = models.OneToOneField(Comment, on_delete=models.CASCADE, related_name="+")


class Version(Part):
    """An earlier state of a comment: its text, and its files (`Attachment.was_in`)."""

    part_of = "comment"
    fixed = ("comment_id", "text", "at")

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="+")
    text = models.TextField()
    at = models.DateTimeField(default=clock.now)
    """When the edit ended this state."""

    class Meta(Part.Meta):
        ordering: ClassVar[list[str]] = ["-id"]


class Attachment(File):
    """A file attached to a comment."""

    part_of = "comment"
    fixed: ClassVar[Sequence[str]] = ("comment_id", *File.fixed, "added_in_id")

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="files")
    added_in = models.ForeignKey(Version, on_delete=models.PROTECT, null=True, related_name="+")
    """The last version without it; None if it came with the comment."""
    taken_in = models.ForeignKey(Version, on_delete=models.PROTECT, null=True, related_name="+")
    """The last version that had it; None if the comment still has it."""

    def was_in(self, version: Version) -> bool:
        """Return whether the comment had it in this version."""
        came = self.added_in_id is None or self.added_in_id < version.pk
        return came and (self.taken_in_id is None or self.taken_in_id >= version.pk)
