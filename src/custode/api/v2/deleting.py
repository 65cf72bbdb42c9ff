"""Check whether the caller may delete such objects at all, before looking for any."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from custode.guard import door
from custode.guard.door import Attempt
from custode.guard.kinds import Verb
from custode.kernel.actor import Actor


def require(actor: Actor, meant: QuerySet[Any]) -> None:
    """Refuse a caller who may not delete objects like these, and log the refusal.

    A route that looked first would tell a key without the scope `delete` what exists (403) and what
    does not (404). The door asks again when the act itself passes.

    Args:
        meant: the objects to delete, as far as they exist and the actor sees them; only the log
            gets their names.

    Raises:
        Refused: the key lacks the scope, or a rule forbids it.
    """
    kind = meant.model.kind

    def names() -> list[str]:
        """Return the names for the log."""
        return [str(name)[:120] for name in meant.values_list(kind.label, flat=True)[:1]]

    door.check_policy(actor, Verb.DELETE, kind.name, Attempt(1, labels=names))
