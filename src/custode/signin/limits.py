"""Rate limits: how often something may be attempted, in a table of named limits.

A limit is a bucket that refills steadily (the generic cell rate algorithm, GCRA): one timestamp for
each subject, advanced by compare-and-set in the database, so that all processes share it. Subjects
are identified by a keyed digest: no address and no name is stored. When the database cannot say how
much is left, the answer is no.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from custode.kernel import clock
from custode.kernel.errors import TooMany
from custode.signin.models import Limit


@dataclass(frozen=True, slots=True)
class Allowance:
    """A named limit.

    Args:
        name: its purpose; part of the key, so that limits do not affect each other.
        tries: how many at once, when nothing has been used.
        within: the time in which all of them are restored.
    """

    name: str
    tries: int
    within: timedelta

    @property
    def step(self) -> timedelta:
        """The time in which one try is restored."""
        return self.within / self.tries


_QUARTER, _HOUR, _DAY = timedelta(minutes=15), timedelta(hours=1), timedelta(days=1)

# A person on a device that they have signed in on before has separate tries, so that a stranger who
# tries an admin's address uses up the strangers' tries and never the admin's.
PASSWORD_KNOWN: Final = Allowance("password, from a known device", 10, _QUARTER)
PASSWORD_STRANGER: Final = Allowance("password, from one strange address", 5, _QUARTER)
PASSWORD_STRANGERS: Final = Allowance("password, from all strange addresses", 50, _HOUR)
ADDRESS: Final = Allowance("sign-in, by one address", 100, _QUARTER)
CODE_KNOWN: Final = Allowance("code, on a known device", 10, _QUARTER)
CODE_STRANGER: Final = Allowance("code, on strange devices", 10, _HOUR)
# Apart from `ADDRESS`: any page of the web can make a browser send such a request without a cookie,
# and must not use up the tries of an office's passwords by that.
VISIT: Final = Allowance("visits begun for a passkey, by one address", 100, _QUARTER)
PROOF: Final = Allowance("proof of identity", 10, _QUARTER)
RESET_MAIL: Final = Allowance("reset, mails to one person", 3, _HOUR)
RESET_ADDRESS: Final = Allowance("reset, asked for from one address", 20, _HOUR)
ADDRESS_CHANGE: Final = Allowance("change of address", 5, _DAY)
EMAILS: Final = Allowance("e-mails from leads, by one person", 200, _HOUR)
BUTTONS: Final = Allowance("webhooks by hand, by one person", 200, _HOUR)
MAIL_TRIAL: Final = Allowance("tests of the mail server, by one account", 10, _QUARTER)
WRONG_KEYS: Final = Allowance("wrong API keys and tokens, from one address", 60, _QUARTER)

ATTEMPTS: Final = 8
"""How often an update is retried when another process changed the same row first."""


def spend(allowance: Allowance, *who: object) -> int:
    """Use up one try.

    Args:
        who: the subject; the parts together identify it.

    Returns:
        How many are left.

    Raises:
        TooMany: there is none left; the sentence says how long to wait.
    """
    key = _key(allowance, who)
    for _attempt in range(ATTEMPTS):
        now = clock.now()
        row = Limit.objects.filter(key=key).first()
        free_at = max(row.free_at, now) if row else now
        after = free_at + allowance.step
        if after - now > allowance.within:
            raise _too_many(after - now - allowance.within)
        if row is None:
            moved = _first(key, after)
        else:
            moved = bool(Limit.objects.filter(key=key, free_at=row.free_at).update(free_at=after))
        if moved:
            return int((allowance.within - (after - now)) / allowance.step)
    raise _too_many(allowance.step)


def _first(key: str, free_at: datetime) -> bool:
    try:
        with transaction.atomic():
            Limit.objects.create(key=key, free_at=free_at)
    except IntegrityError:
        return False
    return True


def left(allowance: Allowance, *who: object) -> int:
    """Return how many tries are left now."""
    row = Limit.objects.filter(key=_key(allowance, who)).first()
    used = max(timedelta(), row.free_at - clock.now()) if row else timedelta()
    return int((allowance.within - used) / allowance.step)


def forgive(allowance: Allowance, *who: object) -> None:
    """Restore all tries: whoever succeeded was not guessing."""
    Limit.objects.filter(key=_key(allowance, who)).delete()


def forget_old() -> None:
    """Remove rows of which nothing is used up; for the job."""
    Limit.objects.filter(free_at__lt=clock.now()).delete()


def _key(allowance: Allowance, who: tuple[object, ...]) -> str:
    told = "\n".join([allowance.name, *map(str, who)])
    return hmac.new(settings.SECRET_KEY.encode(), told.encode(), hashlib.sha256).hexdigest()


def _too_many(wait: timedelta) -> TooMany:
    seconds = max(1, int(wait.total_seconds()) + 1)
    minutes = -(-seconds // 60)
    if seconds < 60:
        span = ngettext("%(n)s second", "%(n)s seconds", seconds) % {"n": seconds}
    else:
        span = ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    return TooMany(
        _("Too many attempts. Wait %(span)s and try again.") % {"span": span}, wait=seconds
    )
