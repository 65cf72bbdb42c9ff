"""Withdrawing, or offering again, what no column of an object points to: a field, or its choice.

Objects keep their values, so there is nothing to move; it is logged all the same, because what
people can no longer see is lost to them.
"""

from __future__ import annotations

import json
from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _

from custode.guard import lock, log, naming, policy
from custode.guard.door.acts import Act, authorized
from custode.guard.door.bulk import own
from custode.guard.door.undo_parts import WHOLE_ACT, UndoPart
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry
from custode.guard.owned import Retirable
from custode.guard.refusals import Attempt
from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.kernel.errors import Gone, Invalid


def set_retired(actor: Actor, kind: str, field: str, one: Retirable, on: bool) -> Act:
    """Withdraw such an item of a kind, or (if `on` is false) offer it again.

    Args:
        field: the item's sort, as the log names it.

    Raises:
        Gone: somebody else has done it in the meantime.
        Invalid: it is another account's; or another one of its name exists now.
        Refused: the actor is no admin.
    """
    own(actor, one)
    details = {"field": field, "shelved": {one._meta.label_lower: one.pk}, "back": not on}
    names = [str(one)[:120]]
    with authorized(actor, Verb.RETIRE, kind, Attempt(0, {"field": field, "back": not on}, names)):
        _require(one, on)
        noted = log.write(actor, Verb.RETIRE, kind=kind, labels=names, details=details)
        _set(one, on)
        return Act(0, noted.seq)


def undo_set_retired(actor: Actor, entry: LogEntry, part: UndoPart = WHOLE_ACT) -> Act:
    """Undo withdrawing an item, or offering it again.

    Args:
        part: must be the whole; such an act has no parts.

    Raises:
        Gone: it was undone already, or is in that state anyway.
        Invalid: another one of its name exists now; or a part was asked for.
        Refused: the actor is no admin.
    """
    with authorized(actor, Verb.UNDO, entry.kind, Attempt(0, {"undo": entry.seq})):
        policy.require(actor, Verb.RETIRE, entry.kind)
        part.require()
        if LogEntry.objects.filter(about=entry.seq, verb=Verb.UNDO).exists():
            raise Gone(_("This was undone before."))
        details = json.loads(entry.details)
        ((label, pk),) = details["shelved"].items()
        one: Any = apps.get_model(label)._default_manager.get(pk=pk)
        on = bool(details["back"])
        _require(one, on)
        noted = log.write(
            actor, Verb.UNDO, kind=entry.kind, about=entry.seq, labels=[str(one)[:120]],
            details={"shelved": details["shelved"]},
        )  # fmt: skip
        _set(one, on)
        return Act(0, noted.seq)


def _require(one: Retirable, on: bool) -> None:
    """Check that the item exists and is not in that state yet; lock it for the transaction."""
    naming.alone()
    now = type(one).objects.select_for_update().get(pk=one.pk)
    if (now.retired_at is not None) is on:
        raise Gone(_("Somebody has done this in the meantime."))


def _set(one: Retirable, on: bool) -> None:
    one.require_may(retire=on)
    at = clock.now() if on else None
    taken = Invalid(
        _("Something of this name was made since. Give that another name, then try again.")
    )
    with naming.unless_taken(taken), lock.opened(f"{Verb.RETIRE}:{one.account_id}"):
        type(one).objects.filter(pk=one.pk).update(retired_at=at)
    one.retired_at = at
