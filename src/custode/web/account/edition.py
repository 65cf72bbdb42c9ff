"""The page on which an admin is informed of a change of edition, and confirms it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from custode.accounts import downgrade
from custode.accounts.editions import has
from custode.guard.door import Attempt
from custode.guard.kinds import Verb, model_of
from custode.guard.models import PrivacySetting
from custode.kernel.errors import Invalid
from custode.people.models import Role, User
from custode.web.account.views import FEATURES
from custode.web.shell.requests import account_of, admit
from custode.web.shell.toasts import tell
from custode.web.shell.words import number


@require_http_methods(["GET", "POST"])
def edition_page(request: HttpRequest) -> HttpResponse:
    """List the rules that stay in force although the edition has none, and what else it lacks."""
    actor = admit(request, Verb.ACCOUNT, Attempt(1, {"rest": []}))
    if request.method != "POST":
        return _page(request)
    try:
        count = downgrade.confirm(actor, request.POST.getlist("rule"))
    except Invalid as error:
        return _page(request, str(error))
    said = ngettext("%(n)s rule rests now.", "%(n)s rules rest now.", count)
    tell(request, said % {"n": number(count)})
    return redirect("edition")


def _page(request: HttpRequest, mistake: str = "") -> HttpResponse:
    account = account_of(request)
    resting = downgrade.ticked(account.pk).filter(rests_since__isnull=False)
    words = {
        "tab": "account",
        "holding": [_told(rule) for rule in downgrade.to_confirm(account)],
        "resting": [_told(rule) for rule in resting.order_by("pk")],
        "lacking": [words for one, words in FEATURES.items() if not has(account.edition, one)],
        "touched": User.objects.filter(disabled_at=None).exclude(role=Role.ADMIN).count(),
        "mistake": mistake,
    }
    return render(request, "account/edition.html", words, status=422 if mistake else 200)


def _told(rule: PrivacySetting) -> tuple[str, str]:
    """Return a rule's name and the sentence of its check box."""
    return downgrade.name_of(rule), str(model_of(rule.kind).kind.rules[Verb(rule.verb)])
