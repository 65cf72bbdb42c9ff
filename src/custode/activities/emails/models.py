"""The tables of e-mails, their files, the account's mail server and the templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from custode.activities import sight
from custode.activities.attached import File
from custode.guard.kinds import Column, Kind, Verb
from custode.guard.owned import Guarded, Kept
from custode.guard.search_texts import SearchText
from custode.kernel import clock


class Security(models.TextChoices):
    """How the connection to a mail server is encrypted."""

    STARTTLS = "starttls", _("STARTTLS (usual with port 587)")
    TLS = "tls", _("TLS from the first byte (usual with port 465)")
    NONE = "none", _("Not encrypted")


class Why(models.TextChoices):
    """Why an e-mail was not sent, or why that is unknown."""

    NOT_SET_UP = "not_set_up", _("No mail server is set up. An admin can do so.")
    LOCKED = "locked", _("The server's password cannot be read: an admin must type it anew.")
    PRIVATE = (
        "private",
        _(
            "The server is on a private network, and whoever runs this installation has not"
            " allowed that."
        ),
    )
    CONNECT = "connect", _("The server could not be reached.")
    TLS = "tls", _("No encrypted connection to the server could be made.")
    LOGIN = "login", _("The server did not accept the user name and the password.")
    SENDER = "sender", _("The server did not accept the sender's address.")
    RECIPIENT = "recipient", _("The server did not accept a recipient's address. Nobody got it.")
    MESSAGE = "message", _("The server did not accept the e-mail.")
    BROKE_OFF = "broke_off", _("The connection broke off before the e-mail was handed over.")
    UNBUILT = "unbuilt", _("An address or a file of it cannot be used any more. Write it anew.")
    DELETED = "deleted", _("It was deleted before it was sent.")
    NO_ANSWER = "no_answer", _("It was handed over, but the server's answer did not come.")
    CUT_OFF = "cut_off", _("Custode was cut off while it was being sent.")


OF_THE_SERVER: Final = frozenset({
    Why.LOCKED, Why.PRIVATE, Why.CONNECT, Why.TLS, Why.LOGIN, Why.SENDER, Why.BROKE_OFF,
    Why.NO_ANSWER,
})  # fmt: skip
"""The reasons that whoever set up the account's mail server can do something about."""


class State(models.TextChoices):
    """The state of an e-mail."""

    QUEUED = "queued", _("Waiting to be sent")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Not sent")
    PERHAPS = "perhaps", _("Perhaps sent")


class Trial(models.TextChoices):
    """The state of a mail server's test."""

    NONE = "", _("Not tested")
    WAITING = "waiting", _("Being tested")
    SENT = "sent", _("The test was sent")
    FAILED = "failed", _("The test was not sent")


class MailServer(Kept):
    """The server through which an account's e-mails are sent; none if its host is empty."""

    sensitive: ClassVar[Mapping[str, Verb]] = dict.fromkeys(
        ("*", "host", "port", "security", "username", "password", "sender"), Verb.ACCOUNT
    )
    sealed = "password"

    host = models.CharField(max_length=253, blank=True)
    port = models.PositiveIntegerField(default=587)
    security = models.CharField(max_length=8, choices=Security, default=Security.STARTTLS)
    username = models.CharField(max_length=254, blank=True)
    password = models.TextField(blank=True)
    """Encrypted; empty for none."""
    sender = models.EmailField(blank=True)
    test = models.CharField(max_length=8, choices=Trial, default=Trial.NONE, blank=True)
    test_to = models.EmailField(blank=True)
    test_why = models.CharField(max_length=12, choices=Why, blank=True)
    test_answer = models.CharField(max_length=500, blank=True)
    tested_at = models.DateTimeField(null=True)

    class Meta(Kept.Meta):
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["account"], name="one_mail_server"),
        ]

    @property
    def is_set_up(self) -> bool:
        """Whether a server is set up."""
        return bool(self.host)


