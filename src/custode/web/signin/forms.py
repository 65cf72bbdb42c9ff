"""The form by which people come in."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from custode.kernel import scope
from custode.people.models import User


class SignInForm(forms.Form):
    """E-mail address and password. What is wrong of the two is not told."""

    email = forms.CharField(max_length=254)
    password = forms.CharField(max_length=1000, strip=False)

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user: User | None = None

    def clean(self) -> dict[str, Any]:
        """Find the user whose address and password these are."""
        given = super().clean() or {}
        if self.errors:
            return given
        with scope.everywhere("sign-in looks for an address in the installation"):
            user = self._authenticated(given["email"].strip(), given["password"])
        if user is None:
            raise ValidationError(_("The e-mail address or the password is not right."))
        self.user = user
        return given

    def _authenticated(self, email: str, password: str) -> User | None:
        try:
            user = get_adapter().authenticate(self.request, email=email, password=password)
        except ValidationError as error:
            raise ValidationError(
                _("Too many attempts. Wait a few minutes and try again.")
            ) from error
        # allauth hands out disabled users too, to send them to a page that says so: we do not.
        return user if isinstance(user, User) and user.is_active else None
