"""Signing in with e-mail address and password."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from custode.kernel import scope
from custode.people.models import User


class Password(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """Allauth's backend, which must see the users of all accounts to find one by address."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        """Return the user, when address and password match and the user may sign in."""
        with scope.everywhere("sign-in looks for an address in the installation"):
            user = super().authenticate(request, **credentials)
        return user if isinstance(user, User) and user.is_active else None

    def get_user(self, user_id: Any) -> User | None:
        """Return the user of a session, unless disabled since."""
        with scope.everywhere("whose session this is"):
            user = User.objects.filter(pk=user_id).first()
        return user if user is not None and user.is_active else None