class EmailTemplate(Kept):
    """A template for e-mails: a subject and a text, with placeholders."""

    name = models.CharField(max_length=80)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    retired_at = models.DateTimeField(null=True, editable=False)
    """Since when it is no longer offered."""
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta(Kept.Meta):
        ordering: ClassVar[list[str]] = ["name", "id"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["account", "name"], name="email_template_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Email(Guarded):
    """An e-mail that was written about an object; its content never changes, its state does."""

    kind = Kind(
        name="email",
        singular=_("e-mail"),
        plural=_("e-mails"),
        label="subject",
        sees=sight.sees_emails,
        edits=sight.edits_emails,
        parents=("lead",),
        rules_from="comment",
        export=(
            Column("id", "pk", _("Number")),
            Column("lead_id", "lead__id", _("Lead")),
            Column("lead_title", "lead__title", _("Title")),
            Column("to", "recipients", _("To")),
            Column("copies", "copies", _("Copies")),
            Column("subject", "subject", _("Subject")),
            Column("text", "text", _("Text")),
            Column("files", "files__name", _("Files"), many=True),
            Column("author_first_name", "author__first_name", _("Author's first name")),
            Column("author_last_name", "author__last_name", _("Author's last name")),
            Column("state", "state", _("State")),
            Column("created_at", "created_at", _("Created")),
            Column("settled_at", "settled_at", _("State since")),
        ),
    )
    fixed = ("author_id", "recipients", "copies", "subject", "text", "token", "message_id")

    lead = models.ForeignKey(
        "leads.Lead", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    author = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    """Who wrote it; None for a program."""
    recipients = models.TextField()
    """Addresses, separated by ", "."""
    copies = models.TextField(blank=True)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    """As typed, in Markdown (`writing.as_html`)."""
    token = models.CharField(max_length=32)
    """The token of the form that it was written in, so that none is created twice."""
    message_id = models.CharField(max_length=300)
    """The same for each attempt, so that mail programs recognise duplicates."""
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    why = models.CharField(max_length=12, choices=Why, blank=True)
    answer = models.CharField(max_length=500, blank=True)
    """The server's last answer."""
    tries = models.PositiveIntegerField(default=0)
    claim = models.CharField(max_length=32, blank=True)
    """Identifies the current attempt: results of other attempts are ignored."""
    claimed_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    """When its state last changed."""
    decided_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    """Who decided that it was sent, when Custode could not know."""

    class Meta(Guarded.Meta):
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["account", "token"], name="email_made_once"),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(
                fields=["account", "lead", "-created_at", "-id"],
                name="email_of_lead",
                condition=Q(trash__isnull=True),
            ),
            models.Index(
                fields=["account", "trash"],
                name="email_in_trash",
                condition=Q(trash__isnull=False),
            ),
            models.Index(
                fields=["account", "created_at"],
                name="email_under_way",
                condition=Q(state__in=["queued", "sending"]),
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def is_under_way(self) -> bool:
        """Whether its state will change without anybody's action."""
        return self.state in {State.QUEUED, State.SENDING}

    @property
    def is_of_server(self) -> bool:
        """Whether whoever set up the account's mail server can do something about the failure."""
        return self.why in OF_THE_SERVER

    @property
    def waits_for_somebody(self) -> bool:
        """Whether a person must decide how to go on."""
        return self.state in {State.FAILED, State.PERHAPS}


class EmailFile(File):
    """A file attached to an e-mail."""

    part_of = "email"
    fixed: ClassVar[Sequence[str]] = ("email_id", *File.fixed)

    email = models.ForeignKey(Email, on_delete=models.CASCADE, related_name="files")


class EmailWords(SearchText):
    """An e-mail's text, recipients and file names, for the search (`search`)."""

    part_of = "email"
    fixed = ("email_id",)

    email = models.OneToOneField(Email, on_delete=models.CASCADE, related_name="+")
