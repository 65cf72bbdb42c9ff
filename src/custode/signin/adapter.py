"""Adapts allauth to what Custode does itself."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Disables open sign-up: users are created by admins and operators."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: nobody signs up by themselves."""
        return False

    def get_login_stages(self) -> list[str]:
        """Return the stages after the password: the second factor, none of allauth's others."""
        return ["custode.signin.stages.SecondFactor"]

    def add_message(self, *_args: Any, **_options: Any) -> None:
        """Drop allauth's messages: the page that follows says enough."""
