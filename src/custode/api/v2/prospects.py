"""Routes of the rows of prospecting lists: find, edit, turn into leads, comment on, delete."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import Field

from custode.api import shown
from custode.api.answers import answer
from custode.api.calls import actor_of
from custode.api.errors import Problem, missing, or_404
from custode.api.v2 import deleting, params, tables, talking
from custode.api.v2.leads import Deleted
from custode.api.v2.shapes import comments as comment_shapes
from custode.api.v2.shapes import leads as lead_shapes
from custode.api.v2.shapes import lists as shapes
from custode.api.v2.talking import CommentGiven, NewComment
from custode.guard import door
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid
from custode.leads.models import Origin
from custode.prospecting import columns, naming, outcomes, queries, sheet
from custode.prospecting.models import Prospect

router = Router(tags=["Prospects"])
ROW = "/spreadsheets/{id:pk}/rows/{id:rid}"
COMMENTS = f"{ROW}/comments"


class ProspectsAsked(params.Paged):
    """The filter of prospects: an e-mail address, or a column and its text."""

    email: params.Text | None = Field(None, description="An e-mail address that occurs in the row.")
    field_key: params.Text | None = Field(None, description="The name of a column.")
    field_value: params.Text | None = Field(None, description="The text in that column.")


class Fields(params.Given):
    """Cells by column name."""

    fields: tables.Cells = Field(
        description="Column names and texts: an object, or a text that holds one as JSON."
    )


class NewOwner(params.Given):
    """The owner of the new lead."""

    user_id: params.Who | None = Field(
        None, description="The owner: a user's number or e-mail address. Only with an API key."
    )


@router.get("/rows", response=list[shapes.FoundRow], summary="Find prospects in all lists")
def find(request: HttpRequest, wanted: Query[ProspectsAsked]) -> HttpResponse:
    """Return the rows that contain an e-mail address, or a text in a column; oldest first."""
    actor = actor_of(request)
    if wanted.email is not None:
        found = queries.with_address(actor, wanted.email)
    elif wanted.field_key and wanted.field_value:
        found = queries.having(actor, wanted.field_key, wanted.field_value)
    else:
        raise missing("field_value" if wanted.field_key else "email")
    page = list(wanted.page(found))
    return answer(shapes.found(actor, page), total=found.count())


@router.get(ROW, response=shapes.Row, summary="Get a row")
def one(request: HttpRequest, pk: int, rid: int) -> HttpResponse:
    """Return a row of a list that the caller can see."""
    actor = actor_of(request)
    return answer(_told(actor, _seen(actor, pk, rid)))


@router.put(
    ROW, response=shapes.Row, summary="Replace a row",
    openapi_extra={"requestBody": {
        "required": True,
        "content": {"application/json": {
            "schema": {"type": "array", "items": {"type": ["string", "number", "null"]}},
        }},
    }},
)  # fmt: skip
def replace(request: HttpRequest, pk: int, rid: int) -> HttpResponse:
    """Replace all cells of a row; the body is a list of cells in column order.

    Missing ones are emptied.

    Emptying many cells is subject to the rule for deleting prospecting lists.
    """
    actor = actor_of(request)
    row = _seen(actor, pk, rid)
    numbers = [column.pk for column in columns.of(row.in_list)]
    texts = tables.row(_content(request))
    blank = dict.fromkeys(numbers, "")
    sheet.replace_cells(actor, row, {**blank, **naming.by_place(numbers, texts)})
    return answer(_again(actor, row))


@router.put(f"{ROW}/update_fields", response=shapes.Row, summary="Change some cells of a row")
def update_fields(request: HttpRequest, pk: int, rid: int, given: Fields) -> HttpResponse:
    """Change the named cells.

    The others stay as they are, even if somebody edits them meanwhile.
    """
    actor = actor_of(request)
    row = _seen(actor, pk, rid)
    if not isinstance(given.fields, dict):
        raise Invalid(_("Send names of columns and texts, as an object."), field="fields")
    named = {name: tables.text(cell) for name, cell in given.fields.items()}
    sheet.replace_cells(actor, row, naming.by_name(columns.of(row.in_list), named))
    return answer(_again(actor, row))


@router.delete(ROW, response=Deleted, summary="Delete a row")
def delete(request: HttpRequest, pk: int, rid: int) -> HttpResponse:
    """Move a row to the trash. A lead that was made from it stays."""
    actor = actor_of(request)
    deleting.require(actor, queries.prospects(actor).filter(in_list=pk, pk=rid))
    door.delete(actor, [_seen(actor, pk, rid)])
    return answer({"id": rid})


@router.post(
    f"{ROW}/create_lead", response={201: lead_shapes.FullLead}, summary="Turn a row into a lead"
)
def create_lead(request: HttpRequest, pk: int, rid: int, given: NewOwner) -> HttpResponse:
    """Make a lead with everything in the row, unless the row has already become one.

    Without `user_id`, a user's lead is their own; an application's has no owner.
    """
    actor = actor_of(request)
    row = _seen(actor, pk, rid)
    owner = params.named_by_key(actor, given.user_id)
    made = outcomes.into_leads(actor, row.in_list, [rid], owner=owner, origin=Origin.API)
    if not made:
        raise _is_one_already(actor, row)
    lead = made[0].lead
    assert lead is not None  # noqa: S101 (for mypy: it has just been made)
    return answer(lead_shapes.given_away(lead), status=201)


@router.get(COMMENTS, response=list[comment_shapes.CommentShape], summary="List a row's comments")
def comments(
    request: HttpRequest, pk: int, rid: int, wanted: Query[params.Directed]
) -> HttpResponse:
    """Return a row's comments, newest first unless the other direction is requested."""
    return talking.listed(_seen(actor_of(request), pk, rid), wanted)


