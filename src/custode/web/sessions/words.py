"""Sessions in words: the device, how it signed in, and when, why and by whom it was ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from custode.accounts.models import Account
from custode.guard.display_names import display_name
from custode.kernel.address import whole
from custode.signin import devices
from custode.signin.api_keys.models import ApiKey
from custode.signin.models import AS_KEY, BY_TOKEN, Ended, Session
from custode.signin.sessions.life import over
from custode.web.shell.words import exact

_ICONS: Final = {"desktop": "monitor", "phone": "smartphone", "tablet": "tablet"}

_WAYS: Final = {
    "password": gettext_lazy("Password"),
    "password+totp": gettext_lazy("Password and code"),
    "password+passkey": gettext_lazy("Password and passkey"),
    "password+recovery": gettext_lazy("Password and recovery code"),
    "passkey": gettext_lazy("Passkey"),
    BY_TOKEN: gettext_lazy("API token"),
}

_ENDS: Final = {
    Ended.SIGNED_OUT: gettext_lazy("Signed out"),
    Ended.IDLE: gettext_lazy("Not used for too long"),
    Ended.EXPIRED: pgettext_lazy("of a session", "Expired"),
    Ended.PASSWORD: gettext_lazy("Password changed"),
    Ended.DISABLED: gettext_lazy("User disabled"),
    Ended.TWO_FACTOR: gettext_lazy("Two-factor authentication changed"),
    Ended.NOT_ME: gettext_lazy("The user said: this was not me"),
    Ended.KEY: gettext_lazy("API key expired"),
}
_ENDS_BY: Final = {
    Ended.DISCONNECTED: gettext_lazy("Disconnected by %(name)s"),
    Ended.KEY: gettext_lazy("API key revoked by %(name)s"),
    Ended.PASSWORD: gettext_lazy("Password changed by %(name)s"),
    Ended.DISABLED: gettext_lazy("User disabled by %(name)s"),
    Ended.TWO_FACTOR: gettext_lazy("Two-factor authentication changed by %(name)s"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A session as a row shows it.

    Args:
        kind: the kind of device, in a word; `icon` shows the same.
        is_this: whether it is the present session.
        ended_at, why: only for a past session.
    """

    it: Session
    device: str
    kind: str
    icon: str
    way: str
    ip: str
    is_this: bool
    ended_at: datetime | None
    why: str

    @property
    def is_current(self) -> bool:
        """Tell whether it is still valid."""
        return self.ended_at is None

    @property
    def can_be_ended(self) -> bool:
        """Tell whether it may be disconnected here; this device signs out instead."""
        return self.is_current and not self.is_this


def shown(row: Session, this: int, *, is_own: bool = False) -> Shown:
    """Return a session in words.

    Args:
        row: the session, read with its user and its account.
        this: the number of the present session.
        is_own: whether it is shown to its own user.
    """
    run_out = None if row.ended_at else over(row)
    ended_at, why = run_out or (row.ended_at, row.ended_why)
    return Shown(
        it=row,
        device=device(row),
        kind=str(devices.FORMS.get(row.form, "")),
        icon=_ICONS.get(row.form, "square-terminal"),
        way=way(row.way),
        ip=row.ip or row.started_ip,
        is_this=row.pk == this,
        ended_at=ended_at,
        why=_why(row, Ended(why), is_own) if ended_at else "",
    )


def device(row: Session) -> str:
    """Return the device, for example “Chrome on Windows”."""
    return devices.words(row.browser, row.system) or _("Unknown device")


def way(noted: str) -> str:
    """Return how somebody signed in, in words."""
    if not noted:
        return ""
    if noted.startswith(AS_KEY):
        key = ApiKey.objects.filter(pk=whole(noted.removeprefix(AS_KEY))).first()
        return _("API, by “%(key)s” in this person's name") % {"key": key}
    return str(_WAYS[noted]) if noted in _WAYS else _("In another way")


def named(row: Session) -> str:
    """Name a session: “Chrome on Windows of Ugo Conti, since 12 November 2026, 09:10”."""
    return _("%(device)s of %(name)s, since %(when)s") % {
        "device": device(row), "name": row.user, "when": exact(row.started_at),
    }  # fmt: skip


def session_named(number: int) -> str:
    """Name the session with this number; "" if there is none."""
    if not number:
        return ""
    row = Session.objects.select_related("user").filter(pk=number).first()
    return named(row) if row is not None else _("a session that is no longer kept")


def unused(account: Account) -> str:
    """Return how long a device may be unused: “7 days”."""
    days, hours = divmod(account.idle_hours, 24)
    if hours:
        n = account.idle_hours
        return ngettext("%(n)s hour", "%(n)s hours", n) % {"n": n}
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}


def _why(row: Session, why: Ended, is_own: bool) -> str:
    if why == Ended.DISCONNECTED and is_own and not row.ended_by:
        return _("Disconnected by you")
    if why == Ended.DISCONNECTED or (row.ended_by and why in _ENDS_BY):
        return _ENDS_BY[why] % {"name": display_name(row.ended_by) or row.user}
    return str(_ENDS[why])
