"""Who asked for the address that is pending for a user, and whether they may still ask for it.

An order outlives whoever gave it: its link works for days. So what is confirmed counts only if the
one who asked could ask for it at that moment too. The log tells who it was.
"""

from __future__ import annotations

from django.db.models import Q

from custode.guard.kinds import Verb
from custode.guard.log import canonical
from custode.guard.models import LogEntry, Outcome
from custode.kernel import scope
from custode.kernel.actor import ActorKind
from custode.people.models import Role, User
from custode.signin.api_keys import queries as keys


def still_stands(user: User) -> bool:
    """Return whether the pending address was asked for by the user, or by who may so now.

    An admin who was disabled since may not, even enabled again: nothing from before comes back.
    """
    with scope.account(user.account_id):
        asked = LogEntry.objects.filter(
            verb=Verb.SIGN_IN.value, kind="", outcome=Outcome.DONE,
            details=canonical({"address_asked": user.pk}),
        )  # fmt: skip
        entry = asked.order_by("-seq").first()
        return entry is not None and (_is_own(entry, user) or _may_still(entry))


def _is_own(entry: LogEntry, user: User) -> bool:
    return entry.actor_kind == ActorKind.USER and entry.actor_id == user.pk


def _may_still(entry: LogEntry) -> bool:
    if entry.actor_kind == ActorKind.KEY:
        return keys.usable().filter(pk=entry.actor_id or 0).exists()
    if entry.actor_kind == ActorKind.USER:
        admins = User.objects.filter(pk=entry.actor_id or 0, role=Role.ADMIN, disabled_at=None)
        return admins.filter(Q(enabled_at=None) | Q(enabled_at__lt=entry.at)).exists()
    # Whoever runs commands on the machine is nobody's admin and leaves no account.
    return entry.actor_kind == ActorKind.OPERATOR
