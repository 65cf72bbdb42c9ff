"""The link by which somebody sets a password: signed, for one use, and for three days.

Its signature covers the present password, the address and the last sign-in (Django's own password
reset does the same), so that using it, or signing in, ends it. It begins with `CUSTODE_URL`, never
with the Host header of a request, which a stranger can choose.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.exceptions import ValidationError
from django.utils.http import base36_to_int, int_to_base36
from django.utils.translation import gettext as _

from custode.kernel import clock, scope
from custode.kernel.errors import Invalid
from custode.people.models import User


class _Tokens(PasswordResetTokenGenerator):
    """Django's tokens, by Custode's clock. They are valid for PASSWORD_RESET_TIMEOUT seconds."""

    key_salt = "custode.signin.links"

    def _now(self) -> datetime:
        return clock.now().replace(tzinfo=None)


_tokens = _Tokens()


def password_link(user: User) -> str:
    """The address at which this user sets a password; every call gives a new one.

    Raises:
        Invalid: the user is disabled, or has no e-mail address to sign in with.
    """
    if not user.is_active or not user.email:
        raise Invalid(_("Only a user with an e-mail address, who is not disabled, can sign in."))
    return f"{settings.URL}/password/{int_to_base36(user.pk)}-{_tokens.make_token(user)}/"


def user_of(token: str) -> User | None:
    """Whose link it is; None when it was used, is too old, or never was one."""
    number, _dash, signed = token.partition("-")
    try:
        pk = base36_to_int(number)
    except ValueError:
        return None
    with scope.everywhere("whose link for a password this is"):
        user = User.objects.filter(pk=pk, disabled_at__isnull=True).first()
    return user if user is not None and _tokens.check_token(user, signed) else None


def set_password(user: User, raw: str) -> None:
    """Set the user's password; the link by which `user` was found is used up, and so are others.

    Args:
        user: as `user_of` gave it, or as just read.

    Raises:
        Invalid: the password is too short, too common or too like the user's data; or the same
            link was used at the same moment.
    """
    try:
        validate_password(raw, user)
    except ValidationError as error:
        raise Invalid(" ".join(error.messages), field="password") from error
    new = make_password(raw)
    with scope.account(user.account_id):
        # Two who use one link at once: the password that the link was signed for decides.
        mine = User.objects.filter(pk=user.pk, password=user.password)
        if not mine.update(password=new):
            raise Invalid(_("This link has been used before. Ask for a new one."))
    user.password = new
