"""The profile: a person's own preferences."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from custode.people import moves
from custode.web.person.forms import HabitsForm
from custode.web.shell.requests import next_of, user_of
from custode.web.shell.toasts import tell


@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Show language, time zone and theme; a change is effective at once."""
    user = user_of(request)
    if request.method != "POST":
        words = {"form": HabitsForm(instance=user), "tab": "profile"}
        return render(request, "person/profile.html", words)
    form = HabitsForm(request.POST)
    if not form.is_valid():
        return render(request, "person/profile.html", {"form": form, "tab": "profile"}, status=422)
    moves.set_habits(user, **form.given())
    if "next" not in request.POST:
        with translation.override(user.language):
            tell(request, _("Saved."))
    return redirect(next_of(request, reverse("profile")))
