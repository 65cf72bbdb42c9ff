"""The template context of the frame around every page."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from django.conf import settings
from django.db.models import IntegerField, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from custode.accounts import downgrade
from custode.accounts.editions import Feature, has
from custode.accounts.models import Account
from custode.guard.alerts.models import Alert
from custode.guard.models import LogHead
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
            "side": partial(_side, request, here),
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


def _searching(request: HttpRequest, here: str) -> dict[str, Any]:
    """Return the search at the top: of the list on the page, or of everything."""
    own = SEARCHED.get(here)
    typed = request.GET.get("q", "")[:200] if own or here == "search" else ""
    return {
        "search_url": navigation.url_of(here if own else "search"),
        "search_label": own or _("Search everything"),
        "search_words": typed,
    }


class _Number(Subquery):
    """The number of rows of a query, as a column of another."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


def _side(request: HttpRequest, here: str) -> dict[str, Any]:
    """Return what the side bar counts: nobody's open leads, and alerts that are open.

    The former for people who may assign them, the latter for admins; on full pages only.
    """
    actor, account = actor_of(request), account_of(request)
    counted: dict[str, QuerySet[Any, Any]] = {}
    with scope.account(account.pk):
        if sight.may_assign(actor).ok:
            counted["unassigned"] = queries.matching(actor, UNASSIGNED).order_by()
        if actor.is_admin and has(account.edition, Feature.SENSITIVE_ACTIONS):
            counted["alerts"] = Alert.objects.filter(acknowledged_at=None)
        found = _numbers(counted)
    if "unassigned" in found:
        is_here = here == "lead_list" and filters.read(request.GET).filter == UNASSIGNED
        found["unassigned"] |= {"query": UNASSIGNED.to_query().urlencode(), "is_here": is_here}
    return found


def _numbers(counted: Mapping[str, QuerySet[Any, Any]]) -> dict[str, Any]:
    """Count the rows of each query, by one statement and only up to a limit: every page does."""
    columns = {
        name: _Number(rows.values("pk")[: MOST_COUNTED + 1]) for name, rows in counted.items()
    }
    if not columns:
        return {}
    # Every query is of a table: this one has one row for each account, which no page reads else.
    numbers = LogHead.objects.annotate(**columns).values_list(*columns).get()
    return {
        name: {"count": min(n, MOST_COUNTED), "and_more": n > MOST_COUNTED}
        for name, n in zip(columns, numbers, strict=True)
    }
