"""The client folder of a lead: choose an active one, or create one."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from custode.clients import queries
from custode.clients.queries import Wanted
from custode.fields import values
from custode.kernel.address import whole, words
from custode.kernel.errors import Invalid
from custode.kernel.text import fold
from custode.leads import moves
from custode.leads.models import Lead
from custode.web.leads import choices
from custode.web.shell.requests import actor_of, is_htmx
from custode.web.shell.toasts import tell

COMPANY: Final = (
    "azienda", "ragione sociale", "societa", "cliente", "company", "client", "customer",
    "organisation", "organization",
)  # fmt: skip
"""Labels, folded, of description lines that name the client."""
MOST: Final = 20
"""The maximum number of folders proposed at once; a search finds the others."""


@require_http_methods(["GET", "POST"])
def folder(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose a folder (`q` searches), create one, or remove the lead from its folder."""
    found = choices.lead_or_404(request, pk)
    moves.require_edit(actor_of(request), found)
    if request.method == "GET":
        return _ask(request, found)
    try:
        _put(request, found)
    except Invalid as error:
        return _ask(request, found, str(error))
    url = reverse("lead", args=[pk])
    if is_htmx(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return redirect(url)


def _put(request: HttpRequest, lead: Lead) -> None:
    """Do what the form says.

    Raises:
        Invalid: it names no active folder that the person sees, or the new one's name is empty.
    """
    actor, form = actor_of(request), request.POST
    if "new" in form:
        made = moves.start_folder(actor, lead, form.get("name", ""))
        tell(request, _("“%(folder)s” was opened, with this lead in it.") % {"folder": made})
        return
    if "none" in form:
        moves.edit(actor, lead, client_folder=None)
        return
    chosen = queries.visible(actor).filter(pk=whole(form.get("folder", ""))).first()
    if chosen is None:
        raise Invalid(_("Choose a client folder from the list."), field="client_folder")
    moves.edit(actor, lead, client_folder=chosen)


def _ask(request: HttpRequest, lead: Lead, wrong: str = "") -> HttpResponse:
    asked = words(request.GET.get("q", ""))
    found = queries.matching(actor_of(request), Wanted(q=asked)).select_related("owner")
    client = client_of(lead)
    likely = [] if asked else list(queries.likely(found, lead.title, client)[:MOST])
    others = found.exclude(pk__in=[one.pk for one in likely])[: MOST - len(likely)]
    context = {
        "lead": lead,
        "q": asked,
        "folders": [*likely, *others],
        "now": folder_of(request, lead),
        "name": request.POST.get("name", "") or asked or client,
        "wrong": wrong,
    }
    if not is_htmx(request):
        name = "leads/page/folder.html"
    elif "q" in request.GET:
        name = "leads/page/folder_found.html"
    else:
        name = "leads/page/folder_dialog.html"
    return render(request, name, context, status=422 if wrong else 200)


def client_of(lead: Lead) -> str:
    """Return the client's name, as far as the lead's fields, description or title tell it."""
    told = lead.fields | values.lines(Lead.kind.name, lead.field_values)
    lines = {fold(label): value for label, value in told.items()}
    client = next((lines[label] for label in COMPANY if lines.get(label)), "")
    before, _colon, after = lead.title.partition(": ")
    return client or (before if after else lead.title)


def folder_of(request: HttpRequest, lead: Lead) -> object:
    """Return the folder of a lead for a person who sees the lead; None if it is in the trash."""
    if lead.client_folder_id is None:
        return None
    return queries.visible(actor_of(request)).filter(pk=lead.client_folder_id).first()
