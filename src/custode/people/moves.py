"""Operations on users. Creating them and changing their roles are sensitive acts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from django.utils.translation import gettext as _

from custode.guard import door
from custode.guard.kinds import Verb
from custode.kernel import clock, scope
from custode.kernel.actor import Actor, ActorKind
from custode.kernel.errors import Invalid
from custode.kernel.text import line
from custode.people import addresses
from custode.people.models import Role, User

LONGEST_NAME: Final = 60
"""The maximum number of characters of a first or a last name."""


def create(
    actor: Actor,
    *,
    first_name: str,
    last_name: str = "",
    email: str | None = None,
    role: str = Role.USER,
    language: str = "en",
    time_zone: str = "Europe/Rome",
) -> User:
    """Create a user in the actor's account, without a password yet.

    The address that an admin enters is pending until its link is used. An operator's takes effect
    at once; the operator may know whether it is taken.

    Raises:
        Refused: the actor is no admin, or a key that lacks a scope that the user would not lack.
        Invalid: the address is not one, or is taken; the name is empty or too long; the role is
            unknown.
    """
    address, at_once = addresses.read(email), actor.kind is ActorKind.OPERATOR
    first, last = _fitting(first_name, last_name)
    role = checked_role(role)
    if address and at_once:
        addresses.require_free(address)
    user = User(
        email=address if at_once else None, pending_email="" if at_once else address or "",
        first_name=first, last_name=last, role=role,
        language=language, time_zone=time_zone,
    )  # fmt: skip
    user.set_unusable_password()
    with scope.account(actor.account_id):
        # The first user of an account has nobody to notify.
        begins = {} if User.objects.exists() else {"first": True}
    details = {"created": role, **begins}
    with door.sensitive_act(actor, Verb.USERS, details=details, labels=[user.get_full_name()]):
        addresses.require_may_let_in(actor, role)
        if address:
            addresses.require_free_here(address, actor.account_id)
        user.save()
    return user


def checked_name(text: str) -> str:
    """Return a first name, on one line; raise `Invalid` when it is empty."""
    if not (first := line(text)):
        raise Invalid(_("A user needs a first name."), field="first_name")
    return first


def _fitting(first_name: str, last_name: str) -> tuple[str, str]:
    first, last = checked_name(first_name), line(last_name)
    if max(len(first), len(last)) > LONGEST_NAME:
        raise Invalid(_("A name has at most 60 characters."), field="first_name")
    return first, last


def checked_role(text: str) -> str:
    """Return one of the two roles; raise `Invalid` for anything else."""
    if text not in Role.values:
        raise Invalid(_("A user is an admin or a user."), field="role")
    return text


def _noted(_users: Mapping[str, User]) -> None:
    """Record nothing."""


def create_named(
    actor: Actor, names: Iterable[str], *, note: Callable[[Mapping[str, User]], None] = _noted
) -> dict[str, User]:
    """Create people named in an imported file, without sign-in; return them by name.

    Args:
        names: `Mario Rossi`, or `De Luca, Mario` to show where the last name begins.
        note: records who was created, within the act; an exception rolls the act back.

    Raises:
        Refused: the actor is no admin.
    """
    users = {name: _named(actor, name) for name in names}
    if not users:
        return {}
    labels = [user.get_full_name() for user in list(users.values())[:5]]
    details = {"named": len(users)}
    with door.sensitive_act(actor, Verb.USERS, count=len(users), details=details, labels=labels):
        User.objects.bulk_create(users.values())
        note(users)
    return users


def _named(actor: Actor, name: str) -> User:
    last, comma, first = name.partition(",")
    if not comma:
        first, _blank, last = name.strip().partition(" ")
    user = User(
        account_id=actor.account_id, first_name=first.strip()[:LONGEST_NAME],
        last_name=last.strip()[:LONGEST_NAME], email=None,
    )  # fmt: skip
    user.set_unusable_password()
    return user


def rename(actor: Actor, user: User, first_name: str, last_name: str) -> None:
    """Rename a user; earlier log entries keep the old name.

    Raises:
        Refused: the actor is no admin.
        Invalid: the first name is empty, or one is too long.
    """
    first, last = _fitting(first_name, last_name)
    before = user.get_full_name()
    if (user.first_name, user.last_name) == (first, last):
        return
    labels = [f"{first} {last}".strip(), before]
    with door.sensitive_act(actor, Verb.USERS, details={"renamed": True}, labels=labels):
        user.first_name, user.last_name = first, last
        user.save(update_fields=["first_name", "last_name"])


def set_role(actor: Actor, user: User, role: str) -> None:
    """Make a user an admin, or an admin a user.

    Raises:
        Refused: the actor is no admin, or makes an admin by a key that lacks a scope.
        Invalid: it would leave the account without an admin who can sign in.
    """
    if user.role == checked_role(role):
        return
    with door.sensitive_act(
        actor, Verb.USERS, details={"role": {"from": user.role, "to": role}},
        labels=[user.get_full_name()],
    ):  # fmt: skip
        if role == Role.ADMIN:
            addresses.require_may_let_in(actor, role)
        user.role = role
        user.save(update_fields=["role"])
        if role != Role.ADMIN:
            _someone_left()


def _someone_left() -> None:
    """Raise `Invalid` unless an admin of the account in scope can sign in, as they are now.

    An invited admin who has not set a password yet does not count: the link may be lost.
    """
    if not any(user.can_sign_in for user in User.objects.filter(role=Role.ADMIN)):
        raise Invalid(_("The account would have no admin left who can sign in."))


def set_disabled(user: User, disabled: bool) -> None:
    """Close or reopen a user's sign-in; `signin.leaving` does everything that goes with it.

    Called within `door.sensitive_act(actor, Verb.USERS)`: the database refuses it anywhere else.

    Raises:
        Invalid: it would leave the account without an admin who can sign in.
    """
    now = clock.now()
    user.disabled_at = now if disabled else None
    if not disabled:
        user.enabled_at = now
    user.save(update_fields=["disabled_at", "enabled_at"])
    if disabled and user.is_admin:
        _someone_left()


def set_habits(
    user: User,
    *,
    language: str = "",
    time_zone: str = "",
    theme: str = "",
    asks_post_sales: str = "",
) -> None:
    """Set a person's own preferences, none of them sensitive; empty ones are left unchanged.

    Args:
        asks_post_sales: `yes` or `no`.
    """
    given = {"language": language, "time_zone": time_zone, "theme": theme}
    changed: dict[str, str | bool] = {name: value for name, value in given.items() if value}
    if asks_post_sales:
        changed["asks_post_sales"] = asks_post_sales == "yes"
    for name, value in changed.items():
        setattr(user, name, value)
    if changed:
        user.save(update_fields=list(changed))
