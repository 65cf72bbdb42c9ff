"""A checkpoint of the log that somebody makes by hand: taking it away is an act like others."""

from __future__ import annotations

from custode.guard import checkpoints, log
from custode.guard.checkpoints import Checkpoint
from custode.guard.door.deeds import looking
from custode.guard.kinds import Verb
from custode.guard.refusals import Tried
from custode.kernel.actor import Actor


def make_checkpoint(actor: Actor) -> Checkpoint:
    """A checkpoint of the log as it is now, that tells of its own entry too.

    Whoever has handed it over notes that (`checkpoints.note`).

    Raises:
        Refused: the actor is no admin.
    """
    with looking(actor, Verb.ACCOUNT, tried=Tried(details={"checkpoint": True})):
        log.write(actor, Verb.ACCOUNT, count=1, details={"checkpoint": True})
    return checkpoints.make(actor.account_id)
