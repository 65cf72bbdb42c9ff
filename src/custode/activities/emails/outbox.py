"""The outbox: which e-mails are to be sent, which is being sent by whom, and the results.

Every change of state is a compare-and-set in the database: of several jobs that find a waiting
e-mail, only one sends it. Times are the database's. An e-mail whose sending process has died may or
may not have been sent: a person must decide.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now

from custode.activities.emails.models import Email, State, Why
from custode.guard import history
from custode.kernel.actor import Actor

LEASE: Final = timedelta(minutes=5)
"""After this time an attempt counts as abandoned (`transport.LIMIT` is less)."""


@dataclass(frozen=True, slots=True)
class End:
    """The result of an attempt."""

    state: State
    why: str = ""
    answer: str = ""


def take(pk: int) -> Email | None:
    """Start an attempt; None when there is nothing to send, or another job sends it."""
    claim = secrets.token_hex(16)
    # Compare and set: of several jobs that find it waiting, only one writes its claim.
    if not Email.objects.filter(pk=pk, state=State.QUEUED).update(
        state=State.SENDING, claim=claim, claimed_at=Now(), tries=F("tries") + 1, why="", answer=""
    ):
        hold_back(Email.with_trashed.filter(pk=pk))
        return None
    return Email.with_trashed.select_related("author").get(pk=pk)


def settle(email: Email, end: End) -> bool:
    """Record the result of an attempt, unless a later one or a person has decided meanwhile.

    An attempt that was considered dead, but was only slow, still has the right result.
    """
    mine = Email.with_trashed.filter(
        pk=email.pk, claim=email.claim, state__in=[State.SENDING, State.PERHAPS]
    )
    return bool(_end(mine, end))


def doubt(rows: QuerySet[Email] | None = None) -> int:
    """Mark e-mails in doubt whose sending has taken too long, and return how many.

    Args:
        rows: the e-mails to check; all of the account in scope if None.
    """
    some = Email.with_trashed.all() if rows is None else rows
    silent = some.filter(state=State.SENDING, claimed_at__lt=Now() - LEASE)
    return _end(silent, End(State.PERHAPS, Why.CUT_OFF))


def _end(rows: QuerySet[Email], end: End) -> int:
    """Record the result of attempts, each with a line of history, and return how many."""
    with transaction.atomic():
        # Locked: what the lines tell of before is what is written over.
        found = list(rows.order_by("pk").select_for_update(no_key=True))
        if found:
            Email.with_trashed.filter(pk__in=[email.pk for email in found]).update(
                state=end.state, why=end.why, answer=end.answer[:500], settled_at=Now()
            )
        for email in found:
            note(Actor.system(email.account_id, "e-mails"), email, email.state, end)
    return len(found)


def hold_back(rows: QuerySet[Email]) -> None:
    """Keep e-mails that were deleted before being sent from being sent when restored."""
    deleted = rows.filter(state=State.QUEUED, trash__isnull=False)
    deleted.update(state=State.FAILED, why=Why.DELETED, answer="", settled_at=Now())


def note(actor: Actor, email: Email, before: str, end: End) -> None:
    """Write a line of the e-mail's history, which outlives the next attempt."""
    words = " ".join(part for part in (end.state, end.why, end.answer[:500]) if part)
    history.write([history.line(actor, email, "state", before, words)])
