"""The forms for signing in and for choosing a password."""

from __future__ import annotations

from typing import Any, Final, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from custode.kernel.errors import Invalid, TooMany
from custode.people.models import User
from custode.signin import password
from custode.signin.sessions.store import SessionStore

LONGEST: Final = 1000
"""The maximum number of characters of a password; more would only slow hashing down."""


class SignInForm(forms.Form):
    """E-mail address and password. It does not reveal which of the two is wrong."""

    email = forms.CharField(max_length=254)
    password = forms.CharField(max_length=1000, strip=False)

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user: User | None = None

    def clean(self) -> dict[str, Any]:
        """Find the user with this address and password."""
        given = super().clean() or {}
        if self.errors:
            return given
        try:
            self.user = password.user_of(
                self.request,
                cast(SessionStore, self.request.session).arrival,
                given["email"],
                given["password"],
            )
        except TooMany as error:
            raise ValidationError(str(error)) from error
        if self.user is None:
            raise ValidationError(_("The e-mail address or the password is not right."))
        return given


def new_password(given: QueryDict) -> str:
    """Return the new password, which was typed twice.

    Raises:
        Invalid: it is too long, or the two differ.
    """
    new = given.get("password", "")
    if len(new) > LONGEST:
        raise Invalid(
            _("A password has at most %(n)s characters.") % {"n": LONGEST}, field="password"
        )
    if new != given.get("again", ""):
        raise Invalid(_("The two passwords are not the same. Type both again."), field="again")
    return new
