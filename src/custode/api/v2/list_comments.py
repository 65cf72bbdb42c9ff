"""Comments on a prospecting list as a whole; those on its rows stand with the rows."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from custode.api.answers import answer
from custode.api.calls import actor_of
from custode.api.v2 import asked, deleting, talking
from custode.api.v2.leads import Deleted
from custode.api.v2.lists import seen
from custode.api.v2.shapes import comments as shapes
from custode.api.v2.talking import CommentGiven, NewComment
from custode.guard import door
from custode.prospecting import queries

router = Router(tags=["Prospecting lists"])
COMMENTS = "/spreadsheets/{id:pk}/comments"


@router.get(COMMENTS, response=list[shapes.CommentShape], summary="Comments on a list")
def comments(request: HttpRequest, pk: int, wanted: Query[asked.Directed]) -> HttpResponse:
    """Those on the list itself. The latest first, unless the other direction is asked for."""
    return talking.listed(seen(actor_of(request), pk), wanted)


@router.post(COMMENTS, response={201: shapes.CommentShape}, summary="Comment on a list")
def add(request: HttpRequest, pk: int, given: NewComment) -> HttpResponse:
    """Whoever sees the list may."""
    one = seen(actor_of(request), pk)
    return answer(talking.said(one, talking.add(request, one, given)), status=201)


@router.put(f"{COMMENTS}/{{id:cid}}", response=shapes.CommentShape, summary="Change a comment")
def change(request: HttpRequest, pk: int, cid: int, given: CommentGiven) -> HttpResponse:
    """Its text is changed by who wrote it, and by nobody else."""
    actor = actor_of(request)
    one = seen(actor, pk)
    comment = talking.one(one, cid)
    talking.change(actor, comment, given)
    return answer(talking.said(one, comment))


@router.delete(f"{COMMENTS}/{{id:cid}}", response=Deleted, summary="Delete a comment on a list")
def delete(request: HttpRequest, pk: int, cid: int) -> HttpResponse:
    """It moves to the trash."""
    actor = actor_of(request)
    deleting.require(actor, talking.among(queries.visible(actor).filter(pk=pk), cid))
    door.delete(actor, [talking.one(seen(actor, pk), cid)])
    return answer({"id": cid})
