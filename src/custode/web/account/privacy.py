"""The page of the privacy settings: a check box for each rule, and who sees what."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from custode.accounts import moves, privacy, sharing
from custode.accounts.editions import Feature, has
from custode.accounts.sharing import Sharing
from custode.guard.door import Attempt
from custode.guard.kinds import Verb
from custode.kernel.errors import Invalid
from custode.people.models import Role, User
from custode.web.account import sharing_form
from custode.web.shell.requests import account_of, admit, is_htmx
from custode.web.shell.toasts import tell


@require_GET
def privacy_page(request: HttpRequest) -> HttpResponse:
    """Show each rule's check box, what it does, whom it affects and how often it refused."""
    admit(request, Verb.PRIVACY)
    return _page(request, Sharing.of(account_of(request)))


def _page(request: HttpRequest, given: Sharing, mistake: Invalid | None = None) -> HttpResponse:
    account = account_of(request)
    words = {
        "tab": "privacy",
        "rules": privacy.rules(account.pk),
        **_common(request),
        **sharing_form.words(account, given, mistake),
    }
    return render(request, "account/privacy.html", words, status=422 if mistake else 200)


@require_POST
def set_sharing(request: HttpRequest) -> HttpResponse:
    """Set who sees what and who may assign, effective at once."""
    actor = admit(request, Verb.PRIVACY, Attempt(1, {"sharing": {}}))
    wanted = sharing_form.read(request)
    try:
        changed = sharing.change(actor, wanted)
    except Invalid as error:
        return _page(request, wanted, error)
    tell(request, _("Saved. It holds from now on.") if changed else _("Nothing was changed."))
    return redirect("privacy")


def _common(request: HttpRequest) -> dict[str, object]:
    users = User.objects.filter(disabled_at__isnull=True)
    return {
        "has_rules": has(account_of(request).edition, Feature.PRIVACY_SETTINGS),
        "touched": users.exclude(role=Role.ADMIN).count(),
    }


@require_POST
def set_rule(request: HttpRequest, verb: str, kind: str) -> HttpResponse:
    """Switch one rule on or off, effective at once."""
    ticked = request.POST.get("ticked") == "on"
    asked = f"{verb}:{kind}"
    known = privacy.named(account_of(request).pk, asked)
    tried = {"rule": asked, "on": ticked} if known else {}
    actor = admit(request, Verb.PRIVACY, Attempt(1, tried))
    if known is None:
        raise Http404
    changed = moves.set_privacy(actor, Verb(verb), kind, ticked)
    rule = privacy.named(actor.account_id, asked) or known
    if changed:
        on, off = _("Switched on: %(rule)s"), _("Switched off: %(rule)s")
        tell(request, (on if ticked else off) % {"rule": rule.sentence})
    if not is_htmx(request):
        return redirect("privacy")
    return render(request, "account/rule.html", {"rule": rule, **_common(request)})
