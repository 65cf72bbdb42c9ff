"""What may happen to a session: it is used, it is proved, and it ends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from custode.accounts import editions
from custode.accounts.editions import Feature
from custode.accounts.models import Account
from custode.guard import door
from custode.guard.kinds import Verb
from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.people.models import User
from custode.signin.models import Ended, Session
from custode.signin.sessions.life import SEEN_EVERY, over

Rows = QuerySet[Session, Session]


def touch(row: Session, ip: str) -> None:
    """Note that a session is used, at most once a minute."""
    now = clock.now()
    if now - row.seen_at >= SEEN_EVERY or row.ip != ip:
        mine = Session.objects.filter(pk=row.pk, ended_at=None, seen_at=row.seen_at)
        mine.update(seen_at=now, ip=ip)


def prove(row: Session) -> None:
    """Note that the user has just proved who they are."""
    row.proved_at = clock.now()
    Session.objects.filter(pk=row.pk, ended_at=None).update(proved_at=row.proved_at)


def end_own(user: User, pks: Iterable[int]) -> int:
    """End some of one's own sessions; gives how many."""
    mine = Session.objects.filter(user=user, pk__in=list(pks))
    return ended(mine, Ended.DISCONNECTED)


def end_own_others(user: User, this: int, why: Ended = Ended.DISCONNECTED) -> int:
    """End all of one's own sessions but this one; gives how many."""
    return ended(Session.objects.filter(user=user).exclude(pk=this), why)


def disconnect(actor: Actor, chosen: Rows, *, words: str = "") -> int:
    """End sessions of any users of the account: a sensitive act of an admin.

    Args:
        chosen: which ones; those that are over already are passed over.
        words: what was chosen, in a few words for the log (`all`, `others`, …).

    Returns:
        how many were ended.

    Raises:
        Refused: the actor is no admin, or the edition has no user sessions.
        ProofNeeded: the actor must prove first who they are.
    """
    current = chosen.filter(account_id=actor.account_id, ended_at=None)
    found = list(current.select_related("user").order_by("-pk"))
    if not found:
        return 0
    names = list(dict.fromkeys(str(row.user) for row in found))
    details: dict[str, Any] = {"ended": [row.pk for row in found[:50]], "chosen": words}
    with door.deed(actor, Verb.SESSIONS, count=len(found), details=details, labels=names[:5]):
        require_edition(actor.account_id)
        return ended(
            Session.objects.filter(pk__in=[row.pk for row in found]),
            Ended.DISCONNECTED,
            by=actor.name,
        )


def require_edition(account_id: int) -> None:
    """Raise `Refused` unless the account's edition has user sessions."""
    edition = Account.objects.values_list("edition", flat=True).get(pk=account_id)
    editions.require(
        edition,
        Feature.USER_SESSIONS,
        _("Seeing and ending the sessions of all users is part of the Dream Team edition."),
    )


def end_all_of(user: User, why: Ended, *, by: str = "", but: Sequence[int] = ()) -> int:
    """End a user's sessions, within another act (a new password, a user disabled)."""
    return ended(Session.objects.filter(user=user).exclude(pk__in=but), why, by=by)


def ended(rows: Rows, why: Ended, *, by: str = "") -> int:
    """End those of the rows that are not over yet; it holds at their very next request."""
    return rows.filter(ended_at=None).update(
        ended_at=clock.now(), ended_why=why.value, ended_by=by[:200]
    )


def end_overdue(_system: Actor) -> int:
    """For the job, in one account: end the sessions that have run out; gives how many."""
    count = 0
    for row in Session.objects.filter(ended_at=None).select_related("account").iterator():
        if found := over(row):
            end, why = found
            mine = Session.objects.filter(pk=row.pk, ended_at=None, seen_at=row.seen_at)
            count += mine.update(ended_at=end, ended_why=why.value)
    return count
