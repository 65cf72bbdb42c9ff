"""Send e-mails about leads: from a template, or with a program's own text."""

from __future__ import annotations

import secrets

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import Field

from custode.activities.emails import moves, templates
from custode.activities.models import Email
from custode.api.answers import answer
from custode.api.calls import actor_of
from custode.api.errors import missing
from custode.api.v2 import params
from custode.api.v2.leads import seen
from custode.api.v2.shapes import emails as shapes
from custode.kernel.actor import Actor, ActorKind, Entrance
from custode.kernel.errors import Invalid
from custode.leads import mailing
from custode.leads.models import Lead
from custode.people.models import User

router = Router(tags=["E-mails from leads"])


class FromTemplate(params.Given):
    """The template and the sender."""

    email_template_id: params.Text = Field(description="A template's number or name.")
    from_user_id: params.Who | None = Field(
        None,
        description=(
            "The sender: a user's number or e-mail address. With a token it is its own user; an "
            "application must name one."
        ),
    )


@router.post(
    "/leads/{id:pk}/emails/send_email_from_template",
    response={201: shapes.EmailShape},
    summary="Send an e-mail from a template",
)
def send_email_from_template(request: HttpRequest, pk: int, given: FromTemplate) -> HttpResponse:
    """Send an e-mail to the lead's first address, through the account's mail server."""
    actor = actor_of(request)
    lead, told = seen(actor, pk), given.email_template_id
    template = params.template_named(templates.offered(), told, "email_template_id")
    writer = writer_of(actor, given.from_user_id)
    subject, text = templates.filled(writer.actor(Entrance.API), lead, template)
    return answer(shapes.one(send(actor, lead, writer, subject, text)), status=201)


def writer_of(actor: Actor, who: str | None) -> User:
    """Return the sender: a token's own user, or the user whom a key names.

    Raises:
        Problem: a key names nobody, or a token somebody else.
        Invalid: there is no such user.
    """
    named = params.named_by_key(actor, who)
    if named is not None:
        return named
    if actor.user_id is None:
        raise missing("from_user_id")
    return User.objects.get(pk=actor.user_id)


def send(actor: Actor, lead: Lead, writer: User, subject: str, text: str) -> Email:
    """Queue an e-mail to a lead's first address.

    Raises:
        Invalid: the lead has no address, or a value is invalid (`emails.moves.read`).
        Refused: the actor may not edit the lead.
        TooMany: the writer has sent many within an hour.
    """
    to = next(iter(mailing.addresses(lead)), "")
    if not to:
        raise Invalid(_("The lead has no e-mail address."), field="to")
    draft = moves.Draft(to, "", subject, text, secrets.token_hex(16))
    author = writer if actor.kind is ActorKind.KEY else None
    return moves.write(actor, lead, draft, author=author)
