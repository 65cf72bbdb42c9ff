"""The demo's alerts: judged as by a worker, the old ones acknowledged by an admin."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from custode.console.demo.selling import Seller
from custode.console.demo.signing_in import at_work
from custode.guard import door
from custode.guard.alerts import judging
from custode.guard.alerts.models import Alert
from custode.kernel import clock
from custode.leads.models import Lead, Status
from custode.people import alerting

MANY: Final = 11
"""The number of leads that somebody deletes one after the other."""


def look_back(people: Sequence[Seller]) -> None:
    """Acknowledge the alerts of the company's early days."""
    anna = people[0]
    judging.judge(anna.user.account_id)
    with clock.at(clock.now() - timedelta(days=6, hours=12)):
        alerts = list(Alert.objects.values_list("pk", flat=True))
        alerting.acknowledge(at_work(anna), alerts, "Concordato con chi l'ha fatto.")


def watch(people: Sequence[Seller]) -> None:
    """Delete one lead after the other, of which the admins are informed."""
    luca = people[3]
    theirs = Lead.objects.filter(owner=luca.user, status=Status.TODO).order_by("-pk")
    began = clock.now() - timedelta(hours=2, minutes=50)
    for n, lead in enumerate(list(theirs[:MANY])):
        with clock.at(began + timedelta(seconds=20 * n)):
            door.delete(at_work(luca), [lead])
    judging.judge(luca.user.account_id)
