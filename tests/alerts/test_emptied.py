"""Many emptied fields are an alert, also where few of them are of each kind."""

from __future__ import annotations

from custode.guard.alerts import judging
from custode.guard.alerts.models import Alert
from tests.cast import Cast
from tests.guard.emptied import road_of


def test_few_of_each_of_two_kinds_are_many_together(calm: Cast) -> None:
    ugo = calm.actor(calm.ugo)
    leads, folders = (road_of(name, calm, ugo) for name in ("lead descriptions", "folder names"))
    for n in range(5):
        leads.empty(n, ".")
        folders.empty(n, ".")
    judging.judge(calm.ferri.account.pk)
    assert not Alert.objects.filter(acknowledged_at=None).exists()
    leads.empty(5, ".")
    judging.judge(calm.ferri.account.pk)
    (alert,) = Alert.objects.filter(acknowledged_at=None)
    assert (alert.rule, alert.acts) == ("emptied", 2)
