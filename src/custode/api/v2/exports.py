"""Routes of exports: request, follow, download and remove them."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final

from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from custode.api.answers import answer
from custode.api.calls import actor_of
from custode.api.errors import Problem, or_404
from custode.api.frame import needs, the_door_decides
from custode.api.v2 import numbered, params
from custode.clients.models import ClientFolder
from custode.exchange import askers, exporting, tasks
from custode.exchange.models import ExportFile, Format
from custode.exchange.orders import Order
from custode.guard import door, kinds
from custode.guard.kinds import Verb
from custode.kernel.actor import Actor, Scope
from custode.kernel.clock import iso
from custode.kernel.errors import Invalid
from custode.leads.models import Lead
from custode.prospecting.models import Prospect, ProspectingList

router = Router(tags=["Exports"])


class ExportShape(Schema):
    """An export that is being written or can be downloaded."""

    id: int
    kind: str
    format: str
    name: str
    state: str = Field(description="`waiting`, `writing`, `ready`, `failed` or `expired`.")
    filter: str = Field(description="The filter in words; empty for all objects.")
    percent: int = Field(description="Progress in percent.")
    count: int = Field(description="Number of objects written so far.")
    size: int = Field(description="Size in bytes.")
    created_at: str
    finished_at: str | None
    expires_at: str | None = Field(description="When it can no longer be downloaded.")
    download_count: int
    why: str = Field(description="The reason why it failed.")
    action_id: int | None = Field(description="The export's number in `/sensitive_actions`.")
    download_url: str | None = Field(
        description="Where to download it once it is ready, with the key or the token."
    )


class NewExport(params.Given):
    """The objects to export, and the format of the file."""

    kind: Annotated[
        params.Text,
        params.among("lead", "client_folder", "prospecting_list", "prospect", "log"),
    ] = Field(
        Lead.kind.name,
        description="`lead`, `client_folder`, `prospecting_list` (the rows of the lists in"
        " `ids`), `prospect`, or for admins `log`.",
    )
    format: Annotated[params.Text, params.among("csv", "xlsx")] = Field(
        Format.CSV.value, description="`csv` or `xlsx`."
    )
    columns: params.Names | None = Field(None, description="Names of columns; by default all.")
    ids: params.Names | None = Field(
        None, description="Only these objects; up to 1000. By default all that match the filter."
    )
    filter: dict[str, Any] | params.Text | None = Field(
        None, description="The filter of the list's page, as in the page's address."
    )
    comments: params.MaybeYes = Field(None, description="Whether to include the comments.")
    dialect: Annotated[params.Text, params.among("comma", "semicolon")] = Field(
        "comma", description="For CSV: `comma` or `semicolon`."
    )
    in_words: params.MaybeYes = Field(
        None, description="Whether headings and values are for people, in the caller's language."
    )


class Removed(Schema):
    """The export that was removed."""

    id: int


_FILTERS: Final = {
    Lead.kind.name: re.compile(
        r"q|pipeline|step|status|owner|tag|starred|amount_from|amount_to|reminder|folder|import"
        r"|closing|(created|closed|closing)_(from|to)|sort|own-\d{1,18}"
    ),
    ClientFolder.kind.name: re.compile(r"q|state|owner|sort|own-\d{1,18}"),
    Prospect.kind.name: re.compile(r"list|q|outcome|sort|in-\d{1,18}"),
    kinds.LOG.name: re.compile(r"verb|kind|who|outcome|session|object|alert|since|until"),
}
"""The names that a filter may have; ignoring an unknown name would export too much."""


@router.post("/exports", response={201: ExportShape}, summary="Start an export")
@the_door_decides
def begin(request: HttpRequest, given: NewExport) -> HttpResponse:
    """Start an export. A job writes the file; poll until `state` is `ready`.

    Needs the scope `export`.
    """
    actor = actor_of(request)
    # Before the request is validated, so that no mistake in it keeps an attempt out of the log.
    door.check_policy(actor, Verb.EXPORT, _kind(given.kind))
    order = _order(actor, given)
    file = exporting.file_for(askers.user_of(actor), actor, order)
    tasks.make_export.enqueue(actor.account_id, file.pk)
    return answer(_shape(file), status=201)


@router.get("/exports", response=list[ExportShape], summary="List your exports")
@needs(Scope.EXPORT)
def find(request: HttpRequest, wanted: Query[params.Paged]) -> HttpResponse:
    """Return the exports that the caller has requested, newest first.

    Nobody sees anybody else's.
    """
    rows = exporting.files_of(actor_of(request))
    page = wanted.page(rows)
    return answer([_shape(file) for file in page], total=rows.count())


@router.get("/exports/{id:pk}", response=ExportShape, summary="Get an export's progress")
@needs(Scope.EXPORT)
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """Return one of the caller's own exports."""
    return answer(_shape(_own(actor_of(request), pk)))


