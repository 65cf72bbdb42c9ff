"""The shape of an entry in the log of sensitive actions, and of the objects that it touched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from ninja import Schema
from pydantic import Field

from custode.api.v2.shapes.trash import Who, who
from custode.guard import ports
from custode.guard.door import UndoPreview, UndoStatus
from custode.guard.models import Change, LogEntry
from custode.kernel.actor import ActorKind
from custode.kernel.address import whole
from custode.kernel.clock import iso


class Action(Schema):
    """A sensitive action, or the refusal of one."""

    id: int
    at: str
    action: str = Field(description="`delete`, `export`, `import`, `privacy`, …")
    kind: str | None = Field(description="The kind of object, for example `lead`.")
    outcome: str = Field(
        description="`done`, `started` (and not finished), `refused`, `broken_off` or `failed`."
    )
    count: int = Field(description="How many objects it affected.")
    sentence: str = Field(description="What happened, in words, in the caller's language.")
    who: Who
    user_id: int | None = Field(description="The user who acted; null for any other actor.")
    names: list[str] = Field(
        description="Names of the first few objects, or of the person concerned."
    )
    why: str = Field(description="For a refusal: the rule, or the reason.")
    reason: str = Field(description="The reason that the person gave.")
    filter: str = Field(description="For an export: which objects, in words.")
    entrance: str = Field(description="`web`, `api`, `console` or `job`.")
    device: str
    ip: str
    session_id: int | None
    about: int | None = Field(
        description="The entry that this one completes, summarizes or undoes."
    )
    details: dict[str, Any] = Field(description="Facts without personal data.")
    is_erased: bool = Field(description="Whether its personal data were erased.")
    is_undoable: bool = Field(description="Whether an undo would change anything.")
    ended_by: str | None = Field(
        description="`undo`, `restore` or `purge`, if all of it has been reversed or purged."
    )
    undone_count: int = Field(description="How many of its objects were undone or restored.")


class Touched(Schema):
    """The objects of one kind that an action touched, and their present state."""

    kind: str
    as_left: int = Field(description="Still as the action left them: an undo reverts them.")
    changed: int = Field(description="Changed since: an undo reverts them only on request.")
    settled: int = Field(description="Already reverted, or back to their former values.")
    trashed: int = Field(description="In the trash: they must be restored first.")


class FullAction(Action):
    """An action with the state of its objects."""

    objects: list[Touched]


class TouchedObject(Schema):
    """An object that an action touched: what an undo would do to it."""

    id: int
    kind: str
    name: str
    stands: str = Field(description="`as_left`, `changed`, `settled` or `trashed`.")
    trash_id: int | None = Field(description="The entry of the trash that contains it.")
    before: str | None = Field(
        description="The value before the action; for a relation its number."
    )
    after: str | None = Field(description="The value after the action.")
    now: str | None = Field(description="The present value.")
    put_on: list[int] = Field(description="Labels that the action added, by number.")
    taken_off: list[int]
    changed_by: Who | None = Field(description="Who has changed it since.")
    changed_at: str | None
    seen: str = Field(
        description="Send this back in `over`, so that no unseen change is overwritten."
    )


class Undone(Schema):
    """The result of an undo."""

    id: int = Field(description="The number of the undo, which is an action itself.")
    about: int
    count: int
    stayed: int = Field(
        description="How many were left alone: changed since, or not the caller's to edit."
    )


def many(entries: Sequence[LogEntry]) -> list[dict[str, Any]]:
    """Return entries in their order."""
    told = ports.tell_entries(entries)
    return [_shape(entry, words) for entry, words in zip(entries, told, strict=True)]


def _shape(entry: LogEntry, words: Mapping[str, Any]) -> dict[str, Any]:
    facts = words["facts"]
    is_user = entry.actor_kind == ActorKind.USER
    return {
        "id": entry.seq,
        "at": iso(entry.at),
        "action": entry.verb,
        "kind": entry.kind or None,
        "outcome": entry.outcome,
        "count": entry.count,
        "sentence": words["sentence"],
        "who": who(entry.actor_kind, entry.actor_id, words["who"]),
        "user_id": entry.actor_id if is_user else None,
        "names": facts["names"],
        "why": words["why"],
        "reason": words["reason"],
        "filter": words["filter"],
        "entrance": entry.entrance,
        "device": words["device"],
        "ip": words["ip"],
        "session_id": whole(entry.session) or None,
        "about": entry.about,
        "details": facts["details"],
        "is_erased": facts["erased"],
        "is_undoable": facts["undoable"],
        "ended_by": facts["ended_by"] or None,
        "undone_count": facts["undone"],
    }


def touched(preview: UndoPreview) -> dict[str, Any]:
    """Return how many objects of one kind are in each state."""
    counts = preview.counts()
    return {
        "kind": preview.model.kind.name,
        **{one.value: counts.get(one, 0) for one in UndoStatus},
    }


_HANDS: Final = frozenset({UndoStatus.CHANGED, UndoStatus.SETTLED})
"""The states of objects that somebody has changed since the action."""


def objects(preview: UndoPreview, page: Sequence[Any]) -> list[dict[str, Any]]:
    """Return objects that an action touched; a page takes as many queries as one object."""
    latest = Change.objects.in_bulk([last for row in page if (last := preview.last_of(row))])
    labels = _labels(preview, [row.pk for row in page])
    return [_object(preview, row, latest, labels) for row in page]


def _object(
    preview: UndoPreview, row: Any, latest: Mapping[int, Change],
    labels: Mapping[tuple[int, str], list[int]],
) -> dict[str, Any]:  # fmt: skip
    stood = preview.states[row.pk] if preview.states is not None else None
    before, after, now = stood.values if stood is not None else ("", "", "")
    hand = latest.get(preview.last_of(row) or 0) if UndoStatus(row.stands) in _HANDS else None
    return {
        "id": row.pk,
        "kind": preview.model.kind.name,
        "name": str(getattr(row, preview.model.kind.label)),
        "stands": str(row.stands),
        "trash_id": row.trash_id,
        "before": before or None,
        "after": after or None,
        "now": now or None,
        "put_on": labels.get((row.pk, "new"), []),
        "taken_off": labels.get((row.pk, "old"), []),
        "changed_by": who(hand.actor_kind, hand.actor_id, hand.actor_name) if hand else None,
        "changed_at": iso(hand.at) if hand else None,
        "seen": row.seen if stood is None else stood.seen,
    }


def _labels(preview: UndoPreview, ids: Iterable[int]) -> dict[tuple[int, str], list[int]]:
    """Return the labels that an action added (`new`) or removed (`old`), by object and side."""
    found: dict[tuple[int, str], list[int]] = {}
    if preview.lines is None or preview.bulk is None or not preview.bulk.through:
        return found
    for line in preview.lines.filter(object_id__in=list(ids)).order_by("pk"):
        side = "new" if line.new else "old"
        found.setdefault((line.object_id, side), []).append(whole(getattr(line, side) or ""))
    return found
