"""The facts that the log gets when a form about a user is refused."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from custode.guard.door import Attempt
from custode.people.models import Role, User


def on_user(pk: int, **details: Any) -> Attempt:
    """Return the facts of an act on one user; without a name if the user does not exist."""
    found = User.objects.filter(pk=pk).first()
    return Attempt(1, details, [found.get_full_name()] if found else [])


def role(request: HttpRequest) -> str:
    """Return the role that a form names; "" for an unknown one."""
    asked = request.POST.get("role", "")
    return asked if asked in Role.values else ""
