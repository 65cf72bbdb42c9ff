"""The start page of security, which a worried manager understands in ten seconds."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from custode.accounts.editions import Feature, has
from custode.accounts.models import Account
from custode.guard.alerts.models import Alert
from custode.guard.kinds import Verb
from custode.guard.models import TrashEntry, TrashState
from custode.people.models import User
from custode.signin import factors
from custode.signin.middleware import session_of
from custode.signin.sessions import queries
from custode.signin.sessions.queries import State
from custode.web.security.alerts import reading as alerts
from custode.web.security.overview import improving, lately
from custode.web.sessions.words import Shown, shown
from custode.web.shell.requests import account_of, admit

MOST: Final = 999
"""The highest count shown; beyond it the page says "more"."""
FEW: Final = 5


@never_cache
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Show what matters, who is signed in and what to improve."""
    admit(request, Verb.ALERT)
    account = account_of(request)
    context: dict[str, Any] = {
        "tab": "overview",
        "improvements": improving.of(account),
        "factors": _factors(),
        "trash": _trash(),
    }
    if not has(account.edition, Feature.SENSITIVE_ACTIONS):
        return render(request, "security/overview/essentials.html", context)
    this = session_of(request).pk
    rules = alerts.rules_of(account.pk)
    chart, days = lately.days()
    context |= {
        "alerts": alerts.shown(alerts.open_ones(FEW), rules),
        "open": _count(Alert.objects.filter(acknowledged_at=None)),
        "entries": lately.that_matter(),
        "chart": chart,
        "days": days,
        "series": lately.SERIES.values(),
        "refused": sum(day.cells[-1].acts for day in days),
        "in_now": _in_now(account, this),
        "mail": settings.HAS_MAIL,
    }
    return render(request, "security/overview/overview.html", context)


def _count(rows: Any) -> dict[str, Any]:
    """Return the number of rows, counted up to the maximum."""
    count = rows[: MOST + 1].count()
    return {"n": min(count, MOST), "and_more": count > MOST}


def _factors() -> dict[str, int]:
    """Return how many users who sign in have a second factor."""
    people = User.objects.filter(disabled_at=None, email__isnull=False)
    return {"have": people.filter(factors.somebody_has()).count(), "all": people.count()}


def _trash() -> dict[str, Any]:
    return _count(TrashEntry.objects.filter(state=TrashState.TRASHED))


def _in_now(account: Account, this: int) -> dict[str, Any]:
    """Return how many are signed in, and a few of them, those on new devices first."""
    rows = queries.in_state(queries.all_of(account), account, State.CURRENT)
    first = list(queries.unusual(rows, this)[:FEW])
    others = rows.exclude(pk__in=[row.pk for row in first]).order_by("-seen_at")
    new = {row.pk for row in first}
    listed: list[tuple[Shown, bool]] = [
        (shown(row, this), row.pk in new) for row in (*first, *others[: FEW - len(first)])
    ]
    return {
        "sessions": _count(rows),
        "users": rows.order_by().values("user_id").distinct().count(),
        "rows": listed,
        "unusual": len(first),
    }
