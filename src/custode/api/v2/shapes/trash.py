"""An entry of the trash, and what lies under it."""

from __future__ import annotations

from typing import Any

from ninja import Schema
from pydantic import Field

from custode.guard.hands import hand
from custode.guard.models import TrashEntry
from custode.guard.owned import Guarded
from custode.kernel.actor import ActorKind
from custode.kernel.clock import iso


class Who(Schema):
    """Who acted: a user, an application by its key, the operator, or the program itself."""

    kind: str = Field(description="`user`, `key`, `operator` or `system`.")
    id: int | None
    name: str


class ListedTrash(Schema):
    """What one act took away."""

    id: int
    kind: str = Field(description="What sort of object, as `lead`.")
    count: int = Field(description="How many of that kind lie here.")
    names: list[str] = Field(description="Of the first few.")
    along: dict[str, int] = Field(description="What went along: kind and how many.")
    deleted_at: str
    deleted_by: Who
    user_id: int | None = Field(description="The user who deleted; null for anybody else.")
    purge_at: str | None = Field(description="When it is deleted for ever by itself.")
    action_id: int = Field(description="The number of the act in `/sensitive_actions`.")


class FullTrash(ListedTrash):
    """An entry alone."""

    goes_along: dict[str, int] = Field(
        description="What a purge deletes for ever besides: kind and how many."
    )


class Lying(Schema):
    """An object in the trash."""

    id: int
    kind: str
    name: str


class Restored(Schema):
    """What came back."""

    id: int = Field(description="The entry of the trash.")
    kind: str
    count: int
    is_empty: bool = Field(description="Whether nothing is left under the entry.")
    action_id: int
    above: list[int] = Field(
        description="Entries under which still lies what the restored hangs on; restore them too."
    )


class Purged(Schema):
    """What was deleted for ever."""

    id: int
    kind: str
    count: int
    along: dict[str, int]
    action_id: int


def who(kind: str, number: int | None, name: str) -> dict[str, Any]:
    """Who acted."""
    return {"kind": kind, "id": number, "name": hand(name)}


def shape(entry: TrashEntry) -> dict[str, Any]:
    """An entry."""
    is_user = entry.actor_kind == ActorKind.USER
    return {
        "id": entry.pk,
        "kind": entry.kind,
        "count": entry.count,
        "names": [str(one) for one in entry.labels],
        "along": entry.along,
        "deleted_at": iso(entry.at),
        "deleted_by": who(entry.actor_kind, entry.actor_id, entry.actor_name),
        "user_id": entry.actor_id if is_user else None,
        "purge_at": iso(entry.purge_at),
        "action_id": entry.seq,
    }


def lying(row: Guarded) -> dict[str, Any]:
    """An object under an entry."""
    name = str(getattr(row, row.kind.label))
    return {"id": row.pk, "kind": row.kind.name, "name": name}
