"""The start address, and what belongs to no screen."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from custode.guard import door
from custode.guard.models import LogEntry
from custode.web.shell import navigation
from custode.web.shell.requests import actor_of, next_of
from custode.web.shell.toasts import tell, tell_restored
from custode.web.shell.words import counted, number


def home(request: HttpRequest) -> HttpResponse:
    """The start: the first place of the side bar."""
    groups = navigation.groups_for(actor_of(request).is_admin)
    places = [place for group in groups for place in group.open_places]
    return HttpResponseRedirect(places[0].url if places else reverse("profile"))


@require_POST
def undo(request: HttpRequest, seq: int) -> HttpResponse:
    """Take back an act by its number in the log, and return to where the person is."""
    act = door.undo(actor_of(request), seq)
    kind = LogEntry.objects.values_list("kind", flat=True).get(seq=seq)
    what = counted(kind, act.count)
    if act.stayed:
        words = ngettext(
            "Undone: %(what)s. %(n)s other stays as it is: changed or deleted since, or somebody"
            " else's.",
            "Undone: %(what)s. %(n)s others stay as they are: changed or deleted since, or somebody"
            " else's.",
            act.stayed,
        ) % {"what": what, "n": number(act.stayed)}
        tell(request, words, level=messages.WARNING)
    else:
        said = _("Undone: %(what)s") % {"what": what} if act.count else _("Undone.")
        tell_restored(request, act, said)
    return redirect(next_of(request, reverse("home")))
