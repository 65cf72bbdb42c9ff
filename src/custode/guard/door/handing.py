"""What surrounds an export that is made as a file: asking first, handing it over, giving it up."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from custode.guard import log
from custode.guard.door.deeds import Act, looking, passing
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry, Outcome
from custode.guard.refusals import UNKNOWN, Tried
from custode.kernel import scope
from custode.kernel.actor import Actor
from custode.kernel.errors import Refused


def look(actor: Actor, verb: Verb, kind: str, tried: Tried = UNKNOWN) -> None:
    """Whether the dialog of an act may be opened; a no is logged and raised.

    Args:
        tried: what is asked about, as far as it is known.

    Raises:
        Refused: a rule forbids the act.
    """
    with looking(actor, verb, kind, tried):
        pass


def ask(actor: Actor, verb: Verb, kind: str, tried: Tried = UNKNOWN) -> None:
    """Whether an act that a job will do later may be begun; a no is logged and raised.

    The door asks again when the act itself passes.

    Args:
        tried: what is asked about, as far as it is known.

    Raises:
        Refused: a rule forbids it.
        ProofNeeded: the actor must prove first who they are.
    """
    with passing(actor, verb, kind, tried):
        pass


def turn_away(
    actor: Actor, verb: Verb, kind: str, why: str, *, because: str = "", tried: Tried = UNKNOWN
) -> None:
    """Log and raise what only the layer above knows: disabled meanwhile, or another edition.

    Args:
        why: a sentence that says so.
        because: the reason in a word for the log, as `Refused` has it.
        tried: what the actor was about to do, as far as it is known.
    """
    with looking(actor, verb, kind, tried):
        raise Refused(why, because=because)


def hand_over(
    actor: Actor,
    seq: int,
    kind: str,
    count: int,
    *,
    along: Mapping[str, int] | None = None,
) -> Act:
    """A file made by an export is downloaded: asks the rule as it is now, and logs it.

    Args:
        seq: the number of the export that made the file.
        count: how many rows the file holds.
        along: what went along with them: kind -> how many.

    Raises:
        Refused: a rule reserves exports of this kind to admins by now.
    """
    with passing(actor, Verb.EXPORT, kind, Tried(count, {"download": True})):
        noted = log.write(
            actor, Verb.EXPORT, kind=kind, count=count, about=seq,
            details={"download": True, **({"along": dict(along)} if along else {})},
        )  # fmt: skip
        return Act(count, noted.seq)


def give_up_export(actor: Actor, seq: int, kind: str) -> None:
    """Log the end of an export whose process was killed, unless its end was logged."""
    with scope.account(actor.account_id), transaction.atomic(durable=True):
        # Held before it is looked for: of two retries at once, the later one sees the end.
        log.hold(actor.account_id)
        ends = LogEntry.objects.filter(about=seq, verb=Verb.EXPORT)
        if not ends.exists():
            log.write(
                actor, Verb.EXPORT, kind=kind, outcome=Outcome.BROKEN_OFF, about=seq,
                details={"killed": True},
            )  # fmt: skip
