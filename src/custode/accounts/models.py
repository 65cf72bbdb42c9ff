"""The table of accounts: companies that use Custode, each separate from all others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from custode.accounts.editions import Edition
from custode.guard.kinds import Verb
from custode.guard.owned import Tenant
from custode.kernel import clock


class RequiredOf(models.TextChoices):
    """The users of whom an account requires two-factor authentication."""

    NOBODY = "nobody", _("nobody")
    ADMINS = "admins", _("admins")
    ALL = "all", _("everybody")


class Visibility(models.TextChoices):
    """What users who are not admins see, apart from their teams: the product's two modes."""

    SHARED = "shared", _("Everything is shared")
    ADMINS = "admins", _("Only admins can see others' items")


class TeamVisibility(models.TextChoices):
    """Who sees the items of a team's members."""

    ADMINS = "admins", _("Only admins")
    MANAGERS = "managers", _("Admins and the team's managers")
    MEMBERS = "members", _("All members of the team")


class Assigning(models.TextChoices):
    """Who may assign leads to others."""

    ADMINS = "admins", _("Only admins")
    MANAGERS = "managers", _("Admins, and managers within their teams")
    EVERYBODY = "everybody", _("Everybody")


class CheckpointsTo(models.TextChoices):
    """To whom daily checkpoints of the log are mailed."""

    NOBODY = "nobody", _("Nobody")
    ADMINS = "admins", _("All admins")
    ADDRESSES = "addresses", _("These addresses")


class Account(Tenant):
    """One company's account; every other row belongs to exactly one account."""

    sensitive: ClassVar[Mapping[str, Verb]] = {
        "*": Verb.ACCOUNT,
        "edition": Verb.ACCOUNT,
        "trash_days": Verb.ACCOUNT,
        "idle_hours": Verb.ACCOUNT,
        "session_days": Verb.ACCOUNT,
        "sessions_kept_months": Verb.ACCOUNT,
        "two_factor_for": Verb.ACCOUNT,
        "two_factor_grace_days": Verb.ACCOUNT,
        "two_factor_since": Verb.ACCOUNT,
        "many_count": Verb.ACCOUNT,
        "many_minutes": Verb.ACCOUNT,
        "many_read": Verb.ACCOUNT,
        "visibility": Verb.PRIVACY,
        "teams_on": Verb.PRIVACY,
        "team_visibility": Verb.PRIVACY,
        "assigning": Verb.PRIVACY,
        "checkpoints_to": Verb.ACCOUNT,
        "checkpoint_addresses": Verb.ACCOUNT,
    }

    name = models.CharField(_("name"), max_length=120, unique=True)
    edition = models.CharField(_("edition"), max_length=20, choices=Edition)
    language = models.CharField(_("language"), max_length=10, default="en")
    time_zone = models.CharField(_("time zone"), max_length=60, default="Europe/Rome")
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    trash_days = models.PositiveIntegerField(_("days in the trash"), default=30)
    idle_hours = models.PositiveIntegerField(_("hours without use"), default=7 * 24)
    """The hours without use after which a session ends."""
    session_days = models.PositiveIntegerField(_("days of a session"), default=30)
    """The days after which a session ends, however much it is used."""
    sessions_kept_months = models.PositiveIntegerField(_("months of past sessions"), default=12)
    two_factor_for = models.CharField(
        _("two-factor authentication is required of"),
        max_length=8,
        choices=RequiredOf,
        default=RequiredOf.NOBODY,
    )
    two_factor_grace_days = models.PositiveIntegerField(_("days of grace"), default=7)
    two_factor_since = models.DateTimeField(null=True, editable=False)
    """When two-factor authentication became required; the days of grace start then."""
    many_count = models.PositiveIntegerField(_("many deletions are from"), default=10)
    """How many objects deleted by one actor within the time below count as many."""
    many_minutes = models.PositiveIntegerField(_("minutes for many deletions"), default=10)
    many_read = models.PositiveIntegerField(_("many read by a program are over"), default=1000)
    """How many leads, prospects or folders programs may read in an hour before it is an export."""
    visibility = models.CharField(max_length=8, choices=Visibility, default=Visibility.SHARED)
    teams_on = models.BooleanField(default=False)
    team_visibility = models.CharField(
        max_length=8, choices=TeamVisibility, default=TeamVisibility.MANAGERS
    )
    assigning = models.CharField(max_length=9, choices=Assigning, default=Assigning.EVERYBODY)
    checkpoints_to = models.CharField(
        max_length=9, choices=CheckpointsTo, default=CheckpointsTo.NOBODY
    )
    checkpoint_addresses = models.CharField(max_length=1300, blank=True, default="")
    """Separated by commas, for `CheckpointsTo.ADDRESSES`."""
    created_at = models.DateTimeField(default=clock.now, editable=False)

    def __str__(self) -> str:
        return self.name
