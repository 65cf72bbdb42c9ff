"""allauth, told what Custode does itself."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """No open sign-up: users are made by admins and operators."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up by themselves."""
        return False

    def get_login_stages(self) -> list[str]:
        """After the password, the second factor; nothing else of allauth's."""
        return ["custode.signin.stages.SecondFactor"]

    def add_message(self, *_args: Any, **_options: Any) -> None:
        """The messages of allauth are not shown: the page one lands on says enough."""
