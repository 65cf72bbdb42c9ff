"""The forms of a client folder's contacts."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from custode.clients import moves
from custode.clients.models import ClientFolder, Contact
from custode.guard import history
from custode.kernel.errors import Invalid, Overtaken
from custode.web.clients.finding import folder_or_404
from custode.web.shell import overtaken
from custode.web.shell.requests import actor_of, is_htmx
from custode.web.shell.toasts import tell


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a contact to a folder."""
    folder = folder_or_404(request, pk)
    moves.require_edit(actor_of(request), folder)
    if request.method == "GET":
        return _form(request, folder, None, {})
    try:
        moves.add_contact(actor_of(request), folder, **_sent(request))
    except Invalid as error:
        return _form(request, folder, None, request.POST.dict(), error)
    return _shown(request, folder)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a contact."""
    found = _contact(request, pk)
    moves.require_edit(actor_of(request), found.folder)
    if request.method == "GET":
        typed = {name: getattr(found, name) for name in moves.LONGEST}
        return _form(request, found.folder, found, typed)
    try:
        moves.change_contact(
            actor_of(request), found, was=request.POST.get("was"), **_sent(request)
        )
    except Invalid as error:
        return _form(request, found.folder, found, request.POST.dict(), error)
    return _shown(request, found.folder)


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a contact from its folder."""
    found = _contact(request, pk)
    act = moves.remove_contact(actor_of(request), found)
    said = _("“%(contact)s” was taken out. The history keeps it.")
    tell(request, said % {"contact": found}, undo=act.seq)
    return _shown(request, found.folder)


def _contact(request: HttpRequest, pk: int) -> Contact:
    found = Contact.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    found.folder = folder_or_404(request, found.folder_id)
    return found


def _sent(request: HttpRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in moves.LONGEST}


def _form(
    request: HttpRequest,
    folder: ClientFolder,
    contact: Contact | None,
    typed: dict[str, Any],
    error: Invalid | None = None,
) -> HttpResponse:
    words = {
        "folder": folder,
        "contact": contact,
        "typed": typed,
        "longest": moves.LONGEST,
        "wrong": _wrong(contact, typed, error) if error else {},
        "url": reverse("contact", args=[contact.pk])
        if contact
        else reverse("contact_new", args=[folder.pk]),
    }
    name = "clients/contact_dialog.html" if is_htmx(request) else "clients/contact.html"
    return render(request, name, words, status=422 if error else 200)


def _wrong(contact: Contact | None, typed: dict[str, Any], error: Invalid) -> dict[str, str]:
    """What is said beside each field."""
    if contact is None or not isinstance(error, Overtaken):
        return {field or "name": said for field, said in error.wrong.items()}
    told = Q(field="contact", new=contact.written) | Q(field__startswith=f"contact:{contact.pk}.")
    who = overtaken.by(history.of(contact.folder).filter(told))
    return overtaken.beside(Overtaken(who, field=error.field), typed, contact.parts)


def _shown(request: HttpRequest, folder: ClientFolder) -> HttpResponse:
    url = reverse("folder", args=[folder.pk])
    if is_htmx(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return redirect(url)
