"""The sensitive acts that the demo's trash and log tell of."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from datetime import timedelta

from custode.accounts import moves as account_moves
from custode.console.demo import equipment
from custode.console.demo.selling import Seller
from custode.console.demo.signing_in import LOST, at_work
from custode.guard import door
from custode.guard.kinds import Verb
from custode.kernel import clock
from custode.kernel.errors import Refused
from custode.leads.models import Lead, Status
from custode.signin.models import Session
from custode.signin.sessions import moves


def happenings(people: Sequence[Seller]) -> None:
    """Leads go to the trash and change hands, a lost phone is put out, an export is refused."""
    anna, _oliver, marta, luca, emily, davide, _paolo = people
    now = clock.now()
    with clock.at(now - timedelta(days=6)):
        door.delete(at_work(marta), _own(marta, 3), reason="Doppioni della fiera")
    with clock.at(now - LOST):
        lost = Session.objects.filter(user=davide.user, ip=equipment.LOST)
        moves.disconnect(at_work(anna), lost, words="one")
    with clock.at(now - timedelta(days=4)):
        door.change(at_work(anna), _own(davide, 5), "owner", luca.user)
    with clock.at(now - timedelta(days=2)):
        door.delete(
            at_work(anna), list(Lead.objects.filter(status=Status.CANCELLED).order_by("pk")[:8])
        )
        account_moves.set_privacy(at_work(anna), Verb.EXPORT, "lead", True)
    with clock.at(now - timedelta(hours=20)), contextlib.suppress(Refused):
        door.export(at_work(emily), Lead.objects.order_by("pk"), format="csv")
    with clock.at(now - timedelta(hours=3)):
        door.delete(at_work(luca), _own(luca, 1))


def _own(seller: Seller, count: int) -> list[Lead]:
    return list(Lead.objects.filter(owner=seller.user, status=Status.TODO).order_by("pk")[:count])
