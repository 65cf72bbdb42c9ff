"""Routes of prospecting lists (programs call them spreadsheets): find, create, change, delete."""

from __future__ import annotations

from typing import Annotated, Any, Final

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import BeforeValidator, Field

from custode.api import shown
from custode.api.answers import answer
from custode.api.calls import actor_of
from custode.api.errors import calling, missing, or_404
from custode.api.v2 import deleting, params, tables
from custode.api.v2.leads import Assignee, Deleted
from custode.api.v2.shapes import lists as shapes
from custode.guard import door
from custode.kernel.actor import Actor
from custode.prospecting import columns, moves, naming, queries, sheet
from custode.prospecting.models import ProspectingList

router = Router(tags=["Prospecting lists"])
MOST_ROWS: Final = 5_000
"""The maximum number of rows in one response or request; more need several requests."""
_SHARED: Final = frozenset({"1", "true", "yes", "public", "shared", "everybody", "all"})


class ListsAsked(params.Directed):
    """The filter of lists."""

    title: params.Text | None = Field(
        None, description="The title; if no list has exactly this title, words in the title."
    )


class RowsAsked(params.Paged):
    """A part of a list's rows."""

    limit: Annotated[int, params.up_to(MOST_ROWS, MOST_ROWS), params.LOOSELY] = Field(
        MOST_ROWS, description="Number of rows; at most 5000."
    )
    offset: params.Offset = Field(0, description="Number of rows to skip.")


class ListGiven(params.Given):
    """The fields of a list; fields left out stay unchanged."""

    description: params.Text | None = None
    tags: params.Names | None = Field(None, description="Unknown tags are created.")
    privacy: Annotated[str, BeforeValidator(str)] | None = Field(
        None,
        description=(
            "1: everybody in the account can see it. 0: only those who can see the owner's lists."
        ),
    )


class NewList(ListGiven):
    """A new list."""

    title: params.Named
    content: tables.Table = Field(
        description=(
            "Rows of cells, the first with the column names: a list of lists, or a text that "
            "holds the same as JSON."
        )
    )
    user_id: params.Who | None = Field(
        None, description="The owner: a user's number or e-mail address. Only with an API key."
    )


class ListEdit(ListGiven):
    """Changes to a list."""

    title: params.Text | None = None
    is_archived: params.MaybeYes = None


class NewRows(params.Given):
    """Rows to add."""

    content: tables.Table = Field(
        description=(
            "Rows of cells in the order of the columns: a list of lists, or a text that holds "
            "the same as JSON; up to 5000 rows and 40000 cells."
        )
    )


@router.get("/spreadsheets", response=list[shapes.ListedSheet], summary="List prospecting lists")
def find(request: HttpRequest, wanted: Query[ListsAsked]) -> HttpResponse:
    """Return the lists that the caller can see, without their rows; newest first."""
    found = queries.titled(actor_of(request), wanted.title or "").select_related("owner")
    ordered = found.order_by("pk" if wanted.direction == "asc" else "-pk")
    page = list(wanted.page(ordered))
    return answer(shapes.many(page), total=found.count())


@router.post("/spreadsheets", response={201: shapes.Sheet}, summary="Create a prospecting list")
def make(request: HttpRequest, given: NewList) -> HttpResponse:
    """Create a list. Without `user_id`, a user's list is their own; an application's has no owner.

    With more than ten rows this is a sensitive action, like a paste.
    """
    actor = actor_of(request)
    content = tables.rows(given.content) or [[]]
    with calling(columns="content"):
        made = moves.create(
            actor,
            given.title,
            tables.headers(content[0]),
            content[1:],
            description=given.description or "",
            tags=given.tags or (),
            owner=params.named_by_key(actor, given.user_id),
            shared=_is_shared(given.privacy),
        )
    return answer(_whole(actor, made), status=201)


@router.get("/spreadsheets/{id:pk}", response=shapes.Sheet, summary="Get a prospecting list")
def one(request: HttpRequest, pk: int, wanted: Query[RowsAsked]) -> HttpResponse:
    """Return a list with its rows; the total number of rows is in `X-TOTAL-COUNT`."""
    actor = actor_of(request)
    found = seen(actor, pk)
    rows = queries.rows(found)
    page = list(wanted.page(rows))
    return answer(shapes.one(actor, found, page), total=rows.count())


@router.put(
    "/spreadsheets/{id:pk}", response=shapes.ListedSheet, summary="Change a prospecting list"
)
def change(request: HttpRequest, pk: int, given: ListEdit) -> HttpResponse:
    """Change a list. Fields left out stay unchanged; rows have their own routes."""
    actor = actor_of(request)
    found = seen(actor, pk)
    shared = None if given.privacy is None else _is_shared(given.privacy)
    moves.change(
        actor, found, title=given.title, description=given.description, shared=shared,
        archived=given.is_archived,
        tags=given.tags,
    )  # fmt: skip
    return answer(_short(found))


@router.delete("/spreadsheets/{id:pk}", response=Deleted, summary="Delete a prospecting list")
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a list to the trash with its rows. Leads that were made from them stay."""
    actor = actor_of(request)
    deleting.require(actor, queries.visible(actor).filter(pk=pk))
    door.delete(actor, [seen(actor, pk)])
    return answer({"id": pk})


@router.post(
    "/spreadsheets/{id:pk}/assign", response=shapes.ListedSheet, summary="Assign a prospecting list"
)
def assign(request: HttpRequest, pk: int, given: Assignee) -> HttpResponse:
    """Assign a list to a user to whom the caller may assign lists."""
    actor = actor_of(request)
    found, user = seen(actor, pk), params.user_named(given.user_id)
    if user is None or not user.is_active:
        raise params.no_user(given.user_id)
    moves.assign(actor, found, user)
    found.refresh_from_db()
    return answer(_short(found))


@router.get(
    "/spreadsheets/{id:pk}/rows", response=list[shapes.Row], summary="List the rows of a list"
)
def rows(request: HttpRequest, pk: int, wanted: Query[params.Paged]) -> HttpResponse:
    """Return the rows in their order."""
    actor = actor_of(request)
    found = queries.rows(seen(actor, pk))
    page = list(wanted.page(found))
    return answer(shapes.rows(actor, page), total=found.count())


@router.post(
    "/spreadsheets/{id:pk}/rows", response={201: shapes.Sheet}, summary="Add rows to a list"
)
def add(request: HttpRequest, pk: int, given: NewRows) -> HttpResponse:
    """Add rows at the end of a list; the response is the list with only the new rows.

    More than ten rows at once are a sensitive action, like a paste.
    """
    actor = actor_of(request)
    found = seen(actor, pk)
    texts = tables.rows(given.content)
    if not texts:
        raise missing("content")
    numbers = [column.pk for column in columns.of(found)]
    written = sheet.write(actor, found, rows=[naming.by_place(numbers, row) for row in texts])
    return answer(shapes.one(actor, found, written.added), status=201)


def seen(actor: Actor, pk: int) -> ProspectingList:
    """Return a list that the actor can see; any other answers 404."""
    shown.show(ProspectingList.kind.name, [pk])
    return or_404(queries.visible(actor).select_related("owner").filter(pk=pk).first())


def _is_shared(privacy: str | None) -> bool:
    """Tell whether a list is for everybody; any unclear value means that it is not."""
    return (privacy or "").strip().lower() in _SHARED


def _short(found: ProspectingList) -> dict[str, Any]:
    return shapes.many([found])[0]


def _whole(actor: Actor, found: ProspectingList) -> dict[str, Any]:
    return shapes.one(actor, found, list(queries.rows(found)[:MOST_ROWS]))
