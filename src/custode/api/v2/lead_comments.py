"""Routes of a lead's comments, files and history."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from custode.api.answers import answer
from custode.api.calls import actor_of
from custode.api.errors import missing, not_found
from custode.api.v2 import deleting, lead_timeline, params, talking
from custode.api.v2.leads import Deleted, seen
from custode.api.v2.shapes import comments as shapes
from custode.api.v2.talking import CommentGiven, NewComment
from custode.guard import door, scraping
from custode.leads import queries
from custode.leads.models import Lead

router = Router(tags=["Comments and files of leads"])
COMMENTS = "/leads/{id:pk}/comments"
FILES = "/leads/{id:pk}/attachments"


def _lead(request: HttpRequest, pk: int) -> Lead:
    return seen(actor_of(request), pk)


@router.get(COMMENTS, response=list[shapes.CommentShape], summary="List a lead's comments")
def comments(request: HttpRequest, pk: int, wanted: Query[params.Directed]) -> HttpResponse:
    """Return a lead's comments, newest first unless the other direction is requested."""
    return talking.listed(_lead(request, pk), wanted)


@router.post(COMMENTS, response={201: shapes.CommentShape}, summary="Comment on a lead")
def add_comment(request: HttpRequest, pk: int, given: NewComment) -> HttpResponse:
    """Add a comment. Everybody who can see the lead may."""
    lead = _lead(request, pk)
    made = talking.add(request, lead, given)
    return answer(talking.said(lead, made), status=201)


@router.put(f"{COMMENTS}/{{id:cid}}", response=shapes.CommentShape, summary="Change a comment")
def change_comment(request: HttpRequest, pk: int, cid: int, given: CommentGiven) -> HttpResponse:
    """Change a comment. Only its author can change its text."""
    lead = _lead(request, pk)
    comment = talking.one(lead, cid)
    talking.change(actor_of(request), comment, given)
    return answer(talking.said(lead, comment))


@router.delete(f"{COMMENTS}/{{id:cid}}", response=Deleted, summary="Delete a comment")
def delete_comment(request: HttpRequest, pk: int, cid: int) -> HttpResponse:
    """Move a comment to the trash."""
    actor = actor_of(request)
    deleting.require(actor, talking.among(queries.visible(actor).filter(pk=pk), cid))
    door.delete(actor, [talking.one(_lead(request, pk), cid)])
    return answer({"id": cid})


@router.get(FILES, response=list[shapes.File], summary="List a lead's files")
def attachments(request: HttpRequest, pk: int, wanted: Query[params.Paged]) -> HttpResponse:
    """Return the files of the comments on a lead, newest first."""
    lead = _lead(request, pk)
    scraping.tell(Lead.kind.name, [pk])
    rows = talking.files_of(lead)
    page = wanted.page(rows)
    return answer([shapes.file(one) for one in page], total=rows.count())


@router.post(
    FILES, response={201: list[shapes.File]}, summary="Add files to a lead",
    openapi_extra={"requestBody": {
        "required": True,
        "content": {"multipart/form-data": {"schema": {
            "type": "object",
            "required": ["file"],
            "properties": {"file": {"type": "string", "format": "binary"}},
        }}},
    }},
)  # fmt: skip
def add_attachment(request: HttpRequest, pk: int) -> HttpResponse:
    """Upload one or more files as a multipart form; they become a comment without text."""
    lead = _lead(request, pk)
    if not talking.incoming(request):
        raise missing("attachment")
    made = talking.add(request, lead, NewComment.model_validate({}))
    rows = talking.files_of(lead).filter(comment=made)
    return answer([shapes.file(one) for one in rows], status=201)


@router.get(f"{FILES}/{{id:aid}}", response=shapes.File, summary="Get a file of a lead")
def attachment(request: HttpRequest, pk: int, aid: int) -> HttpResponse:
    """Return a file of a lead. Its `url` allows downloading it without a key for three minutes."""
    found = talking.files_of(_lead(request, pk)).filter(pk=aid).first()
    if found is None:
        raise not_found()
    scraping.tell(Lead.kind.name, [pk])
    return answer(shapes.file(found))


@router.delete(f"{FILES}/{{id:aid}}", response=Deleted, summary="Delete a file of a lead")
def delete_attachment(request: HttpRequest, pk: int, aid: int) -> HttpResponse:
    """Delete a file of a lead.

    The rule for deleting comments applies; the deletion can be undone.
    """
    actor = actor_of(request)
    with_it = talking.among(queries.visible(actor).filter(pk=pk)).filter(files=aid)
    deleting.require(actor, with_it)
    talking.take_away(actor, _lead(request, pk), aid)
    return answer({"id": aid})


@router.get(
    "/leads/{id:pk}/action_histories",
    response=list[lead_timeline.Happened],
    summary="Get a lead's history",
)
def action_histories(
    request: HttpRequest, pk: int, wanted: Query[lead_timeline.HistoryAsked]
) -> HttpResponse:
    """Return changes and comments, newest first."""
    told, total = lead_timeline.to(_lead(request, pk), wanted)
    return answer(told, total=total)
