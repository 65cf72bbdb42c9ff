"""An e-mail for tests that are about something else: written, and never sent."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from custode.activities.emails import moves, servers
from custode.activities.emails.models import Email
from custode.activities.emails.moves import Draft
from custode.activities.emails.servers import Wanted
from custode.activities.files import Incoming
from custode.leads.models import Lead
from custode.people.models import User
from tests.cast import Cast

NOWHERE = Wanted("smtp.ferri.example", 587, "starttls", "", "", "sales@ferri.example")


def an_email(
    ferri: Cast,
    lead: Lead,
    files: Sequence[Incoming] = (),
    who: User | None = None,
    subject: str = "Secret of Ferri",
) -> Email:
    """An e-mail about a lead, by its owner or somebody else; through a server that is nowhere."""
    servers.change(ferri.actor(ferri.anna), NOWHERE)
    draft = Draft("mario@rossi.example", "", subject, "Here it is.", secrets.token_hex(16))
    writer = who or lead.owner
    assert writer is not None
    return moves.write(ferri.actor(writer), lead, draft, files)
