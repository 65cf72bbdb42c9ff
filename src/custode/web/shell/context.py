"""The template context of the frame around every page."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from custode.accounts import downgrade
from custode.accounts.editions import Feature, has
from custode.accounts.models import Account
from custode.guard.alerts.models import Alert
from custode.kernel import scope
from custode.leads import filters, queries, sight
from custode.leads.filters import NOBODY, Filter
from custode.leads.models import OPEN
from custode.people.models import User
from custode.web.shell import navigation
from custode.web.shell.requests import account_of, actor_of

UNASSIGNED: Final = Filter(owners=(NOBODY,), statuses=tuple(one.value for one in OPEN))
SEARCHED: Final = {
    "lead_list": gettext_lazy("Search leads"),
    "folder_list": gettext_lazy("Search client folders"),
}
"""The lists that the search at the top searches while their page is open."""
MOST_COUNTED: Final = 999
"""The highest count in the side bar; beyond it says "more"."""


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the frame's context; little for a visitor, who sees no account."""
    user = getattr(request, "user", None)
    match = request.resolver_match
    here = (match.url_name if match else None) or ""
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
            "side_alerts": partial(_open_alerts, account_of(request)),
            "side_groups": navigation.groups_for(user.is_admin),
            "side_current": navigation.current(here),
            "rules_to_confirm": partial(_to_confirm, account_of(request)),
            **_searching(request, here),
        }
    return known


def _to_confirm(account: Account) -> int:
    """Return how many rules stay in force although the edition has none; only for admins' pages."""
    with scope.account(account.pk):
        return len(downgrade.to_confirm(account))


def _open_alerts(account: Account) -> dict[str, Any]:
    """Return how many alerts nobody has acknowledged; only for admins' full pages."""
    with scope.account(account.pk):
        if not has(account.edition, Feature.SENSITIVE_ACTIONS):
            return _counted(0)
        return _counted(Alert.objects.filter(acknowledged_at=None)[: MOST_COUNTED + 1].count())


def _counted(count: int) -> dict[str, Any]:
    """Return a number of rows, counted up to one more than the maximum, as the side bar says it."""
    return {"count": min(count, MOST_COUNTED), "and_more": count > MOST_COUNTED}


def _searching(request: HttpRequest, here: str) -> dict[str, Any]:
    """Return the search at the top: of the list on the page, or of everything."""
    own = SEARCHED.get(here)
    typed = request.GET.get("q", "")[:200] if own or here == "search" else ""
    return {
        "search_url": navigation.url_of(here if own else "search"),
        "search_label": own or _("Search everything"),
        "search_words": typed,
    }


def _unassigned(request: HttpRequest, here: str) -> dict[str, Any] | None:
    """Return the open leads that nobody owns, for people who may assign them.

    They are counted on full pages only.
    """
    actor = actor_of(request)
    with scope.account(actor.account_id):
        if not sight.may_assign(actor).ok:
            return None
        # Counted only up to a limit: every page does this, however many leads there are.
        found = queries.matching(actor, UNASSIGNED).order_by().values("pk")
        count = found[: MOST_COUNTED + 1].count()
    query = UNASSIGNED.to_query().urlencode()
    is_here = here == "lead_list" and filters.read(request.GET).filter == UNASSIGNED
    return {**_counted(count), "query": query, "is_here": is_here}
