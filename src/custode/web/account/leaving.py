"""Somebody leaves the company, and on one screen no device of theirs is in any more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from custode.guard import door, kinds, policy
from custode.guard.kinds import Verb
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid
from custode.people.models import User
from custode.postsales.models import State, Task
from custode.signin import leaving
from custode.signin.models import Session
from custode.web.account import trying
from custode.web.leads import choices
from custode.web.shell.many import Rows
from custode.web.shell.requests import actor_of, admit, is_htmx
from custode.web.shell.toasts import tell
from custode.web.shell.words import counted, number

STAY: Final = "stay"
_UNDONE: Final[dict[Any, Q]] = {Task: ~Q(status=State.DONE)}
"""Who has done a task keeps it."""


@require_http_methods(["GET", "POST"])
def disable(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what will happen, ask to whom goes what they own, and disable a user."""
    actor = admit(request, Verb.USERS, trying.on_user(pk, disabled=pk))
    user = get_object_or_404(User, pk=pk)
    if request.method != "POST":
        leaving.require_other(actor, user)
        return _ask(request, user)
    policy.require_proof(actor, Verb.USERS)
    try:
        heir = _heir(request, user)
        ended = leaving.disable(actor, user)
    except Invalid as error:
        user.refresh_from_db()
        return _ask(request, user, mistake=str(error))
    _tell(request, user, ended)
    if heir is None or heir.pk != user.pk:
        _hand_over(request, actor, user, heir)
    return redirect("user", pk=pk)


@require_POST
def enable(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a disabled user sign in again."""
    actor = admit(request, Verb.USERS, trying.on_user(pk, enabled=pk))
    user = get_object_or_404(User, pk=pk)
    leaving.enable(actor, user)
    tell(
        request,
        _("%(name)s can sign in again. No session and no link from before works.") % {"name": user},
    )
    return redirect("user", pk=pk)


def _ask(request: HttpRequest, user: User, mistake: str = "") -> HttpResponse:
    others = User.objects.filter(disabled_at=None).exclude(pk=user.pk)
    words: dict[str, Any] = {
        "tab": "users",
        "user_shown": user,
        "devices": Session.objects.filter(user=user, ended_at=None).count(),
        "owned": _counted(actor_of(request), user),
        "heirs": others.order_by("first_name", "last_name", "pk"),
        "chosen": request.POST.get("heir", STAY),
        "mistake": mistake,
    }
    template = "account/disable_dialog.html" if is_htmx(request) else "account/disable.html"
    return render(request, template, words, status=422 if mistake else 200)


def _heir(request: HttpRequest, user: User) -> User | None:
    """Who gets what they own: a user, or None for nobody; the user themselves when it stays."""
    told = request.POST.get("heir", STAY)
    if told == STAY:
        return user
    message = _("Choose from the list who gets what they own.")
    heir = choices.owner_of(told or "?", message)
    if heir is not None and heir.pk == user.pk:
        raise Invalid(message, field="heir")
    return heir


def _owned(actor: Actor, user: User) -> Iterator[tuple[Rows, str]]:
    """What belongs to a user, and the field that says so: of each kind, those the actor sees."""
    for model in kinds.all_models():
        for bulk in model.kind.bulk:
            if bulk.gives:
                mine = Q(**{bulk.field: user.pk}) & _UNDONE.get(model, Q())
                yield model.objects.filter(model.kind.sees(actor), mine), bulk.field


def _counted(actor: Actor, user: User) -> list[str]:
    counts = {rows.model.kind.name: rows.count() for rows, _field in _owned(actor, user)}
    return [counted(kind, count) for kind, count in counts.items() if count]


def _hand_over(request: HttpRequest, actor: Actor, user: User, heir: User | None) -> None:
    for rows, field in _owned(actor, user):
        kind = rows.model.kind.name
        act = door.change(actor, rows, field, heir)
        if act.count:
            said = _("%(what)s: owner is %(owner)s now.")
            values = {"what": counted(kind, act.count), "owner": heir or _("nobody")}
            tell(request, said % values, undo=act.seq)


def _tell(request: HttpRequest, user: User, ended: int) -> None:
    said = ngettext(
        "%(name)s is disabled. %(n)s device was signed out.",
        "%(name)s is disabled. %(n)s devices were signed out.",
        ended,
    )
    tell(request, said % {"name": user, "n": number(ended)})
