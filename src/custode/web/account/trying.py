"""What a form about a user asks for, in the words of the log: told when it is refused."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from custode.guard.door import Tried
from custode.people.models import Role, User


def on_user(pk: int, **details: Any) -> Tried:
    """An act on one user; it tells no name of somebody who is not there."""
    found = User.objects.filter(pk=pk).first()
    return Tried(1, details, [found.get_full_name()] if found else [])


def role(request: HttpRequest) -> str:
    """The role that a form asks for; "" for one that there is not."""
    asked = request.POST.get("role", "")
    return asked if asked in Role.values else ""