@router.post(COMMENTS, response={201: comment_shapes.CommentShape}, summary="Comment on a row")
def add_comment(request: HttpRequest, pk: int, rid: int, given: NewComment) -> HttpResponse:
    """Add a comment. Everybody who can see the list may."""
    row = _seen(actor_of(request), pk, rid)
    return answer(talking.said(row, talking.add(request, row, given)), status=201)


@router.put(
    f"{COMMENTS}/{{id:cid}}", response=comment_shapes.CommentShape, summary="Change a comment"
)
def change_comment(
    request: HttpRequest, pk: int, rid: int, cid: int, given: CommentGiven
) -> HttpResponse:
    """Change a comment. Only its author can change its text."""
    actor = actor_of(request)
    row = _seen(actor, pk, rid)
    comment = talking.one(row, cid)
    talking.change(actor, comment, given)
    return answer(talking.said(row, comment))


@router.delete(f"{COMMENTS}/{{id:cid}}", response=Deleted, summary="Delete a comment on a row")
def delete_comment(request: HttpRequest, pk: int, rid: int, cid: int) -> HttpResponse:
    """Move a comment to the trash."""
    actor = actor_of(request)
    deleting.require(actor, talking.among(queries.prospects(actor).filter(in_list=pk, pk=rid), cid))
    door.delete(actor, [talking.one(_seen(actor, pk, rid), cid)])
    return answer({"id": cid})


def _seen(actor: Actor, pk: int, rid: int) -> Prospect:
    """Return a row of a list that the actor can see; any other answers 404."""
    shown.show(Prospect.kind.name, [rid])
    rows = queries.prospects(actor).select_related("in_list")
    return or_404(rows.filter(in_list=pk, pk=rid).first())


def _content(request: HttpRequest) -> Any:
    """Return the cells of a row: the body itself, or its `content`."""
    told = request.told  # type: ignore[attr-defined]  # set by the entrance
    if isinstance(told, dict):
        if "content" not in told:
            raise missing("content")
        return tables.parsed(told["content"])
    return told


def _is_one_already(actor: Actor, row: Prospect) -> Problem:
    row.refresh_from_db(fields=["lead"])
    more = {"id": row.lead_id} if queries.seen_leads(actor, [row]) else {}
    return Problem(409, "already_exist", _("This prospect is a lead already."), **more)


def _told(actor: Actor, row: Prospect) -> dict[str, Any]:
    return shapes.rows(actor, [row])[0]


def _again(actor: Actor, row: Prospect) -> dict[str, Any]:
    """Return a row as it is now."""
    return _told(actor, _seen(actor, row.in_list_id, row.pk))
