"""What the tests of alerts ask for: judging what has happened, and what came of it."""

from __future__ import annotations

from typing import Any

from django.core import mail as outbox

from custode.guard import door
from custode.guard.alerts import judging
from custode.guard.alerts.models import Alert, AlertAct
from custode.kernel import scope
from custode.kernel.actor import Actor
from custode.people import alerting
from custode.people.alerting import Wanted
from custode.web.security.alerts import letters as sending
from tests.cast import Cast


def judge(people: Cast) -> None:
    """Judge what is new in Ferri's log, as a worker does all the time."""
    judging.judge(people.ferri.account.pk)


def forget_what_was(people: Cast) -> None:
    """What happened until now is judged, and its alerts are acknowledged."""
    judge(people)
    with scope.account(people.ferri.account.pk):
        left = list(Alert.objects.filter(acknowledged_at=None).values_list("pk", flat=True))
        if left:
            alerting.acknowledge(people.actor(people.anna), left)
    judge(people)


def opened() -> list[tuple[str, int, int]]:
    """The open alerts, the first before the others: rule, acts, objects."""
    rows = Alert.objects.filter(acknowledged_at=None).order_by("pk")
    return list(rows.values_list("rule", "acts", "items"))


def acts_of(alert: Alert) -> list[int]:
    """The numbers of the acts that an alert is about."""
    rows = AlertAct.objects.filter(alert=alert).order_by("seq")
    return list(rows.values_list("seq", flat=True))


def set_rule(people: Cast, key: str, **changes: Any) -> None:
    """Anna sets a rule otherwise."""
    rule = alerting.of_account(people.ferri.account.pk)[key]
    alerting.change(people.actor(people.anna), rule, Wanted.of(rule, **changes))


def purged(cast: Cast) -> None:
    """Anna deletes for ever what Ugo deleted."""
    entry = door.delete(cast.actor(cast.ugo), [cast.lead(cast.ugo)]).entry
    door.purge(cast.actor(cast.anna), entry or 0, reason="Twice")


def sent() -> list[Any]:
    """What has gone since this was asked last."""
    sending.look()
    gone, outbox.outbox = list(outbox.outbox), []
    return gone


def delete_many(cast: Cast, who: Actor | None = None, many: int = 10) -> None:
    """Ugo, or somebody else, deletes leads that nobody owns, and it is judged."""
    actor = who or cast.actor(cast.ugo)
    door.delete(actor, [cast.lead(None, f"Lead {n}") for n in range(many)])
    judge(cast)
