"""The guard's own tables: the log, the trash, the privacy settings and the history of edits.

The log has no foreign keys and copies names: it outlives its subjects and its actors.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from custode.guard.alerts.models import Alert, AlertAct, AlertMail, AlertRule, Tally, Watched
from custode.guard.kinds import Verb
from custode.guard.log_side_tables import Imprint, ReadWindow, Touched
from custode.guard.logged import AS_A_USER, Logged
from custode.guard.owned import Kept, Owned

__all__ = [
    "Alert", "AlertAct", "AlertMail", "AlertRule", "Change", "Imprint", "LogCheckpoint", "LogEntry",
    "LogHead", "LogPerson", "Logged", "Outcome", "PrivacySetting", "ReadWindow", "RefusalWindow",
    "Tally", "Touched", "TrashEntry", "TrashState", "Watched",
]  # fmt: skip


class Outcome(models.TextChoices):
    """How an act ended."""

    DONE = "done"
    STARTED = "started"
    REFUSED = "refused"
    BROKEN_OFF = "broken_off"
    FAILED = "failed"


class LogEntry(Logged):
    """One sensitive act, in the chain of its account."""

    seq = models.BigIntegerField()
    at = models.DateTimeField()
    verb = models.CharField(max_length=20)
    kind = models.CharField(max_length=40, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome)
    count = models.BigIntegerField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField(null=True)
    entrance = models.CharField(max_length=10)
    session = models.CharField(max_length=40, blank=True)
    trash_id = models.BigIntegerField(null=True)
    about = models.BigIntegerField(null=True)
    """The number of the entry that this one finishes, sums up or undoes."""
    details = models.TextField()
    """Canonical JSON without personal data."""
    person_digest = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta(Logged.Meta):
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["account_id", "seq"], name="log_seq_in_account"),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["account_id", "verb", "kind", "-seq"], name="log_by_verb"),
            models.Index(fields=["account_id", "verb", "-seq"], name="log_of_verb"),
            models.Index(fields=["account_id", "kind", "-seq"], name="log_by_kind"),
            models.Index(fields=["account_id", "-at", "-seq"], name="log_by_time"),
            models.Index(
                fields=["account_id", "actor_kind", "actor_id", "-seq"], name="log_by_actor"
            ),
            models.Index(fields=["account_id", "outcome", "-seq"], name="log_by_outcome"),
            models.Index(
                fields=["account_id", "session", "-seq"],
                name="log_by_session",
                condition=~Q(session=""),
            ),
            models.Index(
                fields=["account_id", "about"], name="log_about", condition=Q(about__isnull=False)
            ),
            models.Index(fields=["account_id", "-seq"], name="log_as_key", condition=AS_A_USER),
        ]


class LogPerson(Logged):
    """The personal data of a log entry, stored apart so that erasing it leaves the chain intact.

    The entry itself has only the SHA-256 of `salt` and `data`.
    """

    seq = models.BigIntegerField()
    salt = models.CharField(max_length=32)
    data = models.TextField()
    """Canonical JSON: who, from where, the names of the objects, the reason given."""

    class Meta(Logged.Meta):
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["account_id", "seq"], name="logperson_in_account"),
        ]


class LogHead(Logged):
    """The end of an account's chain; locked while an entry is added."""

    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="")

    class Meta(Logged.Meta):
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["account_id"], name="one_head_per_account"),
        ]


class LogCheckpoint(Logged):
    """A signed checkpoint of the chain that was handed over to be kept elsewhere."""

    seq = models.BigIntegerField()
    """The last entry that it covers."""
    hash = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    key = models.CharField(max_length=44)
    """The public key for its signature."""
    signature = models.CharField(max_length=88)
    mailed_to = models.PositiveIntegerField()
    """The number of addresses it was mailed to; 0 when it was downloaded."""

    class Meta(Logged.Meta):
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["account_id", "-seq"], name="checkpoint_latest"),
        ]


class RefusalWindow(Logged):
    """An actor's refusals within one minute: which are logged, so that nobody can flood the log."""

    fixed = ("actor_kind", "actor_id", "verb", "kind")

    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField(default=0)
    verb = models.CharField(max_length=20)
    kind = models.CharField(max_length=40)
    opened_at = models.DateTimeField()
    seq = models.BigIntegerField()
    told = models.JSONField(default=list)
    """The digests of the attempts of this minute that are in the log."""
    more = models.PositiveIntegerField(default=0)
    """How many further attempts there were."""
    largest = models.PositiveIntegerField(default=0)
    """The largest number of objects that one of those concerned."""

    class Meta(Logged.Meta):
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["account_id", "actor_kind", "actor_id", "verb", "kind"],
                name="one_refusal_window",
            ),
        ]


