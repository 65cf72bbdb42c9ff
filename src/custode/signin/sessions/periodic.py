"""The periodic jobs of sign-in: sessions run out, and past ones are removed in time."""

from __future__ import annotations

from datetime import timedelta

from custode.accounts.models import Account
from custode.guard import door
from custode.guard.kinds import Verb
from custode.kernel import clock, schedule
from custode.kernel.actor import Actor
from custode.kernel.schedule import Periodic
from custode.signin import limits
from custode.signin.models import Session
from custode.signin.sessions import moves
from custode.signin.sessions.store import SessionStore


def add() -> None:
    """Register the jobs."""
    schedule.add(Periodic("end of sessions", timedelta(minutes=5), moves.end_overdue))
    schedule.add(Periodic("past sessions", timedelta(days=1), forget_past))
    schedule.add(Periodic("visitors", timedelta(minutes=30), forget_visitors))


def forget_past(system: Actor) -> int:
    """Remove an account's sessions that ended more than its months ago, and return how many."""
    months = Account.objects.values_list("sessions_kept_months", flat=True).get(
        pk=system.account_id
    )
    long_over = Session.objects.filter(ended_at__lt=clock.now() - timedelta(days=30.5 * months))
    count = long_over.count()
    if count:
        with door.sensitive_act(system, Verb.SESSIONS, count=count, details={"forgotten": count}):
            long_over.delete()
    return count


def forget_visitors(_system: Actor) -> None:
    """Remove expired visits, and limits of which nothing is used up."""
    SessionStore.clear_expired()
    limits.forget_old()
