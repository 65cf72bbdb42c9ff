"""The demo's sessions: on which devices its people are in, were before, and how that ended.

Nobody can use them: a cookie's value has another shape than what these digests are made of.
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
"""How long ago a phone was lost."""
IDLE, LONGEST = 7 * _DAY, 30 * _DAY
"""How long a session of the demo may lie unused, and how long it may live: as in a new account."""


@dataclass(frozen=True, slots=True)
class Habit:
    """How somebody uses one of their devices.

    Args:
        header: of its browser.
        ips: where it is used.
        ends: how a session on it ends, as often as it stands here.
        pause: how many days may pass before the next one, at most.
        lately: how many hours ago one that goes on was used, at most.
    """

    header: str
    ips: tuple[str, ...]
    ends: tuple[Ended, ...]
    pause: float
    lately: float


def sign_in(chance: random.Random, people: Sequence[Seller]) -> None:
    """Make the sessions of all who can sign in, in the order in which they began."""
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
    """One session after the other on a device, since its user is there; the last may be in now."""
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
    """When a session is used for the last time, and when it is over."""
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
    """Somebody came in with a user's password one night, and was put out when the mail was read."""
    ip, header = equipment.STRANGE
    begun = clock.now().replace(hour=2, minute=41) - 11 * _DAY
    row = _session(user, header, ip, begun)
    row.seen_at = begun + timedelta(minutes=9)
    row.ended_at, row.ended_why = begun + timedelta(hours=5, minutes=16), Ended.NOT_ME
    return row


def _lost(user: User) -> Session:
    """A phone that was lost, of which an admin will hear (`closing.happenings`)."""
    _work, mobile, _home = equipment.OF[_name(user)]
    begun = clock.now() - 19 * _DAY
    row = _session(user, mobile, equipment.LOST, begun)
    row.seen_at = clock.now() - LOST - 3 * _HOUR
    return row


def at_work(seller: Seller) -> Actor:
    """Somebody acting in the session that they have at this time, if they have one."""
    now = clock.now()
    mine = Session.objects.filter(user=seller.user, started_at__lte=now, seen_at__gte=now)
    row = mine.order_by("form", "-pk").first()
    if row is None:
        return seller.actor
    return replace(seller.actor, origin=Origin(row.ip, row.header, str(row.pk)))
