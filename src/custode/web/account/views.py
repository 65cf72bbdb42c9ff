"""Account management: what the account is, and how long it keeps its trash."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from custode.accounts import moves
from custode.accounts.editions import Feature, has
from custode.guard.kinds import Verb
from custode.kernel.errors import Invalid
from custode.web.shell.requests import account_of, admit
from custode.web.shell.toasts import tell

FEATURES = {
    Feature.TRASH: gettext_lazy("Trash, from which everything can be restored"),
    Feature.PRIVACY_SETTINGS: gettext_lazy("Privacy settings: who may export and delete"),
    Feature.SENSITIVE_ACTIONS: gettext_lazy("Sensitive actions: who did what, when, from where"),
}
"""What an edition has of the parts that exist."""


@require_http_methods(["GET", "POST"])
def account_page(request: HttpRequest) -> HttpResponse:
    """The account's name and edition, and its one setting."""
    actor = admit(request, Verb.ACCOUNT)
    days, mistake = "", ""
    if request.method == "POST":
        days = request.POST.get("trash_days", "").strip()
        try:
            moves.set_trash_days(actor, _whole_days(days))
        except Invalid as error:
            mistake = str(error)
        else:
            tell(request, _("Saved."))
            return redirect("account")
    account = account_of(request)
    words = {
        "tab": "account",
        "features": [(words, has(account.edition, one)) for one, words in FEATURES.items()],
        "days": days or account.trash_days,
        "mistake": mistake,
    }
    return render(request, "account/account.html", words, status=422 if mistake else 200)


def _whole_days(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 6):
        raise Invalid(_("Write a whole number of days, like 30."), field="trash_days")
    return int(text)
