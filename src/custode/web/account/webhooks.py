"""The pages of the account's webhooks: create, switch, delete; and their deliveries."""

from __future__ import annotations

import json
from itertools import groupby
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from custode.exchange.webhooks import confirming, events, letters, moves, queries, sending
from custode.exchange.webhooks.models import Delivery, State, TargetType, Webhook, Why, place_of
from custode.exchange.webhooks.moves import Wanted
from custode.guard import policy
from custode.guard.door import Attempt
from custode.guard.kinds import Verb
from custode.kernel.address import whole
from custode.kernel.errors import Invalid
from custode.web.shell.requests import actor_of, admit, next_of
from custode.web.shell.toasts import tell

PAGE: Final = 50
"""Deliveries per page."""
_TINTS: Final = {
    State.WAITING: "bg-yellow-lt",
    State.SENDING: "bg-blue-lt",
    State.DELIVERED: "bg-green-lt",
    State.FAILED: "bg-red-lt",
}


@never_cache
@require_http_methods(["GET", "POST"])
def webhooks_page(request: HttpRequest) -> HttpResponse:
    """Show all webhooks and the form of a new one; a POST creates it and shows its secret."""
    wanted = _sent(request)
    tried = {"did": "made", "event": wanted.event[:200], "target_type": wanted.target_type[:5]}
    label = wanted.name[:80] or place_of(wanted.target.strip())[:80]
    actor = admit(request, Verb.WEBHOOKS, Attempt(1, tried, [label]))
    if request.method != "POST":
        return _page(request, Wanted("lead.creation", TargetType.URL, ""))
    try:
        made, secret = moves.make(actor, wanted)
    except Invalid as error:
        return _page(request, wanted, error)
    if not secret:
        said = _("From now on it is told to %(target)s.")
        if made.awaits_a_yes:
            said = _("It is told to %(target)s once its owner has said yes to a mail.")
        tell(request, said % {"target": made.target})
        return redirect("webhook", made.pk)
    words = {"hook": made, "secret": secret, "private": _private(made)}
    return render(request, "account/webhook_secret.html", words)


def _sent(request: HttpRequest) -> Wanted:
    names = ("event", "target_type", "target", "name")
    given = {name: request.POST.get(name, "") for name in names}
    return Wanted(**given, in_lead_menu=request.POST.get("in_lead_menu") == "on")


def _page(
    request: HttpRequest, wanted: Wanted, mistake: Invalid | None = None
) -> HttpResponse:  # fmt: skip
    counts = queries.counts()
    grouped = groupby(events.all_events(), key=lambda one: one.group)
    words = {
        "tab": "webhooks",
        "lines": [
            {
                "hook": hook,
                "what": events.words_of(hook.event),
                "private": _private(hook),
                **counts.get(hook.pk, {}),
            }
            for hook in queries.webhooks()
        ],
        "groups": [(group, list(some)) for group, some in grouped],
        "target_types": TargetType.choices,
        "wanted": wanted,
        "manual": events.MANUAL,
        "no_mail": letters.trouble(),
        "mistake_of_all": str(mistake) if mistake and not mistake.field else "",
        "mistakes": mistake.wrong if mistake else {},
    }
    return render(request, "account/webhooks.html", words, status=422 if mistake else 200)


@require_GET
def webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a webhook and its deliveries, newest first; `before` in the address selects the page."""
    policy.require(actor_of(request), Verb.WEBHOOKS)
    hook = get_object_or_404(Webhook.living, pk=pk)
    before = whole(request.GET.get("before", ""))
    rows = queries.deliveries(hook)
    found = list((rows.filter(pk__lt=before) if before else rows)[: PAGE + 1])
    words = {
        "tab": "webhooks",
        "hook": hook,
        "private": _private(hook),
        "what": events.words_of(hook.event),
        "is_manual": hook.event == events.MANUAL,
        "days": confirming.YES.lasts.days,
        "no_mail": letters.trouble(),
        "deliveries": [_shown(one) for one in found[:PAGE]],
        "older": found[PAGE - 1].pk if len(found) > PAGE else 0,
        "newer": bool(before),
    }
    return render(request, "account/webhook.html", words)


def _private(hook: Webhook) -> str:
    """Return the warning about a webhook whose address is private; "" for any other."""
    if hook.target_type != TargetType.URL or not sending.is_in_vain(hook.target):
        return ""
    return f"{Why.PRIVATE.label} " + _(
        "Whoever runs this installation can allow it: CUSTODE_WEBHOOKS_TO_PRIVATE_ADDRESSES."
    )


def _shown(one: Delivery) -> dict[str, Any]:
    return {
        "it": one,
        "state": State(one.state).label,
        "tint": _TINTS[State(one.state)],
        "why": Why(one.why).label if one.why else "",
        "data": json.dumps(one.data, ensure_ascii=False, indent=2),
        "waits": one.state == State.WAITING,
        "is_sending": one.state == State.SENDING,
        "name": str(one.data.get("title") or one.data.get("name") or one.data.get("id") or ""),
    }


@require_POST
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Switch a webhook on or off."""
    on = request.POST.get("on") == "1"
    actor = admit(request, Verb.WEBHOOKS, _tried(pk, "on" if on else "off"))
    hook = get_object_or_404(Webhook.living, pk=pk)
    moves.switch(actor, hook, on)
    tell(request, _("The webhook is on.") if on else _("The webhook is off: nothing is sent."))
    return redirect("webhook", pk)


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a webhook."""
    actor = admit(request, Verb.WEBHOOKS, _tried(pk, "deleted"))
    hook = get_object_or_404(Webhook.living, pk=pk)
    moves.delete(actor, hook)
    tell(request, _("The webhook “%(webhook)s” was deleted.") % {"webhook": hook})
    return redirect("webhooks")


def _tried(pk: int, did: str) -> Attempt:
    """Return the log's facts of a form; without a name if the webhook does not exist."""
    found = Webhook.living.filter(pk=pk).first()
    labels = found.labels if found else []
    event = found.event if found else ""
    return Attempt(1, {"webhook": pk, "did": did, "event": event}, labels)


@require_POST
def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a delivery once more."""
    actor = admit(request, Verb.WEBHOOKS, Attempt(1, {"delivery": pk, "did": "again"}))
    one = get_object_or_404(Delivery.objects.filter(webhook__deleted_at=None), pk=pk)
    try:
        moves.send_again(actor, one)
    except Invalid as error:
        tell(request, str(error))
    else:
        tell(request, _("It is being sent again. Reload the page to see the result."))
    return redirect(next_of(request, default=reverse("webhook", args=[one.webhook_id])))
