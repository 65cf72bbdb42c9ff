"""What the frame of every page needs to know."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from custode.people.models import User
from custode.web.shell import navigation
from custode.web.shell.requests import account_of


def shell(request: HttpRequest) -> dict[str, Any]:
    """The frame's words for this request; little for a visitor, who sees no account."""
    user = getattr(request, "user", None)
    match = request.resolver_match
    here = match.url_name if match else ""
    known: dict[str, Any] = {
        "languages": settings.LANGUAGES,
        "language": getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE),
        "theme": "auto",
        "has_mail": settings.HAS_MAIL,
        "here": here,
    }
    if isinstance(user, User) and hasattr(request, "actor"):
        known |= {
            "person": user,
            "actor": request.actor,
            "account": account_of(request),
            "two_factor_due": getattr(request, "two_factor_due", None),
            "theme": user.theme,
            "groups": navigation.groups_for(user.is_admin),
            "search_url": navigation.url_of("lead_list"),
            "search_words": request.GET.get("q", "")[:200] if here == "lead_list" else "",
        }
    return known
