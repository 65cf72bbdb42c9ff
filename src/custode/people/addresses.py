"""E-mail addresses: unique in the installation, and nobody may notice that one is taken elsewhere.

So an address that somebody writes is only noted, as `pending_email`. It becomes the one to sign in
with when the link is used that went there: if it is taken by then, only its owner learns it.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, validate_email
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from custode.guard import door
from custode.guard.kinds import Verb
from custode.kernel import scope
from custode.kernel.actor import Actor
from custode.kernel.errors import Gone, Invalid, Refused
from custode.people.models import User


class Taken(Invalid):
    """The address signs somebody else in; only who has its link may be told."""


def read(email: str | None) -> str | None:
    """The address in lower case; raises `Invalid` when it is none."""
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
    return address


def is_taken(address: str, but: User | None = None) -> bool:
    """Whether anybody but this user signs in with it, in whatever account."""
    with scope.everywhere("addresses are unique in the installation"):
        found = User.objects.filter(email=address)
        return found.exclude(pk=but.pk if but else 0).exists()


def require_free(address: str) -> None:
    """For the operator, who may know: raise `Invalid` when anybody signs in with it."""
    if is_taken(address):
        raise Invalid(_("This e-mail address cannot be used."), field="email")


def require_free_here(address: str, account_id: int, but: User | None = None) -> None:
    """For an admin, who knows their own users: raise `Invalid` when one of these has it."""
    with scope.account(account_id):
        found = User.objects.filter(Q(email=address) | Q(pending_email=address))
        other = found.exclude(pk=but.pk if but else 0).first()
    if other is not None:
        raise Invalid(
            _("%(name)s has the address %(email)s already.") % {"name": other, "email": address},
            field="email",
        )


def require_own_or_admin(actor: Actor, user: User) -> None:
    """Raise `Refused` when somebody who is no admin changes how another person signs in.

    Raises:
        Gone: the user is another account's.
    """
    if actor.account_id != user.account_id:
        raise Gone(_("There is no such user."))
    if actor.user_id != user.pk and not actor.is_admin:
        raise Refused(_("Only admins change how others sign in."))


def invite(actor: Actor, user: User, email: str) -> None:
    """Give a person without sign-in an address, which is theirs when they use its link.

    Raises:
        Refused: the actor is no admin.
        Invalid: the address is not one, or is another user's of the account; the person signs in
            already, or is disabled.
    """
    address = read(email)
    if address is None:
        raise Invalid(_("Write the e-mail address with which they will sign in."), field="email")
    if user.email:
        raise Invalid(_("%(name)s has an e-mail address already.") % {"name": user}, field="email")
    if not user.is_active:
        raise Invalid(_("%(name)s is disabled. Enable them first.") % {"name": user}, field="email")
    with door.deed(
        actor, Verb.SIGN_IN, details={"invited": user.pk}, labels=[user.get_full_name()]
    ):
        require_own_or_admin(actor, user)
        require_free_here(address, actor.account_id, user)
        _note(user, address)


def ask(actor: Actor, user: User, email: str) -> None:
    """Note the address to which somebody's sign-in shall change: one's own, or as an admin.

    Raises:
        Refused: it is somebody else's and the actor is no admin.
        Invalid: the address is not one, or is the present one; to an admin also when another user
            of the account has it.
    """
    address = read(email)
    if address is None:
        raise Invalid(_("Write the new e-mail address."), field="email")
    if address == user.email:
        raise Invalid(_("This is the present address."), field="email")
    if not user.email:
        raise Invalid(_("%(name)s has no sign-in yet.") % {"name": user}, field="email")
    with door.deed(
        actor, Verb.SIGN_IN, details={"address_asked": user.pk}, labels=[user.get_full_name()]
    ):
        require_own_or_admin(actor, user)
        if actor.user_id != user.pk:
            require_free_here(address, actor.account_id, user)
        _note(user, address)


def withdraw(actor: Actor, user: User) -> None:
    """Forget the address that waits; its link is void."""
    if not user.email or not user.pending_email:
        return
    with door.deed(
        actor, Verb.SIGN_IN, details={"address_kept": user.pk}, labels=[user.get_full_name()]
    ):
        require_own_or_admin(actor, user)
        _note(user, "")


def take(user: User) -> None:
    """Make the address that waits the one to sign in with, if both still are as in `user`.

    Called within `door.deed(actor, Verb.SIGN_IN)`: the database refuses it anywhere else.

    Raises:
        Taken: somebody else signs in with it by now.
        Invalid: something has changed since `user` was read.
    """
    address = user.pending_email
    if is_taken(address, user):
        raise _taken()
    mine = User.objects.filter(
        pk=user.pk, email=user.email, pending_email=address, disabled_at=None
    )
    try:
        with transaction.atomic():
            done = bool(address) and mine.update(email=address, pending_email="")
    except IntegrityError as error:
        raise _taken() from error
    if not done:
        raise Invalid(_("This link has been used before. Ask for a new one."))
    user.email, user.pending_email = address, ""


def _note(user: User, address: str) -> None:
    user.pending_email = address
    user.save(update_fields=["pending_email"])


def _taken() -> Taken:
    return Taken(_("This address already signs in to another account."))
