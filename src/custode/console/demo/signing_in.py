"""The demo's sessions: on which devices its people are or were signed in, and how that ended.

Nobody can use them: no cookie has a value of the form from which these digests are made.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from custode.console.demo import equipment
from custode.console.demo.selling import Seller
from custode.kernel import clock
from custode.kernel.actor import Actor, Origin
from custode.people.models import User
from custode.signin.devices import device
from custode.signin.models import Ended, Session
from custode.signin.sessions.store import digest

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
LOST: Final = 5 * _DAY
"""The time since a phone was lost."""
IDLE, LONGEST = 7 * _DAY, 30 * _DAY
"""The maximum idle time and lifetime of a demo session: as in a new account."""


@dataclass(frozen=True, slots=True)
class Habit:
    """A user's use of one of their devices.

    Args:
        header: its browser's User-Agent.
        ips: where it is used.
        ends: how a session on it ends; repeated entries are more likely.
        pause: the maximum number of days before the next session.
        lately: the maximum number of hours since a current session was last used.
    """

    header: str
    ips: tuple[str, ...]
    ends: tuple[Ended, ...]
    pause: float
    lately: float


def sign_in(chance: random.Random, people: Sequence[Seller]) -> None:
    """Create the sessions of all who can sign in, in the order in which they began."""
    made: list[Session] = []
    for seller in people:
        if not seller.user.email:
            continue
        for habit in _habits(chance, seller.user):
            made += _lived(chance, seller.user, habit)
    for name, told in (("luca", _stranger), ("davide", _lost)):
        made += [told(one.user) for one in people if _name(one.user) == name]
    made.sort(key=lambda row: row.started_at)
    for number, row in enumerate(made):
        row.digest = digest(f"a demo's session, {number}")
    Session.objects.bulk_create(made)


def _habits(chance: random.Random, user: User) -> list[Habit]:
    work, mobile, home = equipment.OF[_name(user)]
    net = f"{equipment.ON_THE_WAY}{chance.randrange(10, 240)}"
    return [
        Habit(
            work, (equipment.OFFICE, equipment.OFFICE, home),
            (Ended.EXPIRED, Ended.EXPIRED, Ended.SIGNED_OUT), 1, 2.5,
        ),
        Habit(
            mobile, (net, net, home),
            (Ended.IDLE, Ended.EXPIRED, Ended.SIGNED_OUT, Ended.PASSWORD, Ended.DISCONNECTED),
            12, 60,
        ),
    ]  # fmt: skip


def _name(user: User) -> str:
    return (user.email or "").partition("@")[0]


def _lived(chance: random.Random, user: User, habit: Habit) -> Iterator[Session]:
    """Iterate over a device's sessions since its user was added; the last one may be current."""
    now = clock.now()
    begun = user.created_at + chance.uniform(0.1, 5) * _DAY
    while begun < now:
        why = chance.choice(habit.ends)
        seen, end = _span(chance, begun, why)
        row = _session(user, habit.header, chance.choice(habit.ips), begun)
        if end < now:
            row.seen_at, row.ended_at, row.ended_why = seen, end, why
        else:
            row.seen_at = max(begun, now - chance.uniform(0.02, habit.lately) * _HOUR)
        yield row
        begun = end + chance.uniform(0.1, habit.pause) * _DAY


def _span(chance: random.Random, begun: datetime, why: Ended) -> tuple[datetime, datetime]:
    """Return when a session is last used, and when it ends."""
    if why == Ended.EXPIRED:
        end = begun + LONGEST
        return end - chance.uniform(0.1, 3) * _DAY, end
    seen = begun + chance.uniform(0.05, 18) * _DAY
    return seen, seen + IDLE if why == Ended.IDLE else seen


def _session(user: User, header: str, ip: str, begun: datetime) -> Session:
    used = device(header)
    mark = digest(f"a demo's device, {user.email}, {header}")
    return Session(
        account_id=user.account_id, user=user, way="password", device=mark,
        browser=used.browser, system=used.system, form=used.form, header=header,
        ip=ip, started_ip=ip, started_at=begun, seen_at=begun, proved_at=begun,
    )  # fmt: skip


def _stranger(user: User) -> Session:
    """Create an intruder's session one night, disconnected when its user read the notification."""
    ip, header = equipment.STRANGE
    begun = clock.now().replace(hour=2, minute=41) - 11 * _DAY
    row = _session(user, header, ip, begun)
    row.seen_at = begun + timedelta(minutes=9)
    row.ended_at, row.ended_why = begun + timedelta(hours=5, minutes=16), Ended.NOT_ME
    return row


def _lost(user: User) -> Session:
    """Create the session of a lost phone, of which an admin will hear (`closing.happenings`)."""
    _work, mobile, _home = equipment.OF[_name(user)]
    begun = clock.now() - 19 * _DAY
    row = _session(user, mobile, equipment.LOST, begun)
    row.seen_at = clock.now() - LOST - 3 * _HOUR
    return row


def at_work(seller: Seller) -> Actor:
    """Return the actor in the session that somebody has at this time, if they have one."""
    now = clock.now()
    mine = Session.objects.filter(user=seller.user, started_at__lte=now, seen_at__gte=now)
    row = mine.order_by("form", "-pk").first()
    if row is None:
        return seller.actor
    return replace(seller.actor, origin=Origin(row.ip, row.header, str(row.pk)))