class TrashState(models.TextChoices):
    """The state of the rows of a trash entry."""

    ARRIVING = "arriving"
    TRASHED = "trashed"
    RESTORED = "restored"
    PURGED = "purged"


class TrashEntry(Kept):
    """An act that took rows away, or an import in progress whose rows are not visible yet.

    It is created by the door, filled while rows are moved under it, and closed once.
    """

    fixed = ("seq", "kind", "actor_kind", "actor_id", "actor_name", "at", "purge_at")
    own_locks = (
        ("new", "INSERT", "custode_door() <> 'trash:' || NEW.account_id"),
        (
            "filled",
            "UPDATE",
            "custode_door() NOT IN ('delete:' || OLD.id, 'restore:' || OLD.id, 'purge:' || OLD.id)",
        ),
        (
            "closed",
            "UPDATE",
            "OLD.closed_at IS NOT NULL OR (NEW.state <> OLD.state AND custode_door() <> CASE"
            " NEW.state WHEN 'restored' THEN 'restore:' WHEN 'purged' THEN 'purge:' ELSE 'no:' END"
            " || OLD.id)",
        ),
    )

    seq = models.BigIntegerField()
    """The number of the act in the log."""
    kind = models.CharField(max_length=40)
    count = models.BigIntegerField()
    labels = models.JSONField(default=list)
    """The names of the first few objects."""
    along = models.JSONField(default=dict)
    """How many dependent rows were deleted with them, by kind."""
    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    purge_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=TrashState)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=200, blank=True)

    class Meta(Kept.Meta):
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["account", "state", "-id"], name="trash_by_state"),
            models.Index(
                fields=["purge_at"], name="trash_due", condition=Q(state=TrashState.TRASHED)
            ),
            models.Index(fields=["account", "seq"], name="trash_of_act"),
        ]


class PrivacySetting(Kept):
    """A privacy rule, ticked or not: only admins may do `verb` to `kind`. No row means unticked."""

    sensitive: ClassVar[Mapping[str, Verb]] = {
        "*": Verb.PRIVACY,
        "ticked": Verb.PRIVACY,
        "verb": Verb.PRIVACY,
        "kind": Verb.PRIVACY,
        "rests_since": Verb.ACCOUNT,
    }

    verb = models.CharField(max_length=20)
    kind = models.CharField(max_length=40)
    ticked = models.BooleanField()
    rests_since = models.DateTimeField(null=True)
    """Since when a ticked rule has been suspended: an admin has confirmed the change to an edition
    without rules. It applies again when the account's edition has rules again.
    """

    class Meta(Kept.Meta):
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["account", "verb", "kind"], name="one_privacy_setting"),
        ]


class Change(Owned):
    """A change of one field of one object: the history that people read, and undo's source.

    `old` and `new` are the field's plain value as text, None for no value.
    """

    kind = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    field = models.CharField(max_length=40)
    old = models.TextField(null=True)
    new = models.TextField(null=True)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    seq = models.BigIntegerField(null=True)
    """The log number of the act that it belongs to, if any."""
    by_key = models.BigIntegerField(null=True)
    """The key of the application that made the change, as itself or for a user; else None."""
    emptied = models.BooleanField(default=False, db_default=False)
    """Whether a manual edit left next to nothing of the field's value."""

    named = ""
    """The object's name when the change was recorded; not saved."""

    class Meta(Owned.Meta):
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["account", "kind", "object_id", "-id"], name="change_of_object"),
            models.Index(fields=["account", "kind", "-id"], name="change_latest"),
            models.Index(
                fields=["account", "seq"], name="change_of_act", condition=Q(seq__isnull=False)
            ),
            models.Index(
                fields=["account", "actor_kind", "actor_id", "kind", "at"],
                name="change_by_actor",
                condition=Q(old__isnull=False),
            ),
            models.Index(
                fields=["account", "actor_kind", "actor_id", "at"],
                name="change_that_emptied",
                condition=Q(emptied=True),
            ),
            models.Index(
                fields=["account", "by_key", "at"],
                name="change_by_key",
                condition=Q(by_key__isnull=False, old__isnull=False),
            ),
        ]
