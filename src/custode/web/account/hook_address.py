"""The page behind the link by which the owner of an e-mail address accepts a webhook's messages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from custode.exchange.webhooks import confirming, events
from custode.kernel import scope
from custode.kernel.errors import Gone
from custode.signin.middleware import open_to_visitors
from custode.signin.origin import origin_of


@open_to_visitors
@never_cache
@require_http_methods(["GET", "POST"])
def hook_address(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for confirmation. Opening the link changes nothing, since virus scanners open links."""
    hook = confirming.hook_of(token)
    if hook is None:
        return render(request, "account/hook_address_over.html", status=404)
    with translation.override(hook.account.language), scope.account(hook.account_id):
        words = {"hook": hook, "token": token, "what": events.words_of(hook.event)}
        if request.method != "POST":
            return render(request, "account/hook_address.html", words)
        try:
            confirming.say_yes(hook, origin_of(request))
        except Gone:
            return render(request, "account/hook_address_over.html", status=404)
        return render(request, "account/hook_address_done.html", words)
