"""The page for somebody who leaves the company: one form closes, undoes and hands over.

The steps of the form are separate acts, in this order: the sign-in is closed first, so that nothing
is added to what is being undone; then the selected keys and webhooks, through which programs would
continue; then the selected acts are undone, newest first; then the user's property gets a new
owner. If this is interrupted, the page shows what is left and can be sent again.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from custode.accounts.editions import Feature, has
from custode.guard import door, kinds, policy, rewriting
from custode.guard.kinds import Verb
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid
from custode.people.models import User
from custode.postsales.models import State, Task
from custode.signin import leaving
from custode.signin.middleware import session_of
from custode.signin.models import Session
from custode.signin.sessions import queries
from custode.web.account import left_open, trying
from custode.web.leads import choices
from custode.web.security import of_user, undoing
from custode.web.sessions.words import shown
from custode.web.shell.many import Rows
from custode.web.shell.requests import account_of, actor_of, admit
from custode.web.shell.toasts import tell
from custode.web.shell.words import counted, number

STAY: Final = "stay"
_DEVICES: Final = 10
_UNDONE: Final[dict[Any, Q]] = {Task: ~Q(status=State.DONE)}
"""Filters of what is handed over by kind: a task stays with the user who has done it."""
_LISTS: Final = {
    "lead": ("lead_list", "owner"),
    "client_folder": ("folder_list", "owner"),
    "prospecting_list": ("prospecting", ""),
    "task": ("tasks", "who"),
}
"""The page that lists each kind of property, and the parameter that filters it by owner."""


@never_cache
@require_http_methods(["GET", "POST"])
def leaves(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what somebody did lately, what still acts for them and what they own; a POST ends it."""
    actor = admit(request, Verb.USERS, trying.on_user(pk, disabled=pk))
    user = get_object_or_404(User, pk=pk)
    if request.method != "POST":
        # Acts that the judging job has yet to process must be visible here, and undone, now.
        system = Actor.system(actor.account_id, "what was written over")
        rewriting.gather_left(system, rests=timedelta(0))
        leaving.require_other(actor, user)
        return _page(request, user)
    policy.require_proof(actor, Verb.USERS)
    try:
        heir, acts = _heir(request, user), _acts(request, user)
        ways = left_open.chosen(request, user)
        before, was_active = of_user.last(actor), user.is_active
        ended = leaving.disable(actor, user)
    except Invalid as error:
        user.refresh_from_db()
        return _page(request, user, mistake=str(error))
    if was_active:
        _tell(request, user, ended)
    left_open.close(request, actor, ways)
    undoing.each(request, actor, acts)
    if heir is None or heir.pk != user.pk:
        _hand_over(request, actor, user, heir)
    done = f"?after={before}&until={of_user.last(actor)}"
    return redirect(reverse("user_leaves", args=[pk]) + done)


@require_POST
def enable(request: HttpRequest, pk: int) -> HttpResponse:
    """Allow a disabled user to sign in again."""
    actor = admit(request, Verb.USERS, trying.on_user(pk, enabled=pk))
    user = get_object_or_404(User, pk=pk)
    leaving.enable(actor, user)
    tell(
        request,
        _("%(name)s can sign in again. No session and no link from before works.") % {"name": user},
    )
    return redirect("user", pk=pk)


def _page(request: HttpRequest, user: User, mistake: str = "") -> HttpResponse:
    account, actor = account_of(request), actor_of(request)
    has_log = has(account.edition, Feature.SENSITIVE_ACTIONS)
    words: dict[str, Any] = {
        "tab": "users",
        "user_shown": user,
        "has_log": has_log,
        "lately": of_user.lately(user) if has_log else None,
        "picked": request.POST.getlist("ids"),
        "done": of_user.done(actor, request.GET) if has_log else None,
        **_devices(request, user),
        **left_open.shown(request, user),
        "owned": _counted(actor, user),
        "heirs": _heirs(user),
        "chosen": request.POST.get("heir", STAY),
        "mistake": mistake,
    }
    return render(request, "account/leaves.html", words, status=422 if mistake else 200)


def _devices(request: HttpRequest, user: User) -> dict[str, Any]:
    """Return where they are signed in: the number of devices, and a list if the edition has one."""
    account, this = account_of(request), session_of(request).pk
    rows: list[Any] = []
    if has(account.edition, Feature.USER_SESSIONS):
        found = queries.own(user, account, queries.State.CURRENT)
        rows = [shown(row, this) for row in found[:_DEVICES]]
    count = Session.objects.filter(user=user, ended_at=None).count()
    return {"devices": count, "rows": rows, "more_devices": max(count - len(rows), 0)}


def _heir(request: HttpRequest, user: User) -> User | None:
    """Return the new owner: a user, None for nobody, or the user themselves if nothing changes."""
    told = request.POST.get("heir", STAY)
    if told == STAY:
        return user
    message = _("Choose from the list who gets what they own.")
    heir = choices.owner_of(told or "?", message)
    if heir is not None and heir not in _heirs(user):
        raise Invalid(message, field="heir")
    return heir


def _heirs(user: User) -> list[User]:
    """Return who can take over: the other users who can sign in, by name."""
    others = User.objects.filter(disabled_at=None).exclude(pk=user.pk)
    return [one for one in others.order_by("first_name", "last_name", "pk") if one.can_sign_in]


def _acts(request: HttpRequest, user: User) -> list[int]:
    """Return the numbers of the acts to undo, newest first."""
    told = request.POST.getlist("ids")
    if told and not has(account_of(request).edition, Feature.SENSITIVE_ACTIONS):
        raise Invalid(_("The sensitive actions are part of the Dream Team edition."), field="ids")
    return of_user.chosen(user, told)


def _owned(actor: Actor, user: User) -> Iterator[tuple[Rows, str]]:
    """Iterate over what a user owns, as far as the actor sees it, and the field of the owner."""
    for model in kinds.all_models():
        for bulk in model.kind.bulk:
            if bulk.transfers_ownership:
                mine = Q(**{bulk.field: user.pk}) & _UNDONE.get(model, Q())
                yield model.objects.filter(model.kind.sees(actor), mine), bulk.field


def _counted(actor: Actor, user: User) -> list[tuple[str, str]]:
    """Return how much a user owns of each kind, in words, and where it is listed."""
    found = []
    for rows, _field in _owned(actor, user):
        kind, count = rows.model.kind.name, rows.count()
        if count:
            name, asked = _LISTS[kind]
            query = f"?{asked}={user.pk}" if asked else ""
            found.append((counted(kind, count), reverse(name) + query))
    return found


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
