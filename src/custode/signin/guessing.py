"""Logs that somebody seems to be guessing a password or a code, at the last allowed attempt.

The limits stop the guessing; this lets an admin see that it happened, whom it targeted, and from
where.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from django.utils.translation import gettext as _
from django_tasks import task

from custode.guard import refusals
from custode.guard.kinds import Verb
from custode.guard.refusals import Attempt
from custode.kernel import scope
from custode.kernel.actor import Actor, Origin
from custode.kernel.errors import Refused
from custode.people.models import User
from custode.signin.sessions.store import Arrival, SessionStore

PASSWORD: Final = "password"  # noqa: S105  # what was guessed, not a password
CODE: Final = "code"
PROOF: Final = "proof"


def at_password(email: str, arrival: Arrival) -> None:
    """Let a job log it: the address is not looked up here, so nobody learns whether it exists."""
    _tell_whom_it_concerns.enqueue(email[:254], arrival.ip, arrival.header[:300])


@task()
def _tell_whom_it_concerns(email: str, ip: str, device: str) -> None:
    with scope.everywhere("whose password is being guessed"):
        user = User.objects.filter(email=email.strip().lower()).first()
    if user is not None:
        tell(user, PASSWORD, Origin(ip, device))


JOB: Final = _tell_whom_it_concerns.module_path
"""What the list of jobs calls it."""


def tell(user: User, what: str, origin: Origin) -> None:
    """Log it in the user's account on nobody's behalf: who guesses is not known.

    Args:
        what: PASSWORD, CODE or PROOF.
    """
    nobody = replace(Actor.system(user.account_id, "sign-in"), origin=origin)
    why = Refused(_("Too many attempts."), because="guessing")
    tried = Attempt(0, {"guessed": what}, [user.get_full_name()])
    with scope.account(user.account_id):
        refusals.refused(nobody, Verb.SIGN_IN, "", why, tried)


def origin_of(session: SessionStore) -> Origin:
    """Return where a request of this session comes from."""
    arrival, row = session.arrival, session.row
    return Origin(arrival.ip, arrival.header[:300], str(row.pk) if row else "")
