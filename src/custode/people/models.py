"""The tables of users and teams."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from custode.accounts import reach
from custode.guard.kinds import Verb
from custode.guard.owned import Kept, LockedInAccount, Owned
from custode.kernel import clock
from custode.kernel.actor import EVERYWHERE, Actor, ActorKind, Entrance, Origin


class Role(models.TextChoices):
    """The role of a user in the account."""

    ADMIN = "admin", _("Admin")
    USER = "user", _("User")


class Users(LockedInAccount["User"]):
    """The users of the account in scope, with the lookup that Django's sign-in requires."""

    def get_by_natural_key(self, email: str | None) -> User:
        """Return the user with this address, in any letter case."""
        return self.get(email__iexact=email)


class User(AbstractBaseUser, Kept):
    """A person of an account. Without an e-mail address they have no sign-in (yet)."""

    sensitive: ClassVar[Mapping[str, Verb]] = {
        "*": Verb.USERS,
        "role": Verb.USERS,
        "disabled_at": Verb.USERS,
        "enabled_at": Verb.USERS,
        "email": Verb.SIGN_IN,
        "pending_email": Verb.SIGN_IN,
    }

    email = models.EmailField(_("e-mail address"), unique=True, null=True, blank=True)
    pending_email = models.EmailField(_("new e-mail address"), blank=True, default="")
    """An address that is pending until its mailed link is used; then it becomes `email`.

    It is not unique: entering one that is taken in another account must not reveal that.
    """
    first_name = models.CharField(_("first name"), max_length=60)
    last_name = models.CharField(_("last name"), max_length=60, blank=True)
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.USER)
    language = models.CharField(_("language"), max_length=10, default="en")
    time_zone = models.CharField(_("time zone"), max_length=60, default="Europe/Rome")
    theme = models.CharField(_("theme"), max_length=5, default="auto")
    asks_post_sales = models.BooleanField(default=True)
    """Whether the person is offered a post-sales process after a lead was won."""
    disabled_at = models.DateTimeField(null=True, editable=False)
    enabled_at = models.DateTimeField(null=True, editable=False)
    """When the user was last enabled again: earlier links are invalid."""
    created_at = models.DateTimeField(default=clock.now, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    objects = Users()  # type: ignore[misc]  # a stricter manager

    class Meta(Kept.Meta):
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["account", "last_name", "first_name"], name="user_by_name"),
        ]

    def __str__(self) -> str:
        return self.get_full_name()

    @property
    def is_active(self) -> bool:  # type: ignore[override]  # Django has a column here
        """Whether the user may sign in."""
        return self.disabled_at is None

    @property
    def is_admin(self) -> bool:
        """Whether the user is an admin of the account."""
        return self.role == Role.ADMIN

    @property
    def can_sign_in(self) -> bool:
        """Whether the user has everything needed to sign in."""
        return self.is_active and bool(self.email) and self.has_usable_password()

    @property
    def address(self) -> str:
        """The address for mail: the sign-in address, else the pending one."""
        return self.email or self.pending_email

    def get_full_name(self) -> str:
        """Return first and last name."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def initials(self) -> str:
        """The two letters for the avatar."""
        return (self.first_name[:1] + (self.last_name[:1] or self.first_name[1:2])).upper()

    def actor(self, entrance: Entrance, origin: Origin | None = None) -> Actor:
        """Return this user as an actor with an entrance."""
        return Actor(
            self.account_id,
            ActorKind.USER,
            self.pk,
            self.get_full_name(),
            self.is_admin,
            entrance,
            origin or Origin(),
            reach=EVERYWHERE if self.is_admin else reach.of_users(self.account),
        )


def _by_users_door() -> list[tuple[str, str, str]]:
    """Return the locks by which a table changes only while the door is open for users."""
    return [
        (purpose, event, f"custode_door() <> '{Verb.USERS}:' || {row}.account_id")
        for purpose, event, row in (
            ("new", "INSERT", "NEW"), ("update", "UPDATE", "NEW"), ("delete", "DELETE", "OLD"),
        )
    ]  # fmt: skip


class Team(Owned):
    """A group of people who work together, some of whom may manage the others."""

    own_locks = _by_users_door()

    name = models.CharField(_("name"), max_length=80)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta(Owned.Meta):
        ordering: ClassVar[list[str]] = ["name", "id"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["account", "name"], name="team_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(Owned):
    """The membership of a user in a team, perhaps as a manager."""

    own_locks = _by_users_door()

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    manages = models.BooleanField(_("manages the team"), default=False)

    class Meta(Owned.Meta):
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["account", "user", "team"], name="in_a_team_once"),
        ]
