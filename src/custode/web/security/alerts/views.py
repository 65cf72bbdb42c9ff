"""The page of alerts: the open ones first, each with its actions; and acknowledging them."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from custode.accounts.editions import Feature, has
from custode.guard.door import Attempt
from custode.guard.kinds import Verb
from custode.kernel.address import whole
from custode.people import alerting
from custode.web.security import actors
from custode.web.security.alerts import letters, reading, words
from custode.web.security.alerts.reading import PAGE, Wanted
from custode.web.shell.requests import account_of, admit, next_of
from custode.web.shell.toasts import tell
from custode.web.shell.words import number

MOST: Final = 1000


@never_cache
@require_GET
def alerts_page(request: HttpRequest) -> HttpResponse:
    """List the alerts that the address asks for, newest first."""
    admit(request, Verb.ALERT)
    account = account_of(request)
    if not has(account.edition, Feature.SENSITIVE_ACTIONS):
        return render(request, "security/alerts/other_edition.html")
    rules = reading.rules_of(account.pk)
    wanted = Wanted.of(request.GET, rules)
    rows = list(reading.found(wanted)[: PAGE + 1])
    context = {
        "tab": "alerts",
        "alerts": reading.shown(rows[:PAGE], rules),
        "open_ids": [row.pk for row in rows[:PAGE] if row.acknowledged_at is None],
        "more": rows[PAGE - 1].pk if len(rows) > PAGE else 0,
        "wanted": wanted,
        "states": _states(),
        "rules": [(key, words.name_of(key, rules)) for key in rules],
        "people": actors.groups(),
        "mail": settings.HAS_MAIL,
        "letters": letters.troubles(),
    }
    return render(request, "security/alerts/alerts.html", context)


def _states() -> list[tuple[str, str]]:
    return [
        ("open", pgettext("of alerts", "Open")),
        ("acknowledged", pgettext("of alerts", "Acknowledged")),
        ("all", pgettext("of alerts", "All")),
    ]


@require_POST
def acknowledge(request: HttpRequest) -> HttpResponse:
    """Acknowledge alerts, with a note."""
    ids = [pk for pk in map(whole, request.POST.getlist("ids")[:MOST]) if pk]
    actor = admit(request, Verb.ALERT, Attempt(len(ids), {"acknowledged": ids[:50]}))
    count = alerting.acknowledge(actor, ids, request.POST.get("note", ""))
    said = ngettext("Acknowledged: %(n)s alert", "Acknowledged: %(n)s alerts", count)
    tell(request, said % {"n": number(count)})
    return redirect(next_of(request, reverse("alerts")))
