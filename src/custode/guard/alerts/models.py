"""The tables of the alerts: rules, alerts with their acts, letters, and judging progress."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from custode.guard.kinds import Verb
from custode.guard.owned import Kept
from custode.kernel import clock


def _by_door(verb: Verb) -> tuple[tuple[str, str, str], ...]:
    """Return the locks that let rows be made and changed only while the door is open for a verb."""
    unasked = f"custode_door() <> '{verb}:' || NEW.account_id"
    return (("new", "INSERT", unasked), ("changed", "UPDATE", unasked))


class AlertRule(Kept):
    """An alert rule that an account has made, or its settings for a standard rule.

    A standard rule without a row here applies with its defaults (`rules.STANDARD`).
    """

    own_locks = _by_door(Verb.ACCOUNT)
    fixed = ("standard",)

    standard = models.CharField(max_length=20, blank=True)
    """The standard rule that this row sets; empty for one of the account's own."""
    name = models.CharField(max_length=80, blank=True)
    is_on = models.BooleanField(default=True)
    acts = models.JSONField(default=list)
    """The acts it applies to: verbs and marks (`marks`); empty for all."""
    kinds = models.JSONField(default=list)
    """The kinds of object it applies to; empty for all."""
    outcome = models.CharField(max_length=8)
    counts = models.CharField(max_length=8)
    at_least = models.PositiveIntegerField()
    within = models.PositiveIntegerField()
    """The minutes within which one actor's acts are added up; 0 when each act is judged alone."""
    by = models.CharField(max_length=12)
    by_id = models.BigIntegerField(null=True)
    recipients = models.JSONField(default=list)
    """The user ids of the admins who are notified; empty for all."""
    removed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta(Kept.Meta):
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["account", "standard"],
                name="one_setting_of_an_alert",
                condition=~Q(standard=""),
            ),
        ]


class Alert(Kept):
    """An alert for admins: what one actor did, once or repeatedly, that met a rule.

    The person it concerns is named in the log only, where the name can be erased; an admin's notes
    about it are erased together with that (`door.erase_person`).
    """

    own_locks: ClassVar[Sequence[tuple[str, str, str]]] = (
        ("new", "INSERT", "custode_door() <> 'alert:' || NEW.account_id"),
        (
            "changed",
            "UPDATE",
            "custode_door() NOT IN ('alert:' || NEW.account_id, 'erase:' || NEW.account_id)",
        ),
        (
            "closed",
            "UPDATE",
            "OLD.acknowledged_at IS NOT NULL AND custode_door() <> 'erase:' || NEW.account_id",
        ),
        (
            "erased",
            "UPDATE",
            "custode_door() = 'erase:' || NEW.account_id AND (NEW.note <> ''"
            " OR NEW.acknowledged_by NOT IN ('', OLD.acknowledged_by)"
            " OR (NEW.acknowledged_at IS NULL) <> (OLD.acknowledged_at IS NULL)"
            " OR NEW.acts <> OLD.acts OR NEW.items <> OLD.items OR NEW.untold <> OLD.untold"
            " OR NEW.last_seq <> OLD.last_seq)",
        ),
    )
    fixed = ("rule", "actor_kind", "actor_id", "first_seq", "first_at")

    rule = models.CharField(max_length=24)
    """The key of the rule: its standard name, or its number."""
    also = models.CharField(max_length=400, blank=True)
    """The keys of further rules that the same act met, each with a blank before and after it."""
    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField(null=True)
    first_seq = models.BigIntegerField()
    last_seq = models.BigIntegerField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    acts = models.PositiveIntegerField()
    items = models.BigIntegerField()
    """The total number of objects that the acts concerned."""
    untold = models.PositiveIntegerField(default=0)
    """The number of its acts that no letter has reported yet."""
    told_at = models.DateTimeField(null=True)
    """When the last letter about it was created."""
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=500, blank=True)

    @property
    def keys(self) -> list[str]:
        """The keys of all rules that were met, starting with the main one."""
        return [self.rule, *self.also.split()]

    class Meta(Kept.Meta):
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["account", "-id"], name="alert_latest"),
            models.Index(
                fields=["account", "-id"], name="alert_open", condition=Q(acknowledged_at=None)
            ),
            models.Index(
                fields=["account", "actor_kind", "actor_id", "-id"],
                name="alert_of_actor",
                condition=Q(acknowledged_at=None),
            ),
            models.Index(fields=["account", "rule", "told_at"], name="alert_told"),
            models.Index(fields=["account"], name="alert_untold", condition=Q(untold__gt=0)),
        ]


class AlertAct(Kept):
    """An act that belongs to an alert, by its number in the log."""

    own_locks = _by_door(Verb.ALERT)
    fixed = ("alert", "seq", "items")

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="+", db_index=False)
    seq = models.BigIntegerField()
    items = models.BigIntegerField()

    class Meta(Kept.Meta):
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["account", "alert", "seq"], name="act_in_an_alert"),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["account", "seq"], name="alerts_of_act"),
        ]


class Delivery(models.TextChoices):
    """The delivery state of a letter."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


class AlertMail(Kept):
    """A message to one admin about one or more alerts."""

    own_locks = _by_door(Verb.ALERT)
    fixed = ("user_id", "alerts", "made_at", "message_id")

    user_id = models.BigIntegerField()
    alerts = models.JSONField()
    """The alerts that it reports: for each its number and how many acts are new."""
    state = models.CharField(max_length=8, choices=Delivery, default=Delivery.WAITING)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    message_id = models.CharField(max_length=40)
    """The local part of the Message-ID: the same for each attempt, to recognise duplicates."""
    tries = models.PositiveIntegerField(default=0)
    claim = models.CharField(max_length=32, blank=True)
    claimed_at = models.DateTimeField(null=True)
    unsure = models.BooleanField(default=False)
    """Whether an earlier attempt was cut off, so that the message may have arrived already."""
    settled_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=300, blank=True)

    class Meta(Kept.Meta):
        indexes: ClassVar[list[Any]] = [
            models.Index(
                fields=["due_at"], name="alert_mail_due", condition=Q(state=Delivery.WAITING)
            ),
            models.Index(
                fields=["claimed_at"], name="alert_mail_taken", condition=Q(state=Delivery.SENDING)
            ),
            models.Index(fields=["account", "-id"], name="alert_mail_latest"),
        ]


class Watched(Kept):
    """How far an account's log has been judged."""

    own_locks: ClassVar[Sequence[tuple[str, str, str]]] = (
        *_by_door(Verb.ALERT),
        ("back", "UPDATE", "NEW.seq < OLD.seq"),
    )

    seq = models.BigIntegerField(default=0)

    class Meta(Kept.Meta):
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["account"], name="one_watched_per_account"),
        ]


class Tally(Kept):
    """Acts of one category in one hour, so that the overview need not count entries."""

    own_locks = _by_door(Verb.ALERT)
    fixed = ("hour", "what")

    hour = models.DateTimeField()
    what = models.CharField(max_length=10)
    acts = models.PositiveIntegerField(default=0)
    items = models.BigIntegerField(default=0)

    class Meta(Kept.Meta):
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["account", "hour", "what"], name="one_tally_per_hour"),
        ]
