"""Comments and files on any object: what the routes of leads, prospects and lists share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from pydantic import Field

from custode.activities import files, moves
from custode.activities.files import Incoming
from custode.activities.models import ActivityType, Attachment, Comment
from custode.api.answers import answer
from custode.api.calls import actor_of
from custode.api.errors import calling, missing, not_found, or_404
from custode.api.v2 import params
from custode.api.v2.shapes import comments as shapes
from custode.guard import door, kinds, scraping
from custode.guard.owned import Guarded
from custode.kernel.actor import Actor, ActorKind
from custode.kernel.errors import Invalid


class CommentGiven(params.Given):
    """The fields of a comment; fields left out stay unchanged."""

    content: params.Text | None = Field(None, description="The text, in Markdown.")
    activity_id: params.MaybeNumber = Field(None, description="The number of an activity type.")
    is_pinned: params.MaybeYes = None


class NewComment(CommentGiven):
    """A new comment; files are sent as `attachments[]` of a multipart form."""

    user_id: params.Who | None = Field(
        None,
        description="The user whose activity it records. Only with an API key; ignored otherwise.",
    )
    created_at: params.Text | None = None


def of(about: Guarded) -> Any:
    """Return the comments on an object that are not in the trash, with their authors."""
    on = {kinds.link(Comment, type(about)): about}
    return Comment.objects.filter(**on).select_related("author", kinds.link(Comment, type(about)))


def listed(about: Guarded, wanted: params.Directed) -> HttpResponse:
    """Return a page of comments: newest first, unless the other direction is requested."""
    scraping.tell(type(about).kind.name, [about.pk])
    rows = of(about)
    order = ("created_at", "pk") if wanted.direction == "asc" else ("-created_at", "-pk")
    page = wanted.page(rows.order_by(*order))
    return answer(shapes.many(page), total=rows.count())


def said(about: Guarded, comment: Comment) -> dict[str, Any]:
    """Return one comment as it is now."""
    return shapes.many([one(about, comment.pk)])[0]


def among(things: Any, pk: int | None = None) -> Any:
    """Return the comments on any of these objects, or only the one with a number, if it exists."""
    rows = Comment.objects.filter(**{f"{kinds.link(Comment, things.model)}__in": things})
    return rows if pk is None else rows.filter(pk=pk)


def add(request: HttpRequest, about: Guarded, given: NewComment) -> Comment:
    """Write a comment as the caller.

    Raises:
        Problem: it has neither text nor files.
        Invalid: one of its values is not accepted.
    """
    actor, sent = actor_of(request), incoming(request)
    if given.content is None and not sent:
        raise missing("content")
    author = None
    if actor.kind is ActorKind.KEY and given.user_id:
        author = params.named_by_key(actor, given.user_id)
    values: dict[str, Any] = {}
    if made := params.past(given.created_at, "created_at"):
        values["created_at"] = made
    if given.is_pinned:
        values["pinned"] = True
    activity = activity_of(given.activity_id)
    with calling(text="content", files="attachments"):
        return moves.write(
            actor, about, given.content or "", activity, sent, author=author, **values
        )


def change(actor: Actor, comment: Comment, given: CommentGiven) -> None:
    """Change a comment of the caller's own; whoever may edit what it is about may also pin it."""
    named = given.model_fields_set
    if {"content", "activity_id"} & named:
        text = comment.text if given.content is None else given.content
        activity = activity_of(given.activity_id) if "activity_id" in named else comment.activity
        with calling(text="content"):
            moves.edit(actor, comment, text, activity, was=None)
    if given.is_pinned is not None and given.is_pinned != comment.pinned:
        moves.pin(actor, comment, given.is_pinned)


def one(about: Guarded, pk: int) -> Comment:
    """Return a comment on an object; raise `Problem` (404) if there is none."""
    found: Comment | None = of(about).select_related("activity").filter(pk=pk).first()
    return or_404(found)


def activity_of(pk: int | None) -> ActivityType | None:
    """Return the activity type with a number, None for None.

    Raise `Invalid` if it is not offered.
    """
    if pk is None:
        return None
    found = ActivityType.objects.filter(pk=pk, retired_at=None).first()
    if found is None:
        raise Invalid(_("There is no activity %(n)s.") % {"n": pk}, field="activity_id")
    return found


def incoming(request: HttpRequest) -> Sequence[Incoming]:
    """Return the files of a multipart form, whatever their field names are."""
    return [
        Incoming(file.name, file.size or 0, file.chunks())
        for _name, several in request.FILES.lists()
        for file in several
        if file.name
    ]


def files_of(about: Guarded) -> Any:
    """Return the files of the comments on an object, newest first."""
    on = f"comment__{kinds.link(Comment, type(about))}"
    rows = Attachment.objects.filter(**{on: about}, comment__trash__isnull=True, taken_in=None)
    return rows.order_by("-pk")


def take_away(actor: Actor, about: Guarded, pk: int) -> None:
    """Remove a file from its comment; a comment with nothing else goes to the trash.

    Raises:
        Problem: the file does not exist.
        Refused: the comment is somebody else's, or a rule forbids it.
    """
    file = files_of(about).filter(pk=pk).first()
    if file is None:
        raise not_found()
    comment = one(about, file.comment_id)
    if comment.text or len(files.of(comment)) > 1:
        moves.edit(actor, comment, comment.text, comment.activity, was=None, without=[pk])
    else:
        door.delete(actor, [comment])
