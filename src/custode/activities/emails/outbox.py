"""Which e-mails are to be sent, which one is being sent by whom, and what became of it.

Every change of state is a compare-and-set in the database: of several jobs that find an e-mail
waiting, one sends it. Times are the database's. What was being sent by a process that is no more
may have gone or not: it waits for a person.
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
"""After so long nobody is sending it any more (`transport.LIMIT` is less)."""


@dataclass(frozen=True, slots=True)
class End:
    """What became of a try."""

    state: State
    why: str = ""
    answer: str = ""


def take(pk: int) -> Email | None:
    """Begin a try; None when there is nothing to send, or somebody else sends it."""
    claim = secrets.token_hex(16)
    # Compare and set: of several jobs that find it waiting, one writes its claim.
    if not Email.objects.filter(pk=pk, state=State.QUEUED).update(
        state=State.SENDING, claim=claim, claimed_at=Now(), tries=F("tries") + 1, why="", answer=""
    ):
        hold_back(Email.with_trashed.filter(pk=pk))
        return None
    return Email.with_trashed.select_related("author").get(pk=pk)


def settle(email: Email, end: End) -> bool:
    """Note what became of a try; not if it is not the latest, or a person decided meanwhile.

    One that was taken for dead, and was only slow, still knows best.
    """
    mine = Email.with_trashed.filter(
        pk=email.pk, claim=email.claim, state__in=[State.SENDING, State.PERHAPS]
    )
    with transaction.atomic():
        moved = mine.update(state=end.state, why=end.why, answer=end.answer[:500], settled_at=Now())
        if moved:
            note(Actor.system(email.account_id, "e-mails"), email, State.SENDING, end)
    return bool(moved)


def doubt(rows: QuerySet[Email] | None = None) -> int:
    """Of what has been sent for too long nobody knows whether it was; gives how many.

    Args:
        rows: those to look at; all of the account in scope if None.
    """
    some = Email.with_trashed.all() if rows is None else rows
    silent = some.filter(state=State.SENDING, claimed_at__lt=Now() - LEASE)
    return silent.update(state=State.PERHAPS, why=Why.CUT_OFF, settled_at=Now())


def hold_back(rows: QuerySet[Email]) -> None:
    """What was deleted before it was sent is not sent when somebody restores it."""
    deleted = rows.filter(state=State.QUEUED, trash__isnull=False)
    deleted.update(state=State.FAILED, why=Why.DELETED, answer="", settled_at=Now())


def note(actor: Actor, email: Email, before: str, end: End) -> None:
    """A line of the e-mail's history, which outlives the next try."""
    words = " ".join(part for part in (end.state, end.why, end.answer[:500]) if part)
    history.write([history.line(actor, email, "state", before, words)])
