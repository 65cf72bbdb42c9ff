"""Collects alerts that are opened, and acts that join them, while entries are judged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from custode.guard.alerts.facts import Fact
from custode.guard.alerts.models import Alert, AlertAct
from custode.guard.alerts.rules import Rule

GATHERS: Final = timedelta(minutes=15)
"""How long after its last act an open alert still takes in acts of the same actor and rule."""
MOST_OPEN: Final = 50
"""The maximum number of open alerts of one actor that are considered."""


def spaced(keys: Sequence[str]) -> str:
    """Return rule keys as an alert stores them: separated and surrounded by blanks."""
    return f" {' '.join(keys)} " if keys else ""


class Findings:
    """The open alerts of the actors being judged, updated in memory and saved at the end."""

    def __init__(self, account_id: int) -> None:
        self._account_id = account_id
        self._open: dict[tuple[str, int | None], list[Alert]] = {}
        self._acts: list[tuple[Alert, Fact]] = []
        self._in: set[tuple[int, int]] = set()
        self._changed: dict[int, Alert] = {}

    def gathering(self, rule: Rule, fact: Fact) -> Alert | None:
        """Return the open alert that this act joins under a rule; None when there is none."""
        wait = max(GATHERS, rule.window)
        for alert in self._of(rule.whose(fact)):
            if rule.key in alert.keys and fact.at - alert.last_at <= wait:
                return alert
        return None

    def open(self, rule: Rule, also: list[str], acts: Sequence[Fact]) -> None:
        """Open a new alert.

        Args:
            also: the keys of the other rules that the same actor's last act met.
            acts: the acts that met the rule, the latest last.
        """
        first, whose = acts[0], rule.whose(acts[-1])
        alert = Alert(
            account_id=self._account_id,
            rule=rule.key,
            also=spaced(also),
            actor_kind=whose[0],
            actor_id=whose[1],
            first_seq=first.seq,
            last_seq=first.seq,
            first_at=first.at,
            last_at=first.at,
            acts=0,
            items=0,
        )
        self._of(whose).insert(0, alert)
        for fact in acts:
            self.join(alert, fact)

    def join(self, alert: Alert, fact: Fact) -> None:
        """Add an act to an alert; an act that is in it already is ignored."""
        if (id(alert), fact.seq) in self._in:
            return
        self._in.add((id(alert), fact.seq))
        alert.last_seq, alert.last_at = fact.seq, max(alert.last_at, fact.at)
        alert.acts += fact.times
        alert.items += fact.items
        alert.untold += fact.times
        self._acts.append((alert, fact))
        self._changed[id(alert)] = alert

    def save(self) -> None:
        """Save the alerts and acts that were collected."""
        for alert in self._changed.values():
            alert.save()
        AlertAct.objects.bulk_create(
            AlertAct(account_id=self._account_id, alert=alert, seq=fact.seq, items=fact.items)
            for alert, fact in self._acts
        )

    def _of(self, actor: tuple[str, int | None]) -> list[Alert]:
        if actor not in self._open:
            kind, pk = actor
            rows = Alert.objects.select_for_update().filter(
                actor_kind=kind, actor_id=pk, acknowledged_at=None
            )
            self._open[actor] = list(rows.order_by("-pk")[:MOST_OPEN])
        return self._open[actor]
