"""Every request gets its actor and its account; what is not marked open needs a sign-in."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, TypeVar

from django.contrib.auth import get_user
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from custode.kernel import scope
from custode.kernel.actor import Entrance
from custode.people.models import User
from custode.signin.origin import origin_of

V = TypeVar("V", bound=Callable[..., Any])


def open_to_visitors(view: V) -> V:
    """Mark a view that needs no sign-in. Greppable, and rare."""
    view.open_to_visitors = True  # type: ignore[attr-defined]  # the mark itself
    return view


class WhoActs:
    """Finds out who acts, puts their account in scope, their language and their time zone.

    A visitor reaches only views marked `open_to_visitors`, which see no account.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve the request within its actor's account."""
        with scope.everywhere("whose session this is"):
            user = get_user(request)
            request.user = user
        with ExitStack() as stack:
            if isinstance(user, User):
                request.actor = user.actor(Entrance.WEB, origin_of(request))  # type: ignore[attr-defined]  # ours
                stack.enter_context(scope.account(user.account_id))
                stack.enter_context(translation.override(user.language))
                stack.enter_context(timezone.override(zoneinfo.ZoneInfo(user.time_zone)))
            else:
                language = translation.get_language_from_request(request)
                stack.enter_context(translation.override(language))
            request.LANGUAGE_CODE = translation.get_language()
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Send visitors to the sign-in page, unless the view is open to them."""
        if isinstance(request.user, User) or getattr(view, "open_to_visitors", False):
            return None
        return redirect_to_login(request.get_full_path())
