"""The events that an entry of the log stands for."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from custode.exchange.webhooks import events
from custode.guard import kinds, touched_objects
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry, Outcome, TrashEntry

Items = list[tuple[str, str, int]]


def part_of(seq: int, after: int, most: int, wanted: Collection[str]) -> tuple[Items, int | None]:
    """Return events of an act: first its own, then those of the objects that it concerned.

    Args:
        after: the number of the last object of the previous part; 0 to start.
        most: the maximum number of objects.
        wanted: the events that somebody listens to.

    Returns:
        The events, and the number to continue after; None at the end.
    """
    entry = LogEntry.objects.get(seq=seq)
    details = json.loads(entry.details)
    items = [] if after else [*_itself(entry), *_settings(entry, details)]
    event, kind = _of_objects(entry)
    if event not in wanted:
        return items, None
    ids = _objects(entry, kind, after, most)
    items += [(event, kind, pk) for pk in ids]
    return items, ids[-1] if len(ids) == most else None


def _itself(entry: LogEntry) -> Items:
    if entry.outcome == Outcome.REFUSED:
        return [(events.REFUSED, "act", entry.seq)]
    if entry.outcome == Outcome.STARTED:
        return []
    items = [(events.DONE, "act", entry.seq)]
    if entry.outcome == Outcome.DONE:
        if entry.verb == Verb.PURGE:
            items.append(("trash.purged", "trash_act", entry.seq))
        elif entry.verb == Verb.RESTORE or (entry.verb == Verb.UNDO and entry.trash_id):
            items.append(("trash.restored", "trash_act", entry.seq))
    return items


def _settings(entry: LogEntry, details: dict[str, Any]) -> Items:
    """Return events of steps and default fields, whose removal only the log records."""
    if entry.verb != Verb.RETIRE or entry.outcome != Outcome.DONE:
        return []
    if details.get("field") == "step":
        return [("account.step.deleted", "step", pk) for pk in details["retired"]]
    if details.get("field") == "default_field":
        name = "updated" if details["back"] else "deleted"
        (pk,) = details["shelved"].values()
        return [(f"account.default_field.{name}", "default_field", pk)]
    return []


_BROUGHT = {
    "lead": ("lead.creation", "lead"),
    "prospect": ("prospect.created", "prospect"),
    "prospecting_list": ("prospect.created", "prospect"),
}
"""What an import brings -> the event of each object, and its kind."""


def _of_objects(entry: LogEntry) -> tuple[str, str]:
    """Return the event of each object that an act removed or brought, and its kind; "" for none."""
    if entry.outcome != Outcome.DONE:
        return "", ""
    if entry.verb == Verb.IMPORT and entry.trash_id is not None:
        return _BROUGHT.get(entry.kind, ("", ""))
    if entry.kind == "lead" and entry.verb in {Verb.DELETE, Verb.UNDO}:
        taken = TrashEntry.objects.filter(seq=entry.seq).exists()
        return ("lead.deleted", "lead") if taken else ("", "")
    return "", ""


def _objects(entry: LogEntry, kind: str, after: int, most: int) -> list[int]:
    """Return the numbers of the objects after one, even if restored or purged since."""
    if entry.verb != Verb.IMPORT:
        return touched_objects.touched_by(entry.seq, kind, after, most)
    arrived = kinds.model_of(kind).with_trashed.filter(arrived_id=entry.trash_id)
    return list(arrived.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:most])
