"""Handing out a checkpoint of the log on request; this is an act like any other."""

from __future__ import annotations

from custode.guard import checkpoints, log
from custode.guard.checkpoints import Checkpoint
from custode.guard.door.acts import policy_checked
from custode.guard.kinds import Verb
from custode.guard.refusals import Attempt
from custode.kernel.actor import Actor


def make_checkpoint(actor: Actor) -> Checkpoint:
    """Return a checkpoint of the present log that includes the entry about making it.

    The caller records afterwards that it was handed over (`checkpoints.note`).

    Raises:
        Refused: the actor is no admin.
    """
    with policy_checked(actor, Verb.ACCOUNT, tried=Attempt(details={"checkpoint": True})):
        log.write(actor, Verb.ACCOUNT, count=1, details={"checkpoint": True})
    return checkpoints.make(actor.account_id)
