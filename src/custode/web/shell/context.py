"""What the frame of every page needs to know."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest

from custode.kernel import scope
from custode.leads import filters, queries, sight
from custode.leads.filters import NOBODY, Filter
from custode.leads.models import OPEN
from custode.people.models import User
from custode.web.shell import navigation
from custode.web.shell.requests import account_of, actor_of

UNASSIGNED: Final = Filter(owners=(NOBODY,), statuses=tuple(one.value for one in OPEN))
MOST_COUNTED: Final = 999
"""How far the side bar counts; beyond it says "more"."""


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
            "side_unassigned": partial(_unassigned, request, here),
            "groups": navigation.groups_for(user.is_admin),
            "search_url": navigation.url_of("lead_list"),
            "search_words": request.GET.get("q", "")[:200] if here == "lead_list" else "",
        }
    return known


def _unassigned(request: HttpRequest, here: str | None) -> dict[str, Any] | None:
    """The open leads that nobody owns, for whoever may assign them; asked by full pages only."""
    actor = actor_of(request)
    with scope.account(actor.account_id):
        if not sight.may_assign(actor).ok:
            return None
        # Only so far: this is asked by every page, however many leads there are.
        found = queries.matching(actor, UNASSIGNED).order_by().values("pk")
        count = found[: MOST_COUNTED + 1].count()
    query = UNASSIGNED.to_query().urlencode()
    is_here = here == "lead_list" and filters.read(request.GET).filter == UNASSIGNED
    counted = {"count": min(count, MOST_COUNTED), "and_more": count > MOST_COUNTED}
    return {**counted, "query": query, "is_here": is_here}
