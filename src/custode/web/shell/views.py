"""Views that belong to no screen: the start page, and undo."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from custode.guard import door
from custode.guard.door import UndoStatus
from custode.guard.models import LogEntry
from custode.kernel.actor import Actor
from custode.web.shell import navigation
from custode.web.shell.requests import actor_of, next_of
from custode.web.shell.toasts import tell, tell_undone


def home(_request: HttpRequest) -> HttpResponse:
    """Redirect to the first place of the side bar."""
    return HttpResponseRedirect(navigation.GROUPS[0].places[0].url)


@require_POST
def undo(request: HttpRequest, seq: int) -> HttpResponse:
    """Undo an act by its number in the log, and return to the person's page.

    From the log, later changes are shown first, if there are any.
    """
    actor = actor_of(request)
    if "look" in request.POST and _was_changed(actor, seq):
        tell(
            request,
            _("Some of this was changed since. Choose what to take back."),
            level=messages.INFO,
        )
        return redirect("sensitive_action", seq)
    tell_undone(request, door.undo(actor, seq))
    return redirect(next_of(request, reverse("home")))


def _was_changed(actor: Actor, seq: int) -> bool:
    """Tell whether an undo of the act would leave objects with later changes."""
    entry = LogEntry.objects.filter(seq=seq).first()
    if entry is None or not door.may_undo(actor, entry):
        return False
    found = door.undo_previews(actor, entry)
    return any(preview.rows.filter(stands=UndoStatus.CHANGED).exists() for preview in found)
