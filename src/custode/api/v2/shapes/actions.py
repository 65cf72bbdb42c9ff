"""An entry of the log of sensitive actions, and the objects that it touched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from ninja import Schema
from pydantic import Field

from custode.api.v2.shapes.trash import Who, who
from custode.guard import ports
from custode.guard.door import Stands, Trail
from custode.guard.models import Change, LogEntry
from custode.kernel.actor import ActorKind
from custode.kernel.address import whole
from custode.kernel.clock import iso


class Action(Schema):
    """A sensitive act, or the refusal of one."""

    id: int
    at: str
    action: str = Field(description="`delete`, `export`, `import`, `privacy`, …")
    kind: str | None = Field(description="Of what sort of object, as `lead`.")
    outcome: str = Field(
        description="`done`, `started` (and not ended), `refused`, `broken_off` or `failed`."
    )
    count: int = Field(description="How many objects it concerned.")
    sentence: str = Field(description="What happened, for people, in the caller's language.")
    who: Who
    user_id: int | None = Field(description="The user who acted; null for anybody else.")
    names: list[str] = Field(description="Of the first few objects, or whom it concerned.")
    why: str = Field(description="Of a refusal: by which rule, or why.")
    reason: str = Field(description="What the person gave as the reason.")
    filter: str = Field(description="Of an export: which objects, in words.")
    entrance: str = Field(description="`web`, `api`, `console` or `job`.")
    device: str
    ip: str
    session_id: int | None
    about: int | None = Field(description="The entry that this one ends, sums up or undoes.")
    details: dict[str, Any] = Field(description="Facts without personal data.")
    is_erased: bool = Field(description="Whether its personal data were erased.")
    is_undoable: bool = Field(description="Whether an undo would find something to do.")
    ended_by: str | None = Field(description="`undo`, `restore` or `purge`, once all of it ended.")
    undone_count: int = Field(description="How many of its objects were taken back or restored.")


class Touched(Schema):
    """The objects of one kind that an act touched, and how they stand now."""

    kind: str
    as_left: int = Field(description="As the act left them: an undo takes them back.")
    changed: int = Field(description="Changed since: taken back only where that is asked for.")
    settled: int = Field(description="Taken back before, or again as they were.")
    trashed: int = Field(description="In the trash: to be restored first.")


class FullAction(Action):
    """An act alone."""

    objects: list[Touched]


class TouchedObject(Schema):
    """An object that an act touched: what an undo would do to it."""

    id: int
    kind: str
    name: str
    stands: str = Field(description="`as_left`, `changed`, `settled` or `trashed`.")
    trash_id: int | None = Field(description="The entry of the trash under which it lies.")
    before: str | None = Field(description="What the act found; of a relation the number.")
    after: str | None = Field(description="What the act left.")
    now: str | None = Field(description="What stands there now.")
    put_on: list[int] = Field(description="Labels that the act put on, by number.")
    taken_off: list[int]
    changed_by: Who | None = Field(description="Who changed it since.")
    changed_at: str | None
    seen: str = Field(description="To be sent back with `over`, so that nothing unseen is lost.")


class Undone(Schema):
    """What was taken back."""

    id: int = Field(description="The number of the undo, an act itself.")
    about: int
    count: int
    stayed: int = Field(description="How many are left: changed since, or others' to edit.")


def many(entries: Sequence[LogEntry]) -> list[dict[str, Any]]:
    """Entries in their order."""
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


def touched(trail: Trail) -> dict[str, Any]:
    """How the objects of one kind stand."""
    counts = trail.counts()
    return {"kind": trail.model.kind.name, **{one.value: counts.get(one, 0) for one in Stands}}


_HANDS: Final = frozenset({Stands.CHANGED, Stands.SETTLED})
"""How an object stands on which somebody has laid a hand since."""


def objects(trail: Trail, page: Sequence[Any]) -> list[dict[str, Any]]:
    """Objects that an act touched: as many queries for one as for a page."""
    latest = Change.objects.in_bulk([last for row in page if (last := trail.last_of(row))])
    labels = _labels(trail, [row.pk for row in page])
    return [_object(trail, row, latest, labels) for row in page]


def _object(
    trail: Trail, row: Any, latest: Mapping[int, Change],
    labels: Mapping[tuple[int, str], list[int]],
) -> dict[str, Any]:  # fmt: skip
    stood = trail.stood[row.pk] if trail.stood is not None else None
    before, after, now = stood.values if stood is not None else ("", "", "")
    hand = latest.get(trail.last_of(row) or 0) if Stands(row.stands) in _HANDS else None
    return {
        "id": row.pk,
        "kind": trail.model.kind.name,
        "name": str(getattr(row, trail.model.kind.label)),
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


def _labels(trail: Trail, ids: Iterable[int]) -> dict[tuple[int, str], list[int]]:
    """The labels that an act put on (`new`) or took off (`old`): object and side -> numbers."""
    found: dict[tuple[int, str], list[int]] = {}
    if trail.lines is None or trail.bulk is None or not trail.bulk.through:
        return found
    for line in trail.lines.filter(object_id__in=list(ids)).order_by("pk"):
        side = "new" if line.new else "old"
        found.setdefault((line.object_id, side), []).append(whole(getattr(line, side) or ""))
    return found
