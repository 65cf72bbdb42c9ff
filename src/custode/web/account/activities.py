"""The page of the account's activity types: add, rename, offer or retire them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from custode.activities import types
from custode.activities.models import ActivityType, Icon
from custode.guard import policy
from custode.guard.kinds import Verb
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid
from custode.web.shell.requests import actor_of
from custode.web.shell.toasts import tell


@require_http_methods(["GET", "POST"])
def activities_page(request: HttpRequest) -> HttpResponse:
    """Show all types in their order and the form of a new one; a POST creates it."""
    actor = _admin(request)
    if request.method != "POST":
        return _page(request)
    name, icon = _sent(request)
    try:
        made = types.create(actor, name, icon)
    except Invalid as error:
        return _page(request, name, icon, mistake=error)
    tell(request, _("“%(activity)s” can be chosen now.") % {"activity": made})
    return redirect("activities")


@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a type's name or icon."""
    actor, one = _admin(request), get_object_or_404(ActivityType, pk=pk)
    name, icon = _sent(request)
    try:
        types.change(actor, one, name, icon)
    except Invalid as error:
        return _page(request, name, icon, mistake=error, pk=pk)
    tell(request, _("Saved."))
    return redirect("activities")


@require_POST
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop offering a type, or offer it again."""
    actor, one = _admin(request), get_object_or_404(ActivityType, pk=pk)
    off = request.POST.get("on") != "1"
    types.retire(actor, one, off)
    gone, back = (
        _("“%(activity)s” is no longer available."),
        _("“%(activity)s” is available again."),
    )
    tell(request, (gone if off else back) % {"activity": one})
    return redirect("activities")


def _admin(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    policy.require(actor, Verb.ACCOUNT)
    return actor


def _sent(request: HttpRequest) -> tuple[str, str]:
    return request.POST.get("name", ""), request.POST.get("icon", "")


def _page(
    request: HttpRequest, name: str = "", icon: str = Icon.NOTE, *,
    mistake: Invalid | None = None, pk: int = 0,
) -> HttpResponse:  # fmt: skip
    """Render the page; rejected input stays in its form (`pk`; 0 is the form of a new type)."""
    types_ = sorted(ActivityType.objects.all(), key=lambda one: one.retired_at is not None)
    lines = [(one, _line(one.name, one.icon)) for one in types_]
    new = _line("", Icon.NOTE)
    if mistake:
        typed = next((line for one, line in lines if one.pk == pk), new)
        typed.update(_line(name, icon, str(mistake)))
    words = {"tab": "activities", "lines": lines, "new": new, "icons": Icon.choices}
    return render(request, "account/activities.html", words, status=422 if mistake else 200)


def _line(name: str, icon: str, mistake: str = "") -> dict[str, str]:
    return {"name": name, "icon": icon, "mistake": mistake}
