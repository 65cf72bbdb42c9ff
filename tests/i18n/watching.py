"""Alerts of each sort, open and acknowledged, and a rule of the account's own."""

from __future__ import annotations

from custode.guard import door
from custode.guard.alerts import judging
from custode.guard.alerts.models import Alert, AlertMail, Delivery
from custode.guard.kinds import Verb
from custode.people import alerting
from custode.people.alerting import Wanted
from custode.web.security.alerts.names import NAMES
from tests.cast import Cast

ASKED = [
    "state=all",
    "state=acknowledged",
    "rule=guessing",
    "who=user:1&state=all",
    "before=1",
]
SENT: list[tuple[str, dict[str, str]]] = [
    ("/admin-panel/account/many/", {"many_count": "1", "many_minutes": "x", "many_read": "1"}),
    ("/admin-panel/account/many/", {"many_count": "20", "many_minutes": "30", "many_read": "500"}),
    ("/security/alerts/acknowledge/", {"ids": "1", "note": "x"}),
    ("/security/alerts/acknowledge/", {"ids": "999"}),
    ("/security/alerts/acknowledge/", {"ids": "1", "note": "x" * 501}),
    ("/security/alerts/rules/new/", {"name": "", "at_least": "molti"}),
    (
        "/security/alerts/rules/new/",
        {
            "name": "Mia",
            "at_least": "1",
            "within": "0",
            "by": "boh",
            "outcome": "done",
            "counts": "acts",
        },
    ),
    (
        "/security/alerts/rules/new/",
        {
            "name": "Mia",
            "at_least": "1",
            "within": "0",
            "by": "anybody",
            "outcome": "done",
            "counts": "acts",
        },
    ),
    ("/security/alerts/rules/purge/switch/", {"on": "0"}),
    ("/security/alerts/rules/watch/switch/", {"on": "0"}),
    ("/security/alerts/rules/purge/remove/", {}),
]


def alerts(ferri: Cast) -> list[str]:
    """Make them; gives the keys of rules."""
    anna, account = ferri.actor(ferri.anna), ferri.ferri.account.pk
    own = Wanted(
        "Liste lontane", acts=("delete", "made_admin"), kinds=("lead",), outcome="refused",
        counts="objects", at_least=2, within=5, by="one", by_id=ferri.ugo.pk,
        recipients=(ferri.anna.pk,),
    )  # fmt: skip
    key = str(alerting.add(anna, own).pk)
    rule = alerting.of_account(account)["exports"]
    alerting.change(anna, rule, Wanted.of(rule, is_on=False))
    door.delete(anna, [ferri.lead(ferri.ugo, f"Pressa {n}") for n in range(10)])
    judging.judge(account)
    found = Alert.objects.order_by("pk")[0]
    with door.sensitive_act(anna, Verb.ALERT):
        for name in (*NAMES, key, "999"):
            for many in (1, 2):
                found.pk, found._state.adding = None, True
                found.rule, found.acts, found.items = name, many, many
                found.save()
        AlertMail.objects.create(
            user_id=ferri.anna.pk, alerts=[], state=Delivery.FAILED, made_at=found.first_at,
            due_at=found.first_at, message_id="x", answer="550",
        )  # fmt: skip
    alerting.acknowledge(anna, [found.pk], "Va bene")
    return [*NAMES, key]
