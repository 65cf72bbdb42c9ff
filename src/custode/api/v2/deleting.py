"""Asking whether somebody may delete such things at all, before any is looked for."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from custode.guard import door
from custode.guard.door import Tried
from custode.guard.kinds import Verb
from custode.kernel.actor import Actor


def require(actor: Actor, meant: QuerySet[Any]) -> None:
    """Refuse, and log, who may not delete things like these.

    A route that looked first would tell a key without the scope `delete` what is there (403) and
    what is not (404). The door asks again when the act itself passes.

    Args:
        meant: what is to be deleted, if it is there and the actor sees it; its name is told to the
            log alone.

    Raises:
        Refused: the key lacks the scope, or a rule forbids it.
    """
    kind = meant.model.kind

    def names() -> list[str]:
        return [str(name)[:120] for name in meant.values_list(kind.label, flat=True)[:1]]

    door.look(actor, Verb.DELETE, kind.name, Tried(1, labels=names))
