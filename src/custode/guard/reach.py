"""Whether one object is within an actor's reach, by the conditions that the database has for many.

Reach does not depend on the trash: that an object lives is checked where it is locked
(`history.hold`).
"""

from __future__ import annotations

from django.db.models import Q

from custode.guard.owned import Guarded
from custode.kernel.actor import Actor


def sees(actor: Actor, one: Guarded) -> bool:
    """Return whether the actor sees this object when it is not in the trash."""
    return meets(one, one.kind.sees(actor))


def edits(actor: Actor, one: Guarded) -> bool:
    """Return whether the actor may edit this object when it is not in the trash."""
    return meets(one, one.kind.edits(actor))


def meets(one: Guarded, condition: Q) -> bool:
    """Return whether an object meets a condition; an empty condition takes no query."""
    return not condition or type(one).with_trashed.filter(condition, pk=one.pk).exists()
