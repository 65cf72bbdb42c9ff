"""Ends standby when its day comes, at its hour if it has one.

Days and hours are in the time zone of the person responsible; for what is nobody's, in the
account's. An hour that a clock change skips comes that much later; of one that comes twice the
first counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import transaction

from custode.accounts.models import Account
from custode.guard import history
from custode.kernel import clock, schedule
from custode.kernel.actor import Actor
from custode.kernel.schedule import Periodic
from custode.leads.models import Lead, Status

CHUNK: Final = 500
"""How many rows are changed in one transaction, so that nobody waits for long."""
FIRST: Final = timedelta(hours=14)
"""How far the earliest time zone is ahead: no later date has begun anywhere."""

Due = tuple[int, date, time | None]
"""The number of a row, and until when it is on standby."""


@dataclass(frozen=True, slots=True)
class Sleepers:
    """A kind whose objects can be on standby until a day, and perhaps an hour.

    It has `status`, `remind_date` and `remind_time` as leads do.

    Args:
        model: the guarded model.
        person: the foreign key to the user whose time zone counts.
    """

    model: Any
    person: str


LEADS: Final = Sleepers(Lead, "owner")


def add() -> None:
    """Register the job."""
    schedule.add(Periodic("end of standby", timedelta(minutes=1), wake))


def wake(system: Actor) -> int:
    """End the standby of every lead whose day has come, and return how many."""
    return wake_all(system, LEADS)


def wake_all(system: Actor, kind: Sleepers) -> int:
    """End the standby of all objects of a kind whose day has come, and return how many.

    It may be interrupted and restarted: what is done is no longer on standby.
    """
    now = clock.now()
    due = list(_due(system, kind, now))
    chunks = (due[start : start + CHUNK] for start in range(0, len(due), CHUNK))
    return sum(_wake(system, kind, chunk) for chunk in chunks)


def is_due(day: date, hour: time | None, zone: ZoneInfo, now: datetime) -> bool:
    """Return whether this day and hour have come in this time zone."""
    if hour is None:
        return now.astimezone(zone).date() >= day
    return datetime.combine(day, hour, zone).astimezone(UTC) <= now


def _due(system: Actor, kind: Sleepers, now: datetime) -> Iterator[Due]:
    own = Account.objects.values_list("time_zone", flat=True).get(pk=system.account_id)
    waiting = kind.model.objects.filter(
        account_id=system.account_id,
        status=Status.STANDBY,
        remind_date__lte=(now.astimezone(UTC) + FIRST).date(),
    )
    told = waiting.order_by("remind_date", "pk").values_list(
        "pk", "remind_date", "remind_time", f"{kind.person}__time_zone"
    )
    for pk, day, at, zone in told.iterator(chunk_size=2000):
        if day is not None and is_due(day, at, ZoneInfo(zone or own), now):
            yield pk, day, at


def _wake(system: Actor, kind: Sleepers, due: list[Due]) -> int:
    """Change those that are still on standby until the same moment as was read."""
    until = {pk: (day, hour) for pk, day, hour in due}
    with transaction.atomic():
        rows = kind.model.objects.filter(
            account_id=system.account_id, pk__anyof=list(until), status=Status.STANDBY
        )
        held = (
            rows.order_by("pk")
            .select_for_update(of=("self",))
            .only("pk", "account", "remind_date", "remind_time")
        )
        found = [one for one in held if until[one.pk] == (one.remind_date, one.remind_time)]
        history.write(
            history.line(system, one, "status", Status.STANDBY.value, Status.TODO.value)
            for one in found
        )
        kind.model.objects.filter(pk__anyof=[one.pk for one in found]).update(
            status=Status.TODO, updated_at=clock.now()
        )
    return len(found)
