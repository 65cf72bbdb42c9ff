"""Lists of sessions: one's own, and for an admin those of the whole account.

The search is in the URL. A page is found by the number of the last row before it, so the hundredth
page costs as much as the first, and nothing is counted.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from custode.accounts.models import Account
from custode.guard.logbook import start_of
from custode.kernel import address, clock
from custode.people.models import User
from custode.signin import devices
from custode.signin.models import Session
from custode.signin.sessions.life import running

Sessions = QuerySet[Session, Session]

PAGE: Final = 50
NEW_FOR: Final = timedelta(days=7)
"""How long a device counts as new to its user."""


class State(StrEnum):
    """Whether a session may still be used."""

    CURRENT = "current"
    PAST = "past"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A search for sessions from a URL; invalid values are ignored, and listed in `mistakes`.

    Args:
        user: the user's number; 0 for everybody's.
        device: words that browser, system or kind of device must have.
        ip: an address, or its beginning.
        since, until: days between which the session was in use.
        session: one session alone, by number; 0 for all.
        before: only those with a smaller number, for the next page.
    """

    user: int = 0
    state: State = State.CURRENT
    device: str = ""
    ip: str = ""
    since: date | None = None
    until: date | None = None
    session: int = 0
    before: int = 0
    mistakes: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Wanted:
        """Return the search that a request's parameters describe; a named session shows always."""
        mistakes: list[str] = []
        session = address.whole(query.get("session", ""))
        state = query.get("state", "")
        usual = State.ALL if session else State.CURRENT
        return cls(
            user=address.whole(query.get("user", "")),
            state=State(state) if state in set(State) else usual,
            device=address.words(query.get("device", ""), 100),
            ip=_ip(query.get("ip", ""), mistakes),
            since=address.asked_day(query, "since", mistakes),
            until=address.asked_day(query, "until", mistakes),
            session=session,
            before=address.whole(query.get("before", "")),
            mistakes=mistakes,
        )

    @property
    def is_narrow(self) -> bool:
        """Whether anything but a state and a page is asked for."""
        return any((self.user, self.device, self.ip, self.since, self.until, self.session))


def _ip(text: str, mistakes: list[str]) -> str:
    """Return an address as the database writes it, or the beginning of one."""
    told = address.words(text, 45).lower()
    try:
        return str(ipaddress.ip_address(told))
    except ValueError:
        if set(told) <= set("0123456789abcdef.:"):
            return told
    mistakes.append("ip")
    return ""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of sessions, the latest first; `more` is its last number when older ones follow."""

    rows: list[Session]
    more: int


def page(found: Sessions, before: int) -> Page:
    """Return the next page of the found sessions."""
    rows = found.filter(pk__lt=before) if before else found
    taken = list(rows[: PAGE + 1])
    return Page(taken[:PAGE], taken[PAGE - 1].pk if len(taken) > PAGE else 0)


def all_of(account: Account) -> Sessions:
    """Return the account's sessions, present and past, the latest first."""
    rows = Session.objects.filter(account=account)
    return rows.select_related("user", "account").order_by("-pk")


def own(user: User, account: Account, state: State) -> Sessions:
    """Return a user's own sessions."""
    return in_state(all_of(account).filter(user=user), account, state)


def others(account: Account, this: int) -> Sessions:
    """Return all usable sessions but this one."""
    return in_state(all_of(account), account, State.CURRENT).exclude(pk=this)


def unusual(rows: Sessions, this: int) -> Sessions:
    """Return those on a device that was new to its user recently; not this one or a first one."""
    before = Session.objects.filter(user=OuterRef("user_id"), pk__lt=OuterRef("pk"))
    return rows.exclude(pk=this).filter(
        ~Exists(before.filter(device=OuterRef("device"))), Exists(before),
        started_at__gte=clock.now() - NEW_FOR,
    )  # fmt: skip


def in_state(rows: Sessions, account: Account, state: State) -> Sessions:
    """Return those of the sessions that may be used, or that no longer may."""
    if state == State.ALL:
        return rows
    now = running(account)
    return rows.filter(now) if state == State.CURRENT else rows.exclude(now)


def found(account: Account, wanted: Wanted) -> Sessions:
    """Return the account's matching sessions, the latest first."""
    rows = in_state(all_of(account), account, wanted.state)
    if wanted.session:
        rows = rows.filter(pk=wanted.session)
    if wanted.user:
        rows = rows.filter(user=wanted.user)
    for word in devices.sought(wanted.device):
        named = Q(browser__icontains=word) | Q(system__icontains=word)
        rows = rows.filter(named | Q(form__in=devices.forms_named(word)))
    if wanted.ip:
        rows = rows.filter(_from(wanted.ip))
    if wanted.since:
        rows = rows.filter(seen_at__gte=start_of(wanted.since))
    if wanted.until:
        rows = rows.filter(started_at__lt=start_of(wanted.until + timedelta(days=1)))
    return rows


def _from(ip: str) -> Q:
    """Return the condition on an address or its beginning: `192.0.2.` is not `192.0.20.1`."""
    try:
        ipaddress.ip_address(ip)
    except ValueError:
        return Q(ip__startswith=ip) | Q(started_ip__startswith=ip)
    return Q(ip=ip) | Q(started_ip=ip)
