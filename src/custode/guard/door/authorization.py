"""The steps around an export made as a file: asking first, handing it over, giving it up."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from custode.guard import log
from custode.guard.door.acts import Act, authorized, policy_checked
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry, Outcome
from custode.guard.refusals import UNKNOWN, Attempt
from custode.kernel import scope
from custode.kernel.actor import Actor
from custode.kernel.errors import Refused


def check_policy(actor: Actor, verb: Verb, kind: str, tried: Attempt = UNKNOWN) -> None:
    """Check whether the dialog of an act may be opened; log and raise a refusal.

    Args:
        tried: what the actor wants to do, as far as it is known.

    Raises:
        Refused: a rule forbids the act.
    """
    with policy_checked(actor, verb, kind, tried):
        pass


def authorize(actor: Actor, verb: Verb, kind: str, tried: Attempt = UNKNOWN) -> None:
    """Check whether an act that a job will do later may be started; log and raise a refusal.

    The door checks again when the act itself is performed.

    Args:
        tried: what the actor wants to do, as far as it is known.

    Raises:
        Refused: a rule forbids it.
        ProofNeeded: the actor must prove their identity first.
    """
    with authorized(actor, verb, kind, tried):
        pass


def refuse(
    actor: Actor, verb: Verb, kind: str, why: str, *, because: str = "", tried: Attempt = UNKNOWN
) -> None:
    """Log and raise a refusal that only the layer above can decide: disabled, or another edition.

    Args:
        why: a sentence that gives the reason.
        because: the reason as one word for the log, as in `Refused`.
        tried: what the actor was about to do, as far as it is known.
    """
    with policy_checked(actor, verb, kind, tried):
        raise Refused(why, because=because)


def authorize_download(
    actor: Actor,
    seq: int,
    kind: str,
    count: int,
    *,
    along: Mapping[str, int] | None = None,
) -> Act:
    """Check the rule again, and log it, when a file made by an export is downloaded.

    Args:
        seq: the number of the export that made the file.
        count: how many rows the file holds.
        along: how many child rows it holds, by kind.

    Raises:
        Refused: a rule now reserves exports of this kind to admins.
    """
    with authorized(actor, Verb.EXPORT, kind, Attempt(count, {"download": True})):
        noted = log.write(
            actor, Verb.EXPORT, kind=kind, count=count, about=seq,
            details={"download": True, **({"along": dict(along)} if along else {})},
        )  # fmt: skip
        return Act(count, noted.seq)


def log_killed_export(actor: Actor, seq: int, kind: str) -> None:
    """Log the end of an export whose process was killed, unless its end is logged already."""
    with scope.account(actor.account_id), transaction.atomic(durable=True):
        # Held before it is looked for: of two retries at once, the later one sees the end.
        log.hold(actor.account_id)
        ends = LogEntry.objects.filter(about=seq, verb=Verb.EXPORT)
        if not ends.exists():
            log.write(
                actor, Verb.EXPORT, kind=kind, outcome=Outcome.BROKEN_OFF, about=seq,
                details={"killed": True},
            )  # fmt: skip
