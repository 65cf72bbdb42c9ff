"""The page of one client folder."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from custode.clients import moves
from custode.clients.models import ClientFolder
from custode.guard import door, policy
from custode.guard.kinds import Verb
from custode.kernel.actor import Actor
from custode.leads import deals
from custode.postsales import queries
from custode.postsales.queries import Progress
from custode.web.clients.finding import folder_or_404
from custode.web.leads import own
from custode.web.leads.list.columns import status
from custode.web.shell import labelled
from custode.web.shell.requests import actor_of
from custode.web.shell.toasts import tell
from custode.web.talk import comments, timeline

MOST_DEALS = 200
"""The maximum number of leads on the page; the list of leads shows all."""
MOST_PROCESSES = 100


@require_GET
def folder(request: HttpRequest, pk: int) -> HttpResponse:
    """Show everything about a client."""
    actor, found = actor_of(request), folder_or_404(request, pk)
    leads = list(deals.in_folder(actor, found).defer("description", "searched")[:MOST_DEALS])
    words = {
        "folder": found,
        "may_edit": moves.may_edit(actor, found),
        "may_delete": policy.may(actor, Verb.DELETE, ClientFolder.kind.name),
        "deals": deals.of_folders(actor, [found.pk])[found.pk],
        "leads": [(lead, status(lead)) for lead in leads],
        **_post_sales(actor, found),
        "contacts": list(found.contacts.all()),
        "labelled": labelled.fields(found.description),
        "rest": labelled.rest(found.description),
        **timeline.words(actor, found, request.GET),
        **comments.form(),
        "own": own.shown(actor, found),
    }
    return render(request, "clients/page.html", words)


def _post_sales(actor: Actor, folder: ClientFolder) -> dict[str, object]:
    """Return the processes of the folder's visible leads, and their overall progress."""
    found = list(queries.in_folder(actor, folder)[:MOST_PROCESSES])
    progress = queries.progress(found)
    done, total = (
        sum(getattr(one, part) for one in progress.values()) for part in ("done", "total")
    )
    return {
        "processes": [(one, progress[one.pk]) for one in found],
        "process_total": Progress(done, total),
    }


@require_POST
def use(request: HttpRequest, pk: int) -> HttpResponse:
    """Deactivate the folder (`on` is 0), or put it back in use."""
    found, on = folder_or_404(request, pk), request.POST.get("on") == "1"
    moves.deactivate(actor_of(request), found, not on)
    if on:
        tell(request, _("“%(folder)s” is in use again.") % {"folder": found})
    else:
        said = _("“%(folder)s” is deactivated: nothing new goes into it.")
        tell(request, said % {"folder": found})
    return redirect("folder", pk)


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Move the folder to the trash; its leads stay."""
    found = folder_or_404(request, pk)
    act = door.delete(actor_of(request), [found])
    said = _("“%(folder)s” moved to the trash. Its leads stay.")
    tell(request, said % {"folder": found.name}, undo=act.seq)
    return redirect("folder_list")
