"""Privacy settings: a tick box for each rule that a declared kind has, and who sees what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from custode.accounts import moves, sharing
from custode.accounts.editions import Feature, has
from custode.accounts.sharing import Sharing
from custode.guard import kinds, policy
from custode.guard.door import Tried
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry, Outcome
from custode.kernel import clock
from custode.kernel.errors import Invalid
from custode.people.models import Role, User
from custode.web.account import sharing_form
from custode.web.shell.requests import account_of, admit, is_htmx
from custode.web.shell.toasts import tell

LATELY = timedelta(days=30)

_DOES: Final[dict[Verb, Promise]] = {
    Verb.EXPORT: gettext_lazy(
        "Users who are not admins can no longer export %(many)s to a file, from any screen or"
        " program. They go on seeing them and working on them."
    ),
    Verb.DELETE: gettext_lazy(
        "Users who are not admins can no longer move %(many)s to the trash, one or many, from any"
        " screen or program. They go on working on them."
    ),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One tick box with what people want to know of it.

    Args:
        sentence: the box's own words.
        does: what ticking it changes.
        refused: how often it said no in the last 30 days.
    """

    verb: Verb
    kind: str
    sentence: str
    does: str
    ticked: bool
    refused: int

    @property
    def name(self) -> str:
        """The rule's name in the log."""
        return f"{self.verb}:{self.kind}"

    @property
    def icon(self) -> str:
        """The icon of the verb it reserves."""
        return {Verb.EXPORT: "download", Verb.DELETE: "trash-2"}.get(self.verb, "shield")


_ORDER: Final = ("prospecting_list", "lead", "client_folder")
"""In which order the product's own list names what hangs on nothing; the others follow."""


def rules(account_id: int) -> list[Rule]:
    """All rules that exist: exports first, then deletions, as in the product's own list."""
    found = [
        _rule(account_id, verb, model.kind)
        for model in kinds.all_models()
        for verb in model.kind.rules
    ]
    return sorted(
        found,
        key=lambda rule: (rule.verb != Verb.EXPORT, _place(rule.kind)),
    )


def _place(kind: str) -> int:
    return _ORDER.index(kind) if kind in _ORDER else len(_ORDER)


def _rule(account_id: int, verb: Verb, kind: kinds.Kind) -> Rule:
    does = _DOES.get(verb)
    return Rule(
        verb=verb,
        kind=kind.name,
        sentence=str(kind.rules[verb]),
        does=str(does) % {"many": _all_ruled(kind.name)} if does else "",
        ticked=policy.is_ticked(account_id, verb, kind.name),
        refused=_refusals(verb, kind.name),
    )


def _all_ruled(kind: str) -> str:
    """What a rule speaks of: "leads", "comments and e-mails"."""
    return get_text_list([str(one.many) for one in kinds.ruled_by(kind)], _("and"))


def _refusals(verb: Verb, kind: str) -> int:
    """How often the rule said no lately, those summed up within a minute included."""
    ruled = [one.name for one in kinds.ruled_by(kind)]
    lately = LogEntry.objects.filter(
        verb=verb, kind__in=ruled, outcome=Outcome.REFUSED, at__gte=clock.now() - LATELY
    )
    first = lately.filter(details__contains=f'"rule":"{verb}:{kind}"')
    more = lately.filter(about__in=first.values("seq")).aggregate(n=Sum("count"))["n"]
    return first.count() + (more or 0)


@require_GET
def privacy_page(request: HttpRequest) -> HttpResponse:
    """The tick boxes, with what each does, whom it touches and how often it said no."""
    admit(request, Verb.PRIVACY)
    return _page(request, Sharing.of(account_of(request)))


def _page(request: HttpRequest, given: Sharing, mistake: Invalid | None = None) -> HttpResponse:
    account = account_of(request)
    words = {
        "tab": "privacy",
        "rules": rules(account.pk),
        **_common(request),
        **sharing_form.words(account, given, mistake),
    }
    return render(request, "account/privacy.html", words, status=422 if mistake else 200)


@require_POST
def set_sharing(request: HttpRequest) -> HttpResponse:
    """Set who sees what, and who may assign; it holds from this moment."""
    actor = admit(request, Verb.PRIVACY, Tried(1, {"sharing": {}}))
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
    """Tick or untick one box; it holds from this moment."""
    ticked = request.POST.get("ticked") == "on"
    model = next((m for m in kinds.all_models() if m.kind.name == kind), None)
    known = model is not None and verb in model.kind.rules
    tried = {"rule": f"{verb}:{kind}", "on": ticked} if known else {}
    actor = admit(request, Verb.PRIVACY, Tried(1, tried))
    if model is None or not known:
        raise Http404
    changed = moves.set_privacy(actor, Verb(verb), kind, ticked)
    rule = _rule(actor.account_id, Verb(verb), model.kind)
    if changed:
        on, off = _("Switched on: %(rule)s"), _("Switched off: %(rule)s")
        tell(request, (on if ticked else off) % {"rule": rule.sentence})
    if not is_htmx(request):
        return redirect("privacy")
    return render(request, "account/rule.html", {"rule": rule, **_common(request)})
