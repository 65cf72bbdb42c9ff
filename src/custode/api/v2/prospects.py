"""The rows of prospecting lists: found, written in, turned into leads, talked about, deleted."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import Field

from custode.api.answers import answer
from custode.api.calls import actor_of
from custode.api.errors import Problem, missing, or_404
from custode.api.v2 import asked, deleting, tables, talking
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


class ProspectsAsked(asked.Paged):
    """Which prospects: by an address, or by a column."""

    email: asked.Text | None = Field(None, description="An address that stands in the row.")
    field_key: asked.Text | None = Field(None, description="The name of a column.")
    field_value: asked.Text | None = Field(None, description="What stands in it.")


class Fields(asked.Given):
    """Cells by the names of their columns."""

    fields: tables.Cells = Field(
        description="Names of columns and texts: an object, or a text that holds one."
    )


class NewOwner(asked.Given):
    """Whose the lead is to be."""

    user_id: asked.Who | None = Field(
        None, description="The owner: a number or an address. Only with an API key."
    )


@router.get("/rows", response=list[shapes.FoundRow], summary="Find prospects in all lists")
def find(request: HttpRequest, wanted: Query[ProspectsAsked]) -> HttpResponse:
    """Those in which an e-mail address stands, or a text in a column; the first made first."""
    actor = actor_of(request)
    if wanted.email is not None:
        found = queries.with_address(actor, wanted.email)
    elif wanted.field_key and wanted.field_value:
        found = queries.having(actor, wanted.field_key, wanted.field_value)
    else:
        raise missing("field_value" if wanted.field_key else "email")
    page = list(wanted.page(found))
    return answer(shapes.found(actor, page), total=found.count())


@router.get(ROW, response=shapes.Row, summary="One row")
def one(request: HttpRequest, pk: int, rid: int) -> HttpResponse:
    """A row of a list that the caller sees."""
    actor = actor_of(request)
    return answer(_told(actor, _seen(actor, pk, rid)))


@router.put(
    ROW, response=shapes.Row, summary="Write a row anew",
    openapi_extra={"requestBody": {
        "required": True,
        "content": {"application/json": {
            "schema": {"type": "array", "items": {"type": ["string", "number", "null"]}},
        }},
    }},
)  # fmt: skip
def replace(request: HttpRequest, pk: int, rid: int) -> HttpResponse:
    """The body is the list of all cells, in the order of the columns; what lacks is emptied.

    Emptying many cells goes by the rule for deleting prospecting lists.
    """
    actor = actor_of(request)
    row = _seen(actor, pk, rid)
    numbers = [column.pk for column in columns.of(row.in_list)]
    texts = tables.row(_content(request))
    blank = dict.fromkeys(numbers, "")
    sheet.replace_cells(actor, row, {**blank, **naming.by_place(numbers, texts)})
    return answer(_again(actor, row))


@router.put(f"{ROW}/update_fields", response=shapes.Row, summary="Write in some cells of a row")
def update_fields(request: HttpRequest, pk: int, rid: int, given: Fields) -> HttpResponse:
    """Cells of columns that are not named stay as they are, whoever writes in them meanwhile."""
    actor = actor_of(request)
    row = _seen(actor, pk, rid)
    if not isinstance(given.fields, dict):
        raise Invalid(_("Send names of columns and texts, as an object."), field="fields")
    named = {name: tables.text(cell) for name, cell in given.fields.items()}
    sheet.replace_cells(actor, row, naming.by_name(columns.of(row.in_list), named))
    return answer(_again(actor, row))


@router.delete(ROW, response=Deleted, summary="Delete a row")
def delete(request: HttpRequest, pk: int, rid: int) -> HttpResponse:
    """It moves to the trash. A lead that was made of it stays."""
    actor = actor_of(request)
    deleting.require(actor, queries.prospects(actor).filter(in_list=pk, pk=rid))
    door.delete(actor, [_seen(actor, pk, rid)])
    return answer({"id": rid})


@router.post(
    f"{ROW}/create_lead", response={201: lead_shapes.FullLead}, summary="Turn a row into a lead"
)
def create_lead(request: HttpRequest, pk: int, rid: int, given: NewOwner) -> HttpResponse:
    """All that stands in the row comes along. Of a row that is a lead already, none is made.

    An application's lead that names no `user_id` belongs to nobody; a user's is their own.
    """
    actor = actor_of(request)
    row = _seen(actor, pk, rid)
    owner = asked.named_by_key(actor, given.user_id)
    made = outcomes.into_leads(actor, row.in_list, [rid], owner=owner, origin=Origin.API)
    if not made:
        raise _is_one_already(actor, row)
    lead = made[0].lead
    assert lead is not None  # noqa: S101 (for mypy: it has just been made)
    return answer(lead_shapes.given_away(lead), status=201)


@router.get(COMMENTS, response=list[comment_shapes.CommentShape], summary="Comments on a row")
def comments(
    request: HttpRequest, pk: int, rid: int, wanted: Query[asked.Directed]
) -> HttpResponse:
    """The latest first, unless the other direction is asked for."""
    return talking.listed(_seen(actor_of(request), pk, rid), wanted)


@router.post(COMMENTS, response={201: comment_shapes.CommentShape}, summary="Comment on a row")
def add_comment(request: HttpRequest, pk: int, rid: int, given: NewComment) -> HttpResponse:
    """Whoever sees the list may."""
    row = _seen(actor_of(request), pk, rid)
    return answer(talking.said(row, talking.add(request, row, given)), status=201)


@router.put(
    f"{COMMENTS}/{{id:cid}}", response=comment_shapes.CommentShape, summary="Change a comment"
)
def change_comment(
    request: HttpRequest, pk: int, rid: int, cid: int, given: CommentGiven
) -> HttpResponse:
    """Its text is changed by who wrote it, and by nobody else."""
    actor = actor_of(request)
    row = _seen(actor, pk, rid)
    comment = talking.one(row, cid)
    talking.change(actor, comment, given)
    return answer(talking.said(row, comment))


@router.delete(f"{COMMENTS}/{{id:cid}}", response=Deleted, summary="Delete a comment on a row")
def delete_comment(request: HttpRequest, pk: int, rid: int, cid: int) -> HttpResponse:
    """It moves to the trash."""
    actor = actor_of(request)
    deleting.require(actor, talking.among(queries.prospects(actor).filter(in_list=pk, pk=rid), cid))
    door.delete(actor, [talking.one(_seen(actor, pk, rid), cid)])
    return answer({"id": cid})


def _seen(actor: Actor, pk: int, rid: int) -> Prospect:
    """A row of a list that the actor sees; what they do not see is not there."""
    rows = queries.prospects(actor).select_related("in_list")
    return or_404(rows.filter(in_list=pk, pk=rid).first())


def _content(request: HttpRequest) -> Any:
    """The cells of a row: the body itself, or its `content`."""
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
    """A row as it stands now."""
    return _told(actor, _seen(actor, row.in_list_id, row.pk))
