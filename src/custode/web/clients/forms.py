"""The forms that create and edit a client folder."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from custode.clients import moves, queries
from custode.clients.models import ClientFolder
from custode.fields import moves as default_fields
from custode.fields.models import DefaultField
from custode.fields.values import COLUMN
from custode.guard import history
from custode.guard.models import Change
from custode.kernel.errors import Invalid, Overtaken, read_all
from custode.people import assigning
from custode.people.models import User
from custode.web.clients.finding import folder_or_404
from custode.web.leads import choices, own
from custode.web.shell import overtaken
from custode.web.shell.requests import actor_of, is_htmx, user_of
from custode.web.shell.toasts import tell


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Create a folder, in the dialog or on a page of its own."""
    if request.method == "GET":
        return _form(request, None, {"owner": str(user_of(request).pk)})
    try:
        known = _fields()
        values = _sent(request.POST, None, known)
        if "same" not in request.POST:
            own.require_new(actor_of(request), ClientFolder.kind.name, known, values["own"])
        made = moves.create(actor_of(request), **values)
    except Invalid as error:
        return _form(request, None, request.POST.dict(), error)
    return _shown(request, made)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a folder's name, owner, default fields and description."""
    found = folder_or_404(request, pk)
    moves.require_edit(actor_of(request), found)
    if request.method == "GET":
        return _form(request, found, _typed(found))

    def look(now: ClientFolder) -> None:
        """Raise `Overtaken` if the folder has changed since its form was opened."""
        if request.POST.get("was") not in {None, _was(now)}:
            raise Overtaken(overtaken.by(_written(now)), field="name")

    try:
        values = _sent(request.POST, found, _fields())
        moves.edit(actor_of(request), found, look=look, **values)
    except Invalid as error:
        return _form(request, found, request.POST.dict(), error)
    return _shown(request, found)


def _sent(
    form: QueryDict, folder: ClientFolder | None, fields: list[DefaultField]
) -> dict[str, Any]:
    description = form.get("description", "").replace("\x00", "").replace("\r\n", "\n").rstrip()
    return read_all(
        {
            "name": lambda: moves.checked_name(form.get("name", "")),
            "owner": lambda: _owner(form.get("owner", ""), folder),
            "own": lambda: own.sent(fields, form, folder.field_values if folder else None),
            "description": lambda: moves.checked_description(description),
        }
    )


def _owner(text: str, folder: ClientFolder | None) -> User | None:
    if folder is not None and folder.owner is not None and text == str(folder.owner_id):
        return folder.owner
    return choices.owner_of(text, _("Choose a user from the list."))


def _typed(folder: ClientFolder) -> dict[str, str]:
    owner = str(folder.owner_id or "")
    texts = own.texts(_fields(), folder.field_values)
    return {"name": folder.name, "owner": owner, "description": folder.description, **texts}


def _fields() -> list[DefaultField]:
    """Return the default fields of client folders."""
    return default_fields.offered(ClientFolder.kind.name)


def _was(folder: ClientFolder) -> str:
    """Return a fingerprint that shows whether a folder has changed since its form was opened."""
    return overtaken.fingerprint(_typed(folder))


def _shown_as(folder: ClientFolder) -> dict[str, str]:
    """What stands in the fields, where people read something else than the form sends."""
    return {"owner": str(folder.owner) if folder.owner else _("Unassigned")}


def _written(folder: ClientFolder) -> QuerySet[Change]:
    """What the history tells of what the form holds, the latest first."""
    ours = Q(field__in=moves.EDITABLE) | Q(field__startswith=f"{COLUMN}:")
    return history.of(folder).filter(ours)


def _form(
    request: HttpRequest,
    folder: ClientFolder | None,
    typed: dict[str, Any],
    error: Invalid | None = None,
) -> HttpResponse:
    wrong = {field or "name": said for field, said in error.wrong.items()} if error else {}
    if folder and isinstance(error, Overtaken):
        wrong = overtaken.beside(error, typed, _typed(folder), _shown_as(folder))
    was = _was(folder) if folder else ""
    if error and not isinstance(error, Overtaken):
        # Another mistake comes first: what has changed in the meantime was not shown yet.
        was = typed.get("was", "")
    words = {
        "folder": folder,
        "typed": typed,
        "wrong": wrong,
        "first_wrong": next(iter(wrong), "name"),
        "own": own.form(_fields(), typed, wrong),
        "own_same": "same" in typed or isinstance(error, own.HasTwin),
        "own_twin": error.twin if isinstance(error, own.HasTwin) else None,
        "was": was,
        "heirs": choices.heirs(request),
        "may_assign": assigning.may(actor_of(request), ClientFolder.kind),
        "url": reverse("folder_edit", args=[folder.pk]) if folder else reverse("folder_new"),
    }
    name = "clients/form_dialog.html" if is_htmx(request) else "clients/form.html"
    return render(request, name, words, status=422 if error else 200)


def _shown(request: HttpRequest, folder: ClientFolder) -> HttpResponse:
    """Redirect to the folder; to the list with a message if its new owner's are not visible."""
    url = reverse("folder", args=[folder.pk])
    if not queries.visible(actor_of(request)).filter(pk=folder.pk).exists():
        said = _("“%(folder)s” was saved. You do not see it: it belongs to somebody else.")
        tell(request, said % {"folder": folder.name})
        url = reverse("folder_list")
    if is_htmx(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return redirect(url)
