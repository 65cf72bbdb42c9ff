"""Operations on a session: using it, proving identity in it, and ending it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from custode.accounts import editions
from custode.accounts.editions import Feature
from custode.accounts.models import Account
from custode.guard import door
from custode.guard.kinds import Verb
from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.people.models import User
from custode.signin.api_keys import queries as keys
from custode.signin.models import AS_KEY, Ended, Session
from custode.signin.sessions.life import SEEN_EVERY, over, running

Rows = QuerySet[Session, Session]

OTHER_EDITION: Final = gettext_lazy(
    "Seeing and ending the sessions of all users is part of the Dream Team edition."
)


def touch(row: Session, ip: str) -> None:
    """Record that a session is used, and from where; at most once a minute."""
    now = clock.now()
    if now - row.seen_at >= SEEN_EVERY:
        mine = Session.objects.filter(pk=row.pk, ended_at=None, seen_at=row.seen_at)
        mine.update(seen_at=now, ip=ip)


def prove(row: Session) -> None:
    """Record that the user has just proved their identity."""
    row.proved_at = clock.now()
    Session.objects.filter(pk=row.pk, ended_at=None).update(proved_at=row.proved_at)


def end_own(user: User, pks: Iterable[int]) -> int:
    """End some of one's own sessions, and return how many."""
    mine = Session.objects.filter(user=user, pk__in=list(pks))
    return ended(mine, Ended.DISCONNECTED)


def end_own_others(user: User, this: int, why: Ended = Ended.DISCONNECTED) -> int:
    """End all of one's own sessions but this one, and return how many."""
    return ended(Session.objects.filter(user=user).exclude(pk=this), why)


def disconnect(actor: Actor, chosen: Rows, *, words: str = "") -> int:
    """End sessions of any users of the account: a sensitive act of an admin.

    Args:
        chosen: the sessions; those that are over already are skipped.
        words: the choice as one word for the log (`all`, `others`, …).

    Returns:
        The number of sessions ended.

    Raises:
        Refused: the actor is no admin, or the edition has no user sessions.
        ProofNeeded: the actor must prove their identity first.
    """
    account = Account.objects.get(pk=actor.account_id)
    if not editions.has(account.edition, Feature.USER_SESSIONS):
        door.refuse(actor, Verb.SESSIONS, "", str(OTHER_EDITION), because="edition")
    current = chosen.filter(running(account), account=account)
    found = list(current.select_related("user").order_by("-pk"))
    if not found:
        # An actor who may not do this is told so all the same, and it is logged.
        door.authorize(actor, Verb.SESSIONS, "")
        return 0
    names = list(dict.fromkeys(str(row.user) for row in found))
    details: dict[str, Any] = {"ended": [row.pk for row in found[:50]], "chosen": words}
    with door.sensitive_act(
        actor, Verb.SESSIONS, count=len(found), details=details, labels=names[:5]
    ):
        # Those that were found and counted, and none that has begun since.
        return ended(current.filter(pk__lte=found[0].pk), Ended.DISCONNECTED, by=actor.name)


def end_all_of(user: User, why: Ended, *, by: str = "", but: Sequence[int] = ()) -> int:
    """End a user's sessions, within another act (a new password, a user disabled)."""
    return ended(Session.objects.filter(user=user).exclude(pk__in=but), why, by=by)


def ended(rows: Rows, why: Ended, *, by: str = "") -> int:
    """End those of the sessions that are not over yet, effective at their very next request.

    Their stored data is removed: it was for them alone.
    """
    return rows.filter(ended_at=None).update(
        ended_at=clock.now(), ended_why=why.value, ended_by=by[:200], data="{}"
    )


def end_overdue(system: Actor) -> int:
    """End the sessions of one account that have run out, and return how many; for the job.

    Those of disabled users end too, however they were disabled: enabled again, a user has no
    session from before. So do those in which an application acts by a key that is over.
    """
    count = ended(Session.objects.filter(user__disabled_at__isnull=False), Ended.DISABLED)
    ways = [f"{AS_KEY}{pk}" for pk in keys.over().values_list("pk", flat=True)]
    count += ended(Session.objects.filter(way__in=ways), Ended.KEY)
    account = Account.objects.get(pk=system.account_id)
    for row in Session.objects.exclude(running(account)).filter(ended_at=None):
        row.account = account
        if found := over(row):
            end, why = found
            mine = Session.objects.filter(pk=row.pk, ended_at=None, seen_at=row.seen_at)
            count += mine.update(ended_at=end, ended_why=why.value, data="{}")
    return count
