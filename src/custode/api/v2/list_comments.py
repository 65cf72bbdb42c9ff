"""Routes of comments on a prospecting list as a whole; those on rows are with the rows' routes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from custode.api.answers import answer
from custode.api.calls import actor_of
from custode.api.v2 import deleting, params, talking
from custode.api.v2.leads import Deleted
from custode.api.v2.lists import seen
from custode.api.v2.shapes import comments as shapes
from custode.api.v2.talking import CommentGiven, NewComment
from custode.guard import door
from custode.prospecting import queries

router = Router(tags=["Prospecting lists"])
COMMENTS = "/spreadsheets/{id:pk}/comments"


@router.get(COMMENTS, response=list[shapes.CommentShape], summary="List a list's comments")
def comments(request: HttpRequest, pk: int, wanted: Query[params.Directed]) -> HttpResponse:
    """Return the comments on the list, newest first unless the other direction is requested."""
    return talking.listed(seen(actor_of(request), pk), wanted)


@router.post(COMMENTS, response={201: shapes.CommentShape}, summary="Comment on a list")
def add(request: HttpRequest, pk: int, given: NewComment) -> HttpResponse:
    """Add a comment. Everybody who can see the list may."""
    one = seen(actor_of(request), pk)
    return answer(talking.said(one, talking.add(request, one, given)), status=201)


@router.put(f"{COMMENTS}/{{id:cid}}", response=shapes.CommentShape, summary="Change a comment")
def change(request: HttpRequest, pk: int, cid: int, given: CommentGiven) -> HttpResponse:
    """Change a comment. Only its author can change its text."""
    actor = actor_of(request)
    one = seen(actor, pk)
    comment = talking.one(one, cid)
    talking.change(actor, comment, given)
    return answer(talking.said(one, comment))


@router.delete(f"{COMMENTS}/{{id:cid}}", response=Deleted, summary="Delete a comment on a list")
def delete(request: HttpRequest, pk: int, cid: int) -> HttpResponse:
    """Move a comment to the trash."""
    actor = actor_of(request)
    deleting.require(actor, talking.among(queries.visible(actor).filter(pk=pk), cid))
    door.delete(actor, [talking.one(seen(actor, pk), cid)])
    return answer({"id": cid})
