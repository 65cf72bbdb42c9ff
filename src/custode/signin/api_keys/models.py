"""The tables of application keys, their use of hourly limits, and stored responses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models

from custode.guard.kinds import Verb
from custode.guard.owned import Kept, Owned
from custode.kernel import clock
from custode.kernel.actor import EVERYWHERE, OPERATOR, Actor, ActorKind, Entrance, Origin, Scope


class ApiKey(Kept):
    """The key of an application. When it ends its row stays, because the log refers to it."""

    sensitive: ClassVar[Mapping[str, Verb]] = {
        "*": Verb.KEYS,
        "digest": Verb.KEYS,
        "scopes": Verb.KEYS,
        "expires_at": Verb.KEYS,
        "revoked_at": Verb.KEYS,
        "secret": Verb.KEYS,
    }
    sealed = "secret"
    fixed = ("digest", "made_by_id", "made_by_name", "created_at")

    name = models.CharField(max_length=80)
    description = models.CharField(max_length=300, blank=True)
    digest = models.CharField(max_length=64)
    """SHA-256 of the key, which has 256 random bits and is stored nowhere."""
    prefix = models.CharField(max_length=40)
    """The beginning of the key, by which people recognise it."""
    scopes = models.CharField(max_length=60)
    """Separated by commas (`Scope`)."""
    secret = models.TextField(blank=True, default="")
    """The key itself, encrypted, where it must sign webhooks in the old way; else empty."""
    signs = models.JSONField(default=list)
    """The numbers of the webhooks that the application created and whose deliveries it signs."""
    made_by_id = models.BigIntegerField(null=True)
    """The user who created it; None for the operator."""
    made_by_name = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    """When it was last used, to the minute."""
    used_ip = models.CharField(max_length=45, blank=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=200, blank=True)

    class Meta(Kept.Meta):
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["account", "digest"], name="key_by_digest"),
        ]
        indexes: ClassVar[list[Any]] = [models.Index(fields=["account", "-id"], name="key_latest")]

    def __str__(self) -> str:
        return self.name

    @property
    def good_for(self) -> frozenset[Scope]:
        """Its scopes."""
        return frozenset(Scope(word) for word in self.scopes.split(",") if word)

    @property
    def scope_words(self) -> list[str]:
        """The names of its scopes, in display order."""
        return [scope.value for scope in Scope if scope in self.good_for]

    @property
    def made_by_operator(self) -> bool:
        """Whether it was made by a command, and by no user."""
        return self.made_by_id is None and self.made_by_name == OPERATOR

    @property
    def is_over(self) -> bool:
        """Whether it has expired or was revoked."""
        has_run_out = self.expires_at is not None and clock.now() >= self.expires_at
        return has_run_out or self.revoked_at is not None

    def actor(self, origin: Origin) -> Actor:
        """Return the application as an actor of its own."""
        scopes = self.good_for
        return Actor(
            self.account_id, ActorKind.KEY, self.pk, self.name, Scope.ADMIN in scopes,
            Entrance.API, origin, reach=EVERYWHERE, scopes=scopes,
        )  # fmt: skip


class Budget(Owned):
    """How many requests a key or user has left within an hour, shared by all processes."""

    who = models.CharField(max_length=30)
    """`key:7` or `user:3`; `account` for all of them together."""
    begun_at = models.DateTimeField()
    """The full hour that it counts for."""
    leased = models.PositiveIntegerField(default=0)
    """How many were leased to processes, which count them down by themselves."""

    class Meta(Owned.Meta):
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["account", "who"], name="budget_of_one"),
        ]


class Answered(Owned):
    """A request that is performed only once (`Idempotency-Key`), and its response."""

    who = models.CharField(max_length=30)
    word = models.CharField(max_length=64)
    """SHA-256 of the `Idempotency-Key` that the program sent."""
    asked = models.CharField(max_length=64)
    """SHA-256 of the request."""
    at = models.DateTimeField(default=clock.now)
    status = models.PositiveSmallIntegerField(null=True)
    """None while the first request is still being processed."""
    body = models.BinaryField(default=b"")
    """The response, encrypted (`signin.sealing`), as it went out."""
    shown = models.JSONField(default=dict)
    """The objects that it shows: kind -> numbers."""

    class Meta(Owned.Meta):
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["account", "who", "word"], name="answered_once"),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["account", "at"], name="answered_at"),
        ]
