"""The sensitive acts in the demo's trash and log."""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Sequence
from datetime import datetime, timedelta

from custode.accounts import moves as account_moves
from custode.console.demo import equipment
from custode.console.demo.selling import Seller
from custode.console.demo.signing_in import LOST, at_work
from custode.guard import checkpoints, door
from custode.guard.kinds import Verb
from custode.kernel import clock
from custode.kernel.errors import Refused
from custode.leads import moves as lead_moves
from custode.leads import pipelines
from custode.leads.models import Lead, Status
from custode.signin.models import Session
from custode.signin.sessions import moves


def happenings(people: Sequence[Seller]) -> None:
    """Export, delete, reassign and move leads; disconnect a lost phone; have an act refused.

    In between, a checkpoint of the log is downloaded.
    """
    anna, _oliver, marta, luca, emily, davide, _paolo = people
    now = clock.now()
    with clock.at(now - timedelta(days=6)):
        door.delete(at_work(marta), _own(marta, 3), reason="Doppioni della fiera")
    with clock.at(now - LOST):
        lost = Session.objects.filter(user=davide.user, ip=equipment.LOST)
        moves.disconnect(at_work(anna), lost, words="one")
    with clock.at(now - timedelta(days=5)):
        leaving = door.export(at_work(emily), Lead.objects.order_by("pk"), format="csv")
        deque(leaving.pages(), maxlen=0)
        door.change(at_work(emily), _own(emily, 3), "owner", luca.user)
    with clock.at(now - timedelta(days=4)):
        door.change(at_work(anna), _own(davide, 5), "owner", luca.user)
    with clock.at(now - timedelta(days=2)):
        door.delete(
            at_work(anna), list(Lead.objects.filter(status=Status.CANCELLED).order_by("pk")[:8])
        )
        account_moves.set_privacy(at_work(anna), Verb.EXPORT, "lead", True)
        # What follows is marked in the log as not yet anchored.
        checkpoints.note(door.make_checkpoint(at_work(anna)))
    _move_too_far(anna, luca, now)
    with clock.at(now - timedelta(hours=20)), contextlib.suppress(Refused):
        door.export(at_work(emily), Lead.objects.order_by("pk"), format="csv")
    with clock.at(now - timedelta(hours=3)):
        door.delete(at_work(luca), _own(luca, 1))


def _move_too_far(boss: Seller, seller: Seller, now: datetime) -> None:
    """Move many leads to the last step at once, of which their owner has since corrected two."""
    *_others, before, last = pipelines.steps_of(pipelines.default_pipeline(boss.actor))
    moved = list(Lead.objects.filter(
        owner=seller.user, status=Status.TODO, step__pipeline=last.pipeline,
    ).exclude(step__in=[before, last]).order_by("pk")[:9])  # fmt: skip
    with clock.at(now - timedelta(days=2)):
        door.change(at_work(boss), moved, "step", last)
    with clock.at(now - timedelta(hours=5)):
        for lead in moved[:2]:
            lead_moves.edit(seller.actor, lead, step=before)


def _own(seller: Seller, count: int) -> list[Lead]:
    return list(Lead.objects.filter(owner=seller.user, status=Status.TODO).order_by("pk")[:count])
