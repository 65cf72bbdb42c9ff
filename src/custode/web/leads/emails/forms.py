"""The form of an e-mail: its initial contents, the input, and filling in a template."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from custode.activities import writing
from custode.activities.emails import placeholders, servers, templates
from custode.activities.emails.models import EmailTemplate
from custode.activities.emails.moves import Draft, Ready
from custode.activities.models import Email
from custode.kernel.actor import Actor
from custode.kernel.address import whole
from custode.kernel.errors import Invalid
from custode.leads import mailing
from custode.leads.models import Lead
from custode.web.shell.requests import user_of

FIELDS = ("to", "copies", "subject", "text", "files")


@dataclass(frozen=True, slots=True)
class Typed:
    """The contents of the form.

    Args:
        token: ensures that a form sends only one e-mail.
        template: the number of the chosen template.
        filled: the number of the template that filled in the text; "" for none.
    """

    to: str = ""
    copies: str = ""
    subject: str = ""
    text: str = ""
    token: str = ""
    template: str = ""
    filled: str = ""

    def draft(self) -> Draft:
        """Return the e-mail that would be sent."""
        return Draft(self.to, self.copies, self.subject, self.text, self.token)


def first(lead: Lead, again: Email | None) -> Typed:
    """Return a new form's contents: the lead's first address, or an earlier e-mail's text."""
    token = secrets.token_hex(16)
    if again is not None:
        return Typed(again.recipients, again.copies, again.subject, again.text, token)
    return Typed(to=next(iter(mailing.addresses(lead)), ""), token=token)


def typed(request: HttpRequest) -> Typed:
    """Return what a form sent."""
    post = request.POST
    return Typed(**{name: post.get(name, "") for name in asdict(Typed())})


def filled(actor: Actor, lead: Lead, given: Typed) -> Typed:
    """Return the form with a template filled in; text that somebody typed stays below it.

    Raises:
        Invalid: no template is chosen, or it is not offered.
    """
    chosen = _template(given.template)
    if chosen is None:
        raise Invalid(_("Choose a template."), field="template")
    before = _template(given.filled)
    subject, text = templates.filled(actor, lead, chosen)
    own_subject, own_text = given.subject, given.text.replace("\r\n", "\n").strip()
    if before is not None and (own_subject, own_text) == templates.filled(actor, lead, before):
        own_subject = own_text = ""
    return replace(
        given,
        subject=own_subject or subject,
        text=f"{text}\n\n{own_text}" if own_text else text,
        filled=str(chosen.pk),
    )


def _template(text: str) -> EmailTemplate | None:
    return EmailTemplate.objects.filter(retired_at=None, pk=whole(text)).first()


def words(lead: Lead, given: Typed, mistake: Invalid | None = None) -> dict[str, Any]:
    """Return the form's context."""
    unfilled = placeholders.left([given.subject, given.text])
    return {
        "lead": lead,
        "typed": given,
        "templates": templates.offered(),
        "addresses": mailing.addresses(lead),
        "unfilled": unfilled,
        "missing": [(placeholders.label(one), one) for one in unfilled],
        "wrong": _beside(mistake) if mistake else {},
        "server": servers.of_account(),
        "most_bytes": settings.ATTACHMENT_BYTES,
        "most_mb": settings.ATTACHMENT_BYTES // 2**20,
    }


def _beside(mistake: Invalid) -> dict[str, str]:
    """What is wrong, by the field that it stands beside."""
    return {field or "all": said for field, said in mistake.wrong.items()}


def preview(request: HttpRequest, ready: Ready) -> dict[str, Any]:
    """Return the context of a preview as the recipient would see it."""
    user = user_of(request)
    return {
        "ready": ready,
        "html": writing.as_html(placeholders.marked(ready.text)),
        "sender": f"{user} <{servers.of_account().sender}>",
        "writer": user,
    }
