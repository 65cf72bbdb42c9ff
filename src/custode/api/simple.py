"""The simplified API: every operation is a GET, for tools that can do nothing else.

An image or a link must not be able to trigger a GET that changes something, so only an
application's key in its header is accepted, never a token or a cookie.
"""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field

from custode.api.answers import answer
from custode.api.calls import actor_of
from custode.api.errors import missing, not_found
from custode.api.frame import Frame, by_key_only, needs
from custode.api.v2 import params, sending, talking, writing
from custode.api.v2.leads import seen
from custode.api.v2.shapes import comments as comment_shapes
from custode.api.v2.shapes import emails as email_shapes
from custode.api.v2.shapes import leads as shapes
from custode.guard import history
from custode.kernel.actor import Actor, Scope
from custode.leads import moves
from custode.leads.models import LeadTag, Tag

PREFIX = "/api/simple/"
simple = Frame(
    title="Custode, simplified",
    version="simple",
    description="Every operation is a GET, with an application's key in `X-API-KEY`.",
    urls_namespace="api-simple",
)


class Tagged(params.Given):
    """The tags to add."""

    tag: params.Names = Field(
        description="A tag, or several separated by commas; unknown tags are created."
    )


class ActivityGiven(params.Given):
    """An activity that somebody carried out."""

    activity_id: params.Number
    user_id: params.Who | None = Field(
        None, description="The user who did it: a number or an e-mail address."
    )
    content: params.Text | None = Field(
        None, description="The text of the comment; by default the activity's name."
    )


class Moved(params.Given):
    """The step to which the lead moves."""

    step: params.Text | None = Field(None, description="A step's number or name.")
    step_id: params.Text | None = Field(
        None, description="The same as `step`, under the name that some programs use."
    )


class EmailGiven(params.Given):
    """An e-mail to send."""

    subject: params.Text
    content: params.Text
    from_user_id: params.Who = Field(description="The sender: a user's number or e-mail address.")


@simple.get("/leads/{id:pk}/add_tag", response=shapes.FullLead, summary="Tag a lead")
@by_key_only
@needs(Scope.WRITE)
def add_tag(request: HttpRequest, pk: int, given: Query[Tagged]) -> HttpResponse:
    """Add tags to a lead. The lead keeps the tags that it has."""
    actor = actor_of(request)
    lead = seen(actor, pk)
    if not given.tag:
        raise missing("tag")
    with transaction.atomic():
        history.hold(lead)
        moves.require_edit(actor, lead)
        had = Tag.objects.filter(pk__in=LeadTag.objects.filter(lead=lead).values("tag"))
        moves.set_tags(actor, lead, [*had, *given.tag])
    return _lead(actor, pk)


@simple.get(
    "/leads/{id:pk}/add_activity", response=comment_shapes.CommentShape,
    summary="Log an activity",
)  # fmt: skip
@by_key_only
@needs(Scope.WRITE)
def add_activity(request: HttpRequest, pk: int, given: Query[ActivityGiven]) -> HttpResponse:
    """Add a comment that records an activity."""
    lead = seen(actor_of(request), pk)
    activity = talking.activity_of(given.activity_id)
    told = given.model_dump(exclude_none=True)
    text = (given.content or "").strip() or (activity.name if activity else "")
    new = talking.NewComment.model_validate({**told, "content": text})
    made = talking.add(request, lead, new)
    return answer(comment_shapes.many([talking.one(lead, made.pk)])[0])


@simple.get("/leads/{id:pk}/move_to_step", response=shapes.FullLead, summary="Move a lead")
@by_key_only
@needs(Scope.WRITE)
def move_to_step(request: HttpRequest, pk: int, given: Query[Moved]) -> HttpResponse:
    """Move a lead to another step. A name in several pipelines means the step in the lead's own."""
    actor = actor_of(request)
    lead, named = seen(actor, pk), given.step or given.step_id
    if not named:
        raise missing("step")
    moves.edit(actor, lead, step=writing.step_named(named, lead))
    return _lead(actor, pk)


@simple.get("/leads/{id:pk}/send_email", response=email_shapes.EmailShape, summary="Send an e-mail")
@by_key_only
@needs(Scope.WRITE)
def send_email(request: HttpRequest, pk: int, given: Query[EmailGiven]) -> HttpResponse:
    """Send an e-mail to the lead's first address, through the account's mail server."""
    actor = actor_of(request)
    lead, writer = seen(actor, pk), sending.writer_of(actor, given.from_user_id)
    made = sending.send(actor, lead, writer, given.subject, given.content)
    return answer(email_shapes.one(made))


@simple.get("/openapi.json", auth=None, include_in_schema=False)
def document(request: HttpRequest) -> HttpResponse:
    """Return the description of all routes."""
    return HttpResponse(simple.text(PREFIX), content_type="application/json")


def _lead(actor: Actor, pk: int) -> HttpResponse:
    shape = shapes.one(actor, pk)
    if shape is None:
        raise not_found()
    return answer(shape)
