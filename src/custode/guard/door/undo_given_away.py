"""What an act gave away and its actor no longer sees: it is taken back only if nobody works on it.

Comments, e-mails and a list's rows leave no line in the history of what they hang on, and whoever
took it back would read them.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from custode.guard import kinds
from custode.guard.door.selection import Rows, numbers
from custode.guard.hanging import paths_to
from custode.guard.owned import Guarded
from custode.kernel.actor import Actor


def untouched(
    actor: Actor, model: type[Guarded], held: Collection[int], since: datetime
) -> list[int]:  # fmt: skip
    """Return the objects that the actor sees, or on which nothing of others' has hung since.

    Args:
        held: the numbers of the objects, locked against additions in the meantime.
        since: the moment of the act.
    """
    rows = model.objects.filter(pk__anyof=numbers(held))
    seen = set(rows.filter(model.kind.sees(actor)).values_list("pk", flat=True))
    hidden = set(held) - seen
    busy = _worked_on(actor, model, hidden, since) if hidden else set()
    return [pk for pk in held if pk not in busy]


def _worked_on(
    actor: Actor, model: type[Guarded], ids: Collection[int], since: datetime
) -> set[int]:  # fmt: skip
    """Return the objects on which something hangs that was added or changed since."""
    found: set[int] = set()
    for child in kinds.family(model)[1:]:
        # A comment may be given an earlier day, so that when it was made does not tell alone.
        rows: Rows = child.objects.filter(Q(created_at__gt=since) | Q(updated_at__gt=since))
        if actor.user_id is not None and any(one.name == "author" for one in child._meta.fields):
            # What has an author is changed by nobody else.
            rows = rows.exclude(author=actor.user_id)
        for path in paths_to(child, model):
            hanging = rows.filter(**{f"{path}__pk__anyof": numbers(ids)})
            found.update(hanging.order_by().values_list(f"{path}__pk", flat=True).distinct())
    return found
