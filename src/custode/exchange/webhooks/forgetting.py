"""Removes personal data that was erased from the log from webhook deliveries, too.

What is stored of deliveries, for ten days or until they are sent, reveals no more than the log.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from django.db import transaction

from custode.exchange.webhooks import events
from custode.exchange.webhooks.models import Delivery, State
from custode.guard.erasures import erased_by
from custode.guard.models import LogEntry, LogPerson
from custode.kernel import scope
from custode.kernel.actor import ActorKind
from custode.people.models import User
from custode.signin.api_keys import forgetting

AGAIN: Final = timedelta(minutes=3)
"""The time after which what was being sent is checked again: by then it is settled."""
_CHUNK: Final = 200
_NAMES: Final = ("firstname", "lastname", "email", "phone", "mobile_phone")
_OF_ACTS: Final = {*events.OF_SECURITY, "trash.restored", "trash.purged"}


def forget(account_id: int, seq: int) -> bool:
    """Remove what an act erased from deliveries, and from stored responses.

    Args:
        seq: the number of the act that erased personal data from the log.

    Returns:
        Whether all is done; otherwise some of it is being sent.
    """
    with scope.account(account_id):
        of = erased_by(LogEntry.objects.get(seq=seq))
        user = User.objects.filter(pk=of[1]).first() if of and of[0] == ActorKind.USER else None
        if user is not None:
            forgetting.forget(user)
        return _forget_deliveries(user.pk if user else None)


def _forget_deliveries(user: int | None) -> bool:
    done, last = True, 0
    while chunk := list(
        Delivery.objects.filter(pk__gt=last).order_by("pk").values_list("pk", "event", "data")
        [:_CHUNK]
    ):  # fmt: skip
        last = chunk[-1][0]
        acts = {data["id"] for _pk, event, data in chunk if event in _OF_ACTS}
        known = set(LogPerson.objects.filter(seq__in=acts).values_list("seq", flat=True))
        for pk, event, data in chunk:
            left = _without(data, user)
            if event in _OF_ACTS and data["id"] not in known:
                left = _nameless(left)
            if left != data:
                done = _put(pk, left) and done
    return done


def _put(pk: int, data: Mapping[str, Any]) -> bool:
    """Set the data of a delivery; return False while it is being sent.

    The data of a delivery is fixed, and no statement changes it: a row of the same number replaces
    it, in the same state.
    """
    with transaction.atomic():
        rows = Delivery.objects.select_for_update().filter(pk=pk)
        one = rows.exclude(state=State.SENDING).first()
        if one is None:
            return not rows.exists()
        # Compare and set: a sender that has started meanwhile has the complete data.
        if not rows.filter(state=one.state, claim=one.claim).delete()[0]:
            return False
        # The receiver's answer often repeats what it got.
        one.data, one.answer = data, ""
        one.save(force_insert=True)
    return True


def _nameless(act: Mapping[str, Any]) -> dict[str, Any]:
    """Return the data of a log entry without personal data."""
    without: dict[str, Any] = {"names": [], "reason": "", "why": None}
    told = {name: value for name, value in without.items() if name in act}
    if actor := act.get("actor"):
        told["actor"] = {**actor, **{name: "" for name in ("name", "ip") if name in actor}}
    return {**act, **told}


def _without(told: Any, user: int | None) -> Any:
    """Return the data without anything about a user but the number."""
    if isinstance(told, list):
        return [_without(one, user) for one in told]
    if not isinstance(told, dict):
        return told
    if user is not None and told.get("id") == user and {"firstname", "lastname"} <= told.keys():
        return {**told, **dict.fromkeys(_NAMES & told.keys(), "")}
    return {name: _without(value, user) for name, value in told.items()}
