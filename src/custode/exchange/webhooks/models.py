"""The tables of webhooks, deliveries, and events from which deliveries are made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from custode.guard.kinds import Verb
from custode.guard.news import Sort
from custode.guard.owned import Kept, LockedInAccount, Owned
from custode.kernel import clock


def place_of(target: str) -> str:
    """Return a target's place for the log: what follows the host is often a secret."""
    try:
        parts = urlsplit(target)
    except ValueError:
        return ""
    if parts.netloc:
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    return target.partition("/")[0].partition("?")[0]


class TargetType(models.TextChoices):
    """The type of a webhook's target; the values are those of the API."""

    URL = "url", _("A program's address")
    EMAIL = "email", _("An e-mail address")


class Living(LockedInAccount["Webhook"]):
    """The webhooks of the account in scope that have not been deleted."""

    null = ("deleted_at",)


class Webhook(Kept):
    """An event that is told to a target. Created, switched and deleted by the door."""

    fixed = (
        "event", "target_type", "target", "created_at", "made_by_id", "made_by_key", "made_by_name",
    )  # fmt: skip
    sensitive: ClassVar[Mapping[str, Verb]] = {
        "*": Verb.WEBHOOKS,
        "secret": Verb.WEBHOOKS,
        "in_lead_menu": Verb.WEBHOOKS,
        "disabled_at": Verb.WEBHOOKS,
        "deleted_at": Verb.WEBHOOKS,
        "awaits_since": Verb.WEBHOOKS,
    }
    sealed = "secret"

    name = models.CharField(_("name"), max_length=80, blank=True)
    event = models.CharField(_("event"), max_length=200)
    target_type = models.CharField(max_length=5, choices=TargetType)
    target = models.CharField(max_length=500)
    secret = models.TextField(blank=True)
    """The secret that signs deliveries, encrypted; "" for an e-mail address and once deleted."""
    in_lead_menu = models.BooleanField(default=False)
    """For one that is triggered by hand: whether leads have a button for it."""
    made_by_id = models.BigIntegerField(null=True, editable=False)
    """The user who created it, or on whose behalf an application did; else None."""
    made_by_key = models.BigIntegerField(null=True, editable=False)
    """The key by which an application created it; else None."""
    made_by_name = models.CharField(max_length=200, blank=True, editable=False)
    """The creator's name; empty where it is no longer known."""
    created_at = models.DateTimeField(default=clock.now, editable=False)
    disabled_at = models.DateTimeField(null=True, editable=False)
    """Since when it is off; None while it is on."""
    failing_since = models.DateTimeField(null=True, editable=False)
    """Since when no delivery has succeeded; None when the latest did."""
    given_up_at = models.DateTimeField(null=True, editable=False)
    """When it was switched off because no delivery succeeded; None when somebody did it."""
    deleted_at = models.DateTimeField(null=True, editable=False)
    awaits_since = models.DateTimeField(null=True, editable=False)
    """Since when the owner of its e-mail address has been asked to confirm, before which nothing is
    mailed; None once they have, and where no confirmation is needed.
    """
    mails_hour = models.DateTimeField(null=True, editable=False)
    """The full hour for which `mails` counts."""
    mails = models.PositiveIntegerField(default=0, editable=False)
    """How many mails were started in that hour."""

    living = Living()

    class Meta(Kept.Meta):
        ordering: ClassVar[list[str]] = ["id"]
        default_manager_name = "objects"
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["account", "event", "target_type", "target"],
                name="webhook_once",
                condition=Q(deleted_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name or place_of(self.target)

    @property
    def labels(self) -> list[str]:
        """Its name in the log, and its target."""
        return [str(self), place_of(self.target)]

    @property
    def is_on(self) -> bool:
        """Whether what happens is told."""
        return self.disabled_at is None and self.deleted_at is None

    @property
    def awaits_a_yes(self) -> bool:
        """Whether nothing is mailed because the owner of its address has not confirmed yet."""
        return self.awaits_since is not None


class State(models.TextChoices):
    """The state of a delivery."""

    WAITING = "waiting", pgettext_lazy("of a delivery", "Waiting")
    SENDING = "sending", pgettext_lazy("of a delivery", "Being sent")
    DELIVERED = "delivered", pgettext_lazy("of a delivery", "Delivered")
    FAILED = "failed", pgettext_lazy("of a delivery", "Given up")


class Why(models.TextChoices):
    """Why an attempt failed."""

    PRIVATE = "private", _("The address is a private one, to which nothing is sent.")
    UNKNOWN = "unknown", _("There is no host of this name.")
    CONNECT = "connect", _("Nobody answers at this address.")
    TLS = "tls", _("The connection could not be encrypted: the certificate is not valid.")
    SLOW = "slow", _("The answer took too long.")
    BROKE_OFF = "broke_off", _("The connection broke off.")
    STATUS = "status", _("The program answered that it did not accept it.")
    REDIRECT = "redirect", _("The program redirects to an address to which nothing is sent.")
    LOCKED = "locked", _("The webhook's secret cannot be read: a key is missing on the server.")
    NO_MAIL = "no_mail", _("No mail is set up on this installation.")
    MAIL = "mail", _("The mail server did not accept it.")
    WRONG = "wrong", _("Something went wrong here; the server's log has it.")


class Delivery(Owned):
    """An event for one webhook; its number identifies the event to the receiver."""

    fixed = ("webhook_id", "event", "data", "made_at")

    webhook = models.ForeignKey(Webhook, on_delete=models.PROTECT, related_name="+", db_index=False)
    event = models.CharField(max_length=200)
    data = models.JSONField()
    """The object concerned, as it was when the delivery was created."""
    made_at = models.DateTimeField(default=clock.now)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    try_count = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=clock.now)
    claim = models.CharField(max_length=32, blank=True)
    claimed_at = models.DateTimeField(null=True)
    last_returned_code = models.PositiveSmallIntegerField(null=True)
    """The status code of the latest answer; None when there was none."""
    why = models.CharField(max_length=10, choices=Why, blank=True)
    answer = models.TextField(blank=True)
    """The beginning of the latest answer."""
    settled_at = models.DateTimeField(null=True)
    """When the latest attempt ended."""

    class Meta(Owned.Meta):
        indexes: ClassVar[list[Any]] = [
            models.Index(
                fields=["due_at", "id"],
                name="delivery_due",
                condition=Q(state__in=["waiting", "sending"]),
            ),
            models.Index(fields=["account", "webhook", "-id"], name="delivery_of_webhook"),
            models.Index(fields=["account", "-id"], name="delivery_latest"),
            models.Index(fields=["account", "made_at"], name="delivery_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.pk}"

    @property
    def has_succeeded(self) -> bool:
        """Whether it was accepted."""
        return self.state == State.DELIVERED


class Happening(Owned):
    """Something that has happened, of which deliveries are still to be created (`guard.news`)."""

    fixed = ("sort", "subject", "seq", "field", "data", "at")

    sort = models.CharField(max_length=5, choices=[(one.value, one.value) for one in Sort])
    subject = models.CharField(max_length=40, blank=True)
    seq = models.BigIntegerField(null=True)
    field = models.CharField(max_length=40, blank=True)
    data = models.JSONField(default=dict)
    at = models.DateTimeField(default=clock.now)
    after = models.BigIntegerField(default=0)
    """The progress in creating deliveries."""
    due_at = models.DateTimeField(default=clock.now)

    class Meta(Owned.Meta):
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["account", "seq", "subject", "field"],
                name="bulk_happens_once",
                condition=Q(sort="bulk"),
            ),
        ]
        indexes: ClassVar[list[Any]] = [models.Index(fields=["due_at", "id"], name="happening_due")]

    def __str__(self) -> str:
        return f"{self.sort} {self.subject} {self.seq or ''}"