@router.get(
    "/exports/{id:pk}/download", summary="Download an export",
    openapi_extra={"responses": {200: {
        "description": "The file.",
        "content": {
            kind.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}}
            for kind in exporting.TYPES.values()
        },
    }}},
)  # fmt: skip
@needs(Scope.EXPORT)
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Return the file, if the rules now in force allow it. Each download is logged."""
    actor = actor_of(request)
    file = _own(actor, pk)
    if file.is_under_way:
        raise Problem(409, "in_progress", _("This file is still being made. Ask again later."))
    response = FileResponse(exporting.opened(actor, file))
    exporting.attach(response, file.name)
    return response


@router.delete("/exports/{id:pk}", response=Removed, summary="Remove an export")
@needs(Scope.EXPORT)
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove an export's file at once; the log keeps a record of the export."""
    exporting.remove(_own(actor_of(request), pk))
    return answer({"id": pk})


def _kind(told: str) -> str:
    """Return the kind of object to export: lists are exported as their rows.

    Raises:
        Invalid: this kind cannot be exported.
    """
    kind = Prospect.kind.name if told == ProspectingList.kind.name else told
    if kind not in _FILTERS:
        raise Invalid(_("This cannot be exported."), field="kind")
    return kind


def _order(actor: Actor, given: NewExport) -> Order:
    kind, query = _kind(given.kind), _query(given.filter)
    for name in query:
        if not _FILTERS[kind].fullmatch(name):
            raise Invalid(_("The filter has no “%(name)s”.") % {"name": name[:60]}, field="filter")
    if actor.user_id is None and "me" in query.getlist("owner"):
        raise Invalid(_("An application owns nothing. Name a user."), field="filter")
    ids = _ids(given.ids)
    if given.kind == ProspectingList.kind.name:
        query, ids = _within(query, ids), ()
    return Order(
        kind=kind,
        format=given.format.strip().lower(),
        dialect=given.dialect.strip().lower(),
        columns=tuple(given.columns or ()),
        query=query.urlencode(),
        ids=ids,
        comments=bool(given.comments),
        in_words=bool(given.in_words),
    )


def _within(query: QueryDict, lists: tuple[int, ...]) -> QueryDict:
    """Restrict a filter of rows to these lists; without any, to the lists that it names itself."""
    found = query.copy()
    if lists:
        found.setlist("list", [str(pk) for pk in lists])
    return found


def _ids(told: list[str] | None) -> tuple[int, ...]:
    """Return the named objects; raise `Invalid` for an empty list, which does not mean all."""
    if told is None:
        return ()
    ids = tuple(dict.fromkeys(numbered.numbers(told)))
    if not ids or len(ids) < len(set(told)):
        raise Invalid(_("Choose what to export first."), field="ids")
    return ids


def _query(told: dict[str, Any] | str | None) -> QueryDict:
    """Return a filter given as an address has it: one text, or names and values."""
    if not isinstance(told, dict):
        return QueryDict((told or "").lstrip("?"))
    query = QueryDict(mutable=True)
    for name, value in told.items():
        values = value if isinstance(value, list) else [value]
        query.setlist(name, [_plain(one) for one in values if one is not None])
    return query


def _plain(value: Any) -> str:
    return str(int(value)) if isinstance(value, bool) else str(value)


def _own(actor: Actor, pk: int) -> ExportFile:
    return or_404(exporting.files_of(actor).filter(pk=pk).first())


def _shape(file: ExportFile) -> dict[str, Any]:
    is_ready = file.state == "ready"
    return {
        "id": file.pk,
        "kind": file.kind,
        "format": file.format,
        "name": file.name,
        "state": file.state,
        "filter": file.words,
        "percent": 100 if is_ready else file.percent,
        "count": file.rows,
        "size": file.size,
        "created_at": iso(file.created_at),
        "finished_at": iso(file.finished_at),
        "expires_at": iso(file.expires_at),
        "download_count": file.downloads,
        "why": file.why,
        "action_id": file.seq,
        "download_url": f"/api/v2/exports/{file.pk}/download" if is_ready else None,
    }
