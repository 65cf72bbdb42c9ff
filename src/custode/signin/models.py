"""The tables of sign-in: sessions, second factors, and used-up attempts.

A session's cookie, a recovery code and a device's mark are secrets that are never stored: only
their digests are. A TOTP secret must be read again, so it is stored encrypted (`signin.sealing`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from custode.guard.kinds import Verb
from custode.guard.owned import Kept, Owned
from custode.kernel import clock
from custode.signin.api_keys.models import Answered, ApiKey, Budget

__all__ = [
    "Answered", "ApiKey", "Budget", "Ended", "Limit", "Passkey", "RecoveryCode", "Session", "Totp",
    "Visit",
]  # fmt: skip


class Ended(models.TextChoices):
    """Why a session ended."""

    SIGNED_OUT = "signed_out", _("signed out")
    DISCONNECTED = "disconnected", _("disconnected")
    IDLE = "idle", _("not used for long")
    EXPIRED = "expired", _("expired")
    PASSWORD = "password", _("password changed")
    DISABLED = "disabled", _("user disabled")
    TWO_FACTOR = "two_factor", _("two-factor changed")
    NOT_ME = "not_me", _("the user said: this was not me")
    KEY = "key", _("API key revoked or expired")


BY_TOKEN: Final = "api"  # noqa: S105 (how somebody came in)
"""The `way` of a user's token that was created with their password."""
AS_KEY: Final = "key:"
"""The prefix of the `way` of a token that a key created, to act as the user; then its number."""


class Session(Owned):
    """One sign-in of one user on one device. When it ends it is kept as a past session.

    The database itself refuses changes of an ended session, so that none can be revived.
    """

    own_locks: ClassVar[Sequence[tuple[str, str, str]]] = (
        ("over", "UPDATE", "OLD.ended_at IS NOT NULL"),
        (
            "whose",
            "UPDATE OF user_id, started_at",
            "NEW.user_id <> OLD.user_id OR NEW.started_at <> OLD.started_at",
        ),
        (
            "kept",
            "DELETE",
            "OLD.ended_at IS NULL OR custode_door() <> 'sessions:' || OLD.account_id",
        ),
    )

    user = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    digest = models.CharField(max_length=64)
    """SHA-256 of the cookie's value, which only the browser has."""
    data = models.TextField(default="{}")
    way = models.CharField(max_length=40, blank=True)
    """How the user signed in: methods joined by `+`, such as `password+totp`."""
    device = models.CharField(max_length=64, blank=True)
    """SHA-256 of the mark by which the device is recognised."""
    browser = models.CharField(max_length=60, blank=True)
    system = models.CharField(max_length=60, blank=True)
    form = models.CharField(max_length=10, blank=True)
    """`desktop`, `phone`, `tablet` or `program`."""
    header = models.CharField(max_length=300, blank=True)
    """The User-Agent header, as received."""
    ip = models.CharField(max_length=45, blank=True)
    """The address it was last used from."""
    started_ip = models.CharField(max_length=45, blank=True)
    started_at = models.DateTimeField(default=clock.now)
    seen_at = models.DateTimeField(default=clock.now)
    """When it was last used, to the minute."""
    proved_at = models.DateTimeField(null=True)
    """When the user last proved their identity."""
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=12, choices=Ended, blank=True)
    ended_by = models.CharField(max_length=200, blank=True)
    """The name of who ended it; empty when the user themselves or nobody did."""

    class Meta(Owned.Meta):
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["account", "digest"], name="session_by_cookie"),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["account", "-id"], name="session_latest"),
            models.Index(fields=["account", "user", "-id"], name="session_of_user"),
            models.Index(
                fields=["account", "-id"], name="session_current", condition=Q(ended_at=None)
            ),
            models.Index(fields=["account", "ended_at"], name="session_by_end"),
        ]

    @property
    def is_token(self) -> bool:
        """Whether it belongs to a program rather than a browser (`sessions.tokens`)."""
        return self.way == BY_TOKEN or self.way.startswith(AS_KEY)


class Visit(models.Model):
    """The session of a visitor who is not signed in (yet): short, and of no account."""

    digest = models.CharField(max_length=64, unique=True)
    data = models.TextField(default="{}")
    expires_at = models.DateTimeField(db_index=True)


class Totp(Kept):
    """An authenticator app's secret: the second factor by six digits (RFC 6238)."""

    sensitive: ClassVar[Mapping[str, Verb]] = {
        "*": Verb.TWO_FACTOR,
        "secret": Verb.TWO_FACTOR,
        "removed_at": Verb.TWO_FACTOR,
    }
    sealed = "secret"

    user = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    secret = models.TextField()
    """Encrypted; empty once removed."""
    last_step = models.BigIntegerField(default=0)
    """The time step of the last accepted code: none is accepted twice."""
    created_at = models.DateTimeField(default=clock.now)
    used_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta(Kept.Meta):
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["account", "user"], name="one_totp", condition=Q(removed_at=None)
            ),
        ]


class Passkey(Kept):
    """A passkey (WebAuthn level 2): a second factor, and a sign-in without a password."""

    sensitive: ClassVar[Mapping[str, Verb]] = {
        "*": Verb.TWO_FACTOR,
        "credential_id": Verb.TWO_FACTOR,
        "public_key": Verb.TWO_FACTOR,
        "removed_at": Verb.TWO_FACTOR,
    }

    user = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    credential_id = models.CharField(max_length=1400)
    """As base64url."""
    public_key = models.TextField()
    """The attested credential data, as base64url."""
    sign_count = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now)
    used_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta(Kept.Meta):
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["account", "credential_id"], name="one_credential"),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["account", "user"], name="passkey_of_user"),
        ]


class RecoveryCode(Owned):
    """A recovery code, for when the device is lost. Each is accepted once."""

    own_locks: ClassVar[Sequence[tuple[str, str, str]]] = (
        ("spent", "UPDATE", "OLD.spent_at IS NOT NULL"),
        ("new", "INSERT", "custode_door() <> 'two_factor:' || NEW.account_id"),
    )

    user = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    """SHA-256; the code has 80 random bits, so it cannot be guessed from that."""
    created_at = models.DateTimeField(default=clock.now)
    spent_at = models.DateTimeField(null=True)

    class Meta(Owned.Meta):
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["account", "user", "digest"], name="recovery_code"),
        ]


class Limit(models.Model):
    """How much of a limit a subject has used up, as the moment when it is fully restored."""

    key = models.CharField(max_length=64, unique=True)
    """A keyed digest of the limit's name and its subject."""
    free_at = models.DateTimeField(db_index=True)
