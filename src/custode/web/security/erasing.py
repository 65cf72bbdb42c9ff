"""The pages that erase personal data from the log: of a user who has left, or of one entry."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from custode.accounts.editions import Feature, has
from custode.guard import door
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry, LogPerson
from custode.kernel.actor import ActorKind
from custode.kernel.address import whole
from custode.kernel.errors import Gone, Invalid
from custode.people import erasing
from custode.people.models import User
from custode.web.security.editions import other_edition
from custode.web.security.reading import told
from custode.web.security.sentences import sentence
from custode.web.shell.requests import account_of, admit
from custode.web.shell.toasts import tell
from custode.web.shell.words import number

_LONGEST_REASON = 200


@require_http_methods(["GET", "POST"])
def erase_entry(request: HttpRequest) -> HttpResponse:
    """Say what is lost, and erase the personal data of the named entry."""
    actor = admit(request, Verb.ERASE)
    if not has(account_of(request).edition, Feature.SENSITIVE_ACTIONS):
        return other_edition(request, actor, Verb.ERASE)
    if request.method != "POST":
        return _entry_page(request, whole(request.GET.get("entry", "")))
    seq = whole(request.POST.get("entry", "").strip())
    try:
        act = door.erase_entry(actor, seq, reason=_reason(request))
    except (Gone, Invalid) as mistake:
        return _entry_page(request, seq, str(mistake))
    _say(request, act.count)
    return redirect("log_check")


@require_http_methods(["GET", "POST"])
def erase_user(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what is lost, and erase a user who has left from the log."""
    actor = admit(request, Verb.ERASE, door.Attempt(1, {"of": [ActorKind.USER.value, pk]}))
    user = get_object_or_404(User, pk=pk)
    if request.method != "POST":
        return _user_page(request, user)
    try:
        act = erasing.erase(actor, user, reason=_reason(request))
    except (Gone, Invalid) as mistake:
        return _user_page(request, user, str(mistake))
    _say(request, act.count)
    return redirect("user", pk=pk)


def _reason(request: HttpRequest) -> str:
    return request.POST.get("reason", "").strip()[:_LONGEST_REASON]


def _say(request: HttpRequest, count: int) -> None:
    said = ngettext(
        "The personal data of %(n)s entry of the log were erased.",
        "The personal data of %(n)s entries of the log were erased.",
        count,
    )
    tell(request, said % {"n": number(count)})


def _entry_page(request: HttpRequest, seq: int, mistake: str = "") -> HttpResponse:
    entry = LogEntry.objects.filter(seq=seq).first()
    words: dict[str, Any] = {
        "seq": seq or "",
        "sentence": sentence(told([entry])[0]) if entry else "",
        "has_person": LogPerson.objects.filter(seq=seq).exists(),
        "is_unknown": bool(seq) and entry is None,
    }
    return _page(request, words, reverse("log_erase"), reverse("log_check"), mistake)


def _user_page(request: HttpRequest, user: User, mistake: str = "") -> HttpResponse:
    own = LogEntry.objects.filter(actor_kind=ActorKind.USER, actor_id=user.pk)
    left = LogPerson.objects.filter(seq__in=own.values("seq")).count()
    words = {"user_shown": user, "left": left}
    way, back = reverse("user_erase", args=[user.pk]), reverse("user", args=[user.pk])
    return _page(request, words, way, back, mistake)


def _page(
    request: HttpRequest, words: dict[str, Any], way: str, back: str, mistake: str
) -> HttpResponse:
    words |= {"way": way, "back": back, "mistake": mistake}
    return render(request, "security/erase.html", words, status=422 if mistake else 200)
