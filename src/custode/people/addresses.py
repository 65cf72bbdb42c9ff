"""E-mail addresses: unique in the installation, without revealing that another account has one.

So a new address is only stored as `pending_email`. It becomes the sign-in address when the mailed
link is used: if it is taken by then, only its owner learns that.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, validate_email
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from custode.guard import door, policy
from custode.guard.kinds import Verb
from custode.kernel import scope
from custode.kernel.actor import Actor, Scope
from custode.kernel.errors import Gone, Invalid, Refused
from custode.people.models import Role, User


class Taken(Invalid):
    """The address belongs to another user's sign-in; only the holder of its link may be told."""


def read(email: str | None) -> str | None:
    """Return the address in lower case; raise `Invalid` when it is not one."""
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
    """Return whether anybody but this user signs in with the address, in any account."""
    with scope.everywhere("addresses are unique in the installation"):
        found = User.objects.filter(email=address)
        return found.exclude(pk=but.pk if but else 0).exists()


def require_free(address: str) -> None:
    """Raise `Invalid` when anybody signs in with it; for the operator, who may know."""
    if is_taken(address):
        raise Invalid(_("This e-mail address cannot be used."), field="email")


def require_free_here(address: str, account_id: int, but: User | None = None) -> None:
    """Raise `Invalid` when a user of the account has it; for admins, who know their own users."""
    with scope.account(account_id):
        found = User.objects.filter(Q(email=address) | Q(pending_email=address))
        other = found.exclude(pk=but.pk if but else 0).first()
    if other is not None:
        raise Invalid(
            _("%(name)s has the address %(email)s already.") % {"name": other, "email": address},
            field="email",
        )


def require_own_or_admin(actor: Actor, user: User) -> None:
    """Raise `Refused` when a non-admin changes how another person signs in.

    Raises:
        Gone: the user is another account's.
    """
    if actor.account_id != user.account_id:
        raise Gone(_("There is no such user."))
    if actor.user_id != user.pk and not actor.is_admin:
        raise Refused(_("Only admins change how others sign in."))


def require_may_let_in(actor: Actor, role: str) -> None:
    """Raise `Refused` when a key would let somebody sign in who may do more than the key itself.

    Otherwise a key could read, delete and export by way of a user with an address of its choice.
    """
    if role == Role.ADMIN:
        policy.require_every_scope(actor, _("Making an admin takes a key with all scopes."))
    else:
        why = _("Letting a user sign in takes a key that may read, write, delete and export.")
        policy.require_every_scope(actor, why, but={Scope.ADMIN})


def invite(actor: Actor, user: User, email: str) -> None:
    """Give a person without sign-in an address, which takes effect when its link is used.

    Raises:
        Refused: the actor is no admin, or a key that lacks a scope that the user does not lack.
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
    with door.sensitive_act(
        actor, Verb.SIGN_IN, details={"invited": user.pk}, labels=[user.get_full_name()]
    ):
        require_own_or_admin(actor, user)
        require_may_let_in(actor, user.role)
        require_free_here(address, actor.account_id, user)
        _note(user, address)


def ask(actor: Actor, user: User, email: str) -> None:
    """Store the new sign-in address that a user asks for: one's own, or any as an admin.

    Raises:
        Refused: it is somebody else's and the actor is no admin, or a key lacks a scope.
        Invalid: the address is not one, or is the present one; for an admin also if another user of
            the account has it.
        Gone: the user's address or password was changed simultaneously.
    """
    address = read(email)
    if address is None:
        raise Invalid(_("Write the new e-mail address."), field="email")
    if address == user.email:
        raise Invalid(_("This is the present address."), field="email")
    if not user.email:
        raise Invalid(_("%(name)s has no sign-in yet.") % {"name": user}, field="email")
    with door.sensitive_act(
        actor, Verb.SIGN_IN, details={"address_asked": user.pk}, labels=[user.get_full_name()]
    ):
        require_own_or_admin(actor, user)
        require_may_let_in(actor, user.role)
        if actor.user_id != user.pk:
            require_free_here(address, actor.account_id, user)
        # Who was just reported as “not me”, or shut out, may still be asking in a session that was.
        same = User.objects.filter(pk=user.pk, email=user.email, password=user.password)
        if not same.update(pending_email=address):
            raise Gone(_("Somebody has changed this in the meantime. Look at it again."))
        user.pending_email = address


def withdraw(actor: Actor, user: User) -> None:
    """Discard the pending address, which makes its link invalid."""
    if not user.email or not user.pending_email:
        return
    with door.sensitive_act(
        actor, Verb.SIGN_IN, details={"address_kept": user.pk}, labels=[user.get_full_name()]
    ):
        require_own_or_admin(actor, user)
        _note(user, "")


def take(user: User) -> None:
    """Make the pending address the sign-in address, if both still are as in `user`.

    Called within `door.sensitive_act(actor, Verb.SIGN_IN)`: the database refuses it anywhere else.

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


def drop(user: User) -> None:
    """Have a user sign in with no address: whoever moved it may hold the mailbox of this one.

    Called within `door.sensitive_act(actor, Verb.SIGN_IN)`, as `take` is. An admin invites the
    person anew, to an address that is theirs. Putting the former one back would take a record of
    it, which nobody keeps: a mailbox that its owner has left must not come back by itself either.
    """
    User.objects.filter(pk=user.pk).update(email=None)
    user.email = None


def _note(user: User, address: str) -> None:
    user.pending_email = address
    user.save(update_fields=["pending_email"])


def _taken() -> Taken:
    return Taken(_("This address already signs in to another account."))
