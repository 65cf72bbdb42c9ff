"""The demo's e-mails: templates, a mail server that does not exist, and the e-mails' outcomes.

Nothing is sent: no server has this name, and e-mails shown as sent were not.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from custode.activities.emails import moves, outbox, servers, templates
from custode.activities.emails.models import EmailTemplate, State, Why
from custode.activities.emails.moves import Draft
from custode.activities.emails.outbox import End
from custode.activities.emails.servers import Wanted
from custode.console.demo import words
from custode.console.demo.selling import Seller
from custode.console.demo.signing_in import at_work
from custode.kernel import clock
from custode.leads import mailing
from custode.leads.models import Lead
from custode.signin import limits

_SENT: Final = End(State.SENT, "", "250 2.0.0 Ok: queued")
_REFUSED: Final = End(
    State.FAILED, Why.RECIPIENT, "550 5.1.1 Recipient address rejected: User unknown"
)
_UNKNOWN: Final = End(State.PERHAPS, Why.NO_ANSWER)
_ENDS: Final = (*(_SENT,) * 9, _REFUSED, _UNKNOWN)
_ONE_IN: Final = 4
"""The number of leads per e-mail."""


def mail(chance: random.Random, people: Sequence[Seller], domain: str) -> None:
    """Create a server, two templates, and e-mails on some leads by their owners."""
    with clock.at(clock.now() - timedelta(days=13)):
        boss = at_work(people[0])
        servers.change(boss, Wanted(f"smtp.{domain}", 587, "starttls", "", "", f"info@{domain}"))
        for name, subject, text in words.TEMPLATES:
            templates.save(boss, EmailTemplate(), name, subject, text)
    by_pk = {one.user.pk: one for one in people if one.user.email}
    for lead in Lead.objects.select_related("owner", "step").order_by("created_at"):
        owner, to = by_pk.get(lead.owner_id or 0), mailing.addresses(lead)
        if owner is None or not to or chance.randrange(_ONE_IN):
            continue
        said = words.ENGLISH_MAILED if owner.user.language == "en" else words.ITALIAN_MAILED
        _mail(chance, owner, lead, to[0], said)


def _mail(
    chance: random.Random, who: Seller, lead: Lead, to: str, said: Sequence[tuple[str, str]]
) -> None:
    subject, text = chance.choice(said)
    text = f"{text}\n\n{who.user}"
    draft = Draft(to, "", subject, text, f"{chance.getrandbits(128):032x}")
    passed = clock.now() - lead.created_at
    with clock.at(lead.created_at + max(passed * chance.random(), timedelta())):
        email = outbox.take(moves.write(who.actor, lead, draft).pk)
        if email is not None:
            outbox.settle(email, chance.choice(_ENDS))
    # Months pass within a moment here: nobody has really sent this many.
    limits.forgive(limits.EMAILS, lead.account_id, who.user.pk)
