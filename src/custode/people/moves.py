"""What may happen to users. Creating them and changing their roles are sensitive acts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, validate_email
from django.utils.translation import gettext as _

from custode.guard import door
from custode.guard.kinds import Verb
from custode.kernel import scope
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid
from custode.people.models import Role, User

LONGEST_NAME: Final = 60
"""Characters of a first or a last name."""


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
    """A new user of the actor's account, without a password yet.

    Raises:
        Refused: the actor is no admin.
        Invalid: the address is not one, or is taken; the name is empty; the role is unknown.
    """
    address = checked_email(email)
    if not first_name.strip():
        raise Invalid(_("A user needs a first name."), field="first_name")
    if role not in Role.values:
        raise Invalid(_("A user is an admin or a user."), field="role")
    user = User(
        email=address, first_name=first_name.strip()[:60], last_name=last_name.strip()[:60],
        role=role, language=language, time_zone=time_zone,
    )  # fmt: skip
    user.set_unusable_password()
    with door.deed(actor, Verb.USERS, details={"created": role}, labels=[user.get_full_name()]):
        user.save()
    return user


def _noted(_users: Mapping[str, User]) -> None:
    """Nobody keeps a note."""


def create_named(
    actor: Actor, names: Iterable[str], *, note: Callable[[Mapping[str, User]], None] = _noted
) -> dict[str, User]:
    """People met in an imported file, without sign-in, to be invited later; name -> user.

    Args:
        names: `Mario Rossi`, or `De Luca, Mario` where it matters which word the last name begins
            with.
        note: notes who was made, within the act; whatever it raises undoes the act.

    Raises:
        Refused: the actor is no admin.
    """
    users = {name: _named(actor, name) for name in names}
    if not users:
        return {}
    labels = [user.get_full_name() for user in list(users.values())[:5]]
    details = {"named": len(users)}
    with door.deed(actor, Verb.USERS, count=len(users), details=details, labels=labels):
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


def set_role(actor: Actor, user: User, role: str) -> None:
    """Make a user an admin, or an admin a user.

    Raises:
        Invalid: it would leave the account without an admin who can sign in.
    """
    if role not in Role.values:
        raise Invalid(_("A user is an admin or a user."), field="role")
    if user.role == role:
        return
    with door.deed(
        actor, Verb.USERS, details={"role": {"from": user.role, "to": role}},
        labels=[user.get_full_name()],
    ):  # fmt: skip
        user.role = role
        user.save(update_fields=["role"])
        if role != Role.ADMIN:
            _someone_left()


def _someone_left() -> None:
    """Raise `Invalid` unless an admin of the account in scope can sign in, as they are now.

    Somebody invited who has set no password yet does not count: the link may have gone astray.
    """
    if not any(user.can_sign_in for user in User.objects.filter(role=Role.ADMIN)):
        raise Invalid(_("The account would have no admin left who can sign in."))


def invite(actor: Actor, user: User, email: str) -> None:
    """Give a person without sign-in (named in an imported file) an address to sign in with.

    Raises:
        Refused: the actor is no admin.
        Invalid: the address is not one, or is taken; the person has one already.
    """
    address = checked_email(email)
    if address is None:
        raise Invalid(_("Write the e-mail address with which they will sign in."), field="email")
    if user.email:
        raise Invalid(_("%(name)s has an e-mail address already.") % {"name": user}, field="email")
    with door.deed(actor, Verb.USERS, details={"invited": user.pk}, labels=[user.get_full_name()]):
        user.email = address
        user.save(update_fields=["email"])


def set_habits(user: User, *, language: str = "", time_zone: str = "", theme: str = "") -> None:
    """What a person sets for themselves, none of it sensitive; what is empty stays as it is."""
    given = {"language": language, "time_zone": time_zone, "theme": theme}
    changed = {name: value for name, value in given.items() if value}
    for name, value in changed.items():
        setattr(user, name, value)
    if changed:
        user.save(update_fields=list(changed))


def checked_email(email: str | None) -> str | None:
    """The address in lower case; raises `Invalid` when it is none, or is taken."""
    if not email:
        return None
    address = email.strip().lower()
    try:
        MaxLengthValidator(254)(address)
        validate_email(address)
    except ValidationError as error:
        raise Invalid(
            _("“%(email)s” is not an e-mail address.") % {"email": email}, field="email"
        ) from error
    with scope.everywhere("addresses are unique in the installation"):
        if User.objects.filter(email__iexact=address).exists():
            raise Invalid(_("This e-mail address cannot be used."), field="email")
    return address
