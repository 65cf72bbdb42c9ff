"""The session engine (`SESSION_ENGINE`): signed-in users have a row that ends, visitors a visit.

The cookie's value is `<account>-<random>`, or `0-<random>` for a visitor; the database has only its
SHA-256. Reading a session is one query, by index, which also fetches its user and account.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase, UpdateError

from custode.accounts.models import Account
from custode.kernel import clock, scope
from custode.people.models import User
from custode.signin.devices import NO_DEVICE, Device
from custode.signin.letters import Letter
from custode.signin.mailing import post
from custode.signin.models import Ended, Session, Visit
from custode.signin.sessions.life import over
from custode.signin.sessions.moves import ended

VISIT: Final = timedelta(minutes=30)
"""How long a visitor is remembered: for example between the password and the code."""
_VISITOR: Final = "0"


@dataclass(frozen=True, slots=True)
class Arrival:
    """Where a request comes from.

    Args:
        mark: the value of the cookie by which the device is recognised.
    """

    ip: str = ""
    header: str = ""
    device: Device = NO_DEVICE
    mark: str = ""


def digest(secret: str) -> str:
    """Return what the database stores of a cookie's value."""
    return hashlib.sha256(secret.encode()).hexdigest()


class SessionStore(SessionBase):
    """The session of one browser.

    `row` is the session of a signed-in user, with its user and account; None for a visitor. `began`
    tells whether this request has signed somebody in.
    """

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self.row: Session | None = None
        self.began = False
        self.arrival = Arrival()

    # ---- reading

    def signed_in(self) -> Session | None:
        """Return the session of a signed-in user, unless it is over; None for a visitor."""
        self._get_session()  # type: ignore[attr-defined]  # Django's, which loads once
        return self.row

    def why_over(self, cookie: str | None) -> str:
        """Return why the session of this cookie is over, as an `Ended`; "" for any other cookie."""
        account_id = account_of(cookie)
        if not account_id:
            return ""
        with scope.account(account_id):
            row = next(iter(Session.objects.filter(digest=digest(str(cookie)))), None)
            if row is None:
                return ""
            row.account = Account.objects.get(pk=row.account_id)
            run_out = None if row.ended_at else over(row)
            return str(run_out[1] if run_out else row.ended_why)

    def load(self) -> dict[str, Any]:
        """Return the stored data; empty when there is no such session or it is over."""
        data = self._load()
        if data is None:
            self._session_key = None
            return {}
        return data

    def _load(self) -> dict[str, Any] | None:
        account_id = account_of(self.session_key)
        if account_id is None:
            return None
        mine = digest(str(self.session_key))
        if not account_id:
            visit = Visit.objects.filter(digest=mine, expires_at__gt=clock.now()).first()
            return json.loads(visit.data) if visit else None
        with scope.account(account_id):
            mine_or_none = Session.objects.filter(digest=mine, ended_at=None)
            # A digest is unique, and `first` would add an order, perhaps using another index.
            row = next(iter(mine_or_none.select_related("user", "account")), None)
            if row is None or over(row):
                return None
        row.user.account = row.account
        self.row = row
        return dict(json.loads(row.data))

    def exists(self, session_key: str) -> bool:
        """Return False: 256 random bits do not collide, and unique digests would refuse it."""
        return False

    # ---- writing

    def save(self, must_create: bool = False) -> None:
        """Save the stored data; a user who has just signed in gets a session.

        Raises:
            UpdateError: the session has ended in the meantime, or its user was disabled.
        """
        data = dict(self._get_session(no_load=must_create))  # type: ignore[attr-defined]  # Django's
        user_id = data.get(SESSION_KEY)
        if user_id is None:
            self._save_visit(json.dumps(data))
        elif self.row is None or must_create:
            self._begin(int(user_id), data)
        else:
            self._write(data=json.dumps(data))

    def create(self) -> None:
        """Start anew, as a visitor."""
        self._session_key = None
        self.row = None
        self.modified = True
        self._session_cache: dict[str, Any] = {}

    def cycle_key(self) -> None:
        """Give the browser a new cookie, so that one planted before signing in gives no access."""
        data = self._get_session()  # type: ignore[attr-defined]  # Django's
        if self.row is not None:
            self._set_key(self.row.account_id)
            self._write(digest=digest(str(self.session_key)))
        else:
            self.delete()
            self._session_key = None
        self._session_cache = data
        self.modified = True

    def delete(self, session_key: str | None = None) -> None:
        """Sign out: the row ends. A visit is removed."""
        key = session_key or self.session_key
        account_id = account_of(key)
        if account_id is None:
            return
        if not account_id:
            Visit.objects.filter(digest=digest(str(key))).delete()
            return
        with scope.account(account_id):
            ended(Session.objects.filter(digest=digest(str(key))), Ended.SIGNED_OUT)
        self.row = None

    def _save_visit(self, data: str) -> None:
        until = clock.now() + VISIT
        key = self.session_key
        mine = Visit.objects.filter(digest=digest(key or ""))
        if account_of(key) == 0 and mine.update(data=data, expires_at=until):
            return
        self._set_key(0)
        Visit.objects.create(digest=digest(str(self.session_key)), data=data, expires_at=until)

    def _begin(self, user_id: int, data: dict[str, Any]) -> None:
        with scope.everywhere("whose session begins"):
            user = User.objects.select_related("account").filter(pk=user_id).first()
        if user is None or not user.is_active:
            raise UpdateError
        self._set_key(user.account_id)
        seen, now = self.arrival, clock.now()
        with scope.account(user.account_id):
            is_new = _is_new(user, digest(seen.mark))
            self.row = Session.objects.create(
                account_id=user.account_id, user=user, digest=digest(str(self.session_key)),
                data=json.dumps(data), way=way_of(data), device=digest(seen.mark),
                browser=seen.device.browser, system=seen.device.system, form=seen.device.form,
                header=seen.header[:300], ip=seen.ip, started_ip=seen.ip, started_at=now,
                seen_at=now, proved_at=now,
            )  # fmt: skip
        self.row.user, self.row.account = user, user.account
        self.began = True
        if is_new:
            post(user, Letter.NEW_DEVICE, session=self.row.pk)

    def _write(self, **values: Any) -> None:
        assert self.row is not None  # noqa: S101 (for mypy: callers have looked)
        with scope.account(self.row.account_id):
            if not Session.objects.filter(pk=self.row.pk, ended_at=None).update(**values):
                raise UpdateError

    def _set_key(self, account_id: int) -> None:
        self._session_key = f"{account_id}-{secrets.token_urlsafe(32)}"

    # ---- what Django asks

    def get_expiry_age(self, **kwargs: Any) -> int:
        """Return the age of the cookie, in seconds: as long as the session may live."""
        if self.row is None:
            return int(VISIT.total_seconds())
        account: Account = self.row.account
        return account.session_days * 24 * 3600

    def get_expiry_date(self, **kwargs: Any) -> datetime:
        """Return the expiry date of the cookie."""
        return clock.now() + timedelta(seconds=self.get_expiry_age())

    @classmethod
    def clear_expired(cls) -> None:
        """Remove expired visits; sessions are ended by `periodic`, and kept."""
        Visit.objects.filter(expires_at__lt=clock.now()).delete()


def _is_new(user: User, device: str) -> bool:
    """Return whether a user who has signed in before does so on a device not seen before."""
    before = Session.objects.filter(user=user)
    return before.exists() and not before.filter(device=device).exists()


def way_of(data: dict[str, Any]) -> str:
    """Return how somebody signed in, from what allauth records on the way."""
    noted = data.get("account_authentication_methods") or []
    # A user who started again at the password is recorded twice.
    ways = dict.fromkeys(str(one.get("type") or one.get("method") or "") for one in noted)
    return "+".join(ways)[:40]


def account_of(key: str | None) -> int | None:
    """Return the account that a cookie's value names, 0 for a visitor; None if it is invalid."""
    number, dash, secret = (key or "").partition("-")
    if not dash or len(secret) != 43 or not number.isascii() or not number.isdecimal():
        return None
    return int(number) if len(number) < 18 else None
