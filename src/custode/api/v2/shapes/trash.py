"""The shapes of an entry of the trash and of the objects in it."""

from __future__ import annotations

from typing import Any

from ninja import Schema
from pydantic import Field

from custode.guard.display_names import display_name
from custode.guard.models import TrashEntry
from custode.guard.owned import Guarded
from custode.kernel.actor import ActorKind
from custode.kernel.clock import iso


class Who(Schema):
    """An actor: a user, an application by its key, the operator, or Custode itself."""

    kind: str = Field(description="`user`, `key`, `operator` or `system`.")
    id: int | None
    name: str


class ListedTrash(Schema):
    """The objects that one act deleted."""

    id: int
    kind: str = Field(description="The kind of object, for example `lead`.")
    count: int = Field(description="How many objects of that kind it contains.")
    names: list[str] = Field(description="Names of the first few.")
    along: dict[str, int] = Field(
        description="What else was deleted along with them: kind and number."
    )
    deleted_at: str
    deleted_by: Who
    user_id: int | None = Field(description="The user who deleted; null for any other actor.")
    purge_at: str | None = Field(description="When it will be deleted permanently.")
    action_id: int = Field(description="The number of the act in `/sensitive_actions`.")


class FullTrash(ListedTrash):
    """An entry with what a purge would delete."""

    goes_along: dict[str, int] = Field(
        description="What else a purge deletes permanently: kind and number."
    )


class Lying(Schema):
    """An object in the trash."""

    id: int
    kind: str
    name: str


class Restored(Schema):
    """The result of restoring."""

    id: int = Field(description="The entry of the trash.")
    kind: str
    count: int
    is_empty: bool = Field(description="Whether nothing is left in the entry.")
    action_id: int
    above: list[int] = Field(
        description="Entries that still contain parents of the restored objects; restore them too."
    )


class Purged(Schema):
    """The result of deleting permanently."""

    id: int
    kind: str
    count: int
    along: dict[str, int]
    action_id: int


def who(kind: str, number: int | None, name: str) -> dict[str, Any]:
    """Return an actor."""
    return {"kind": kind, "id": number, "name": display_name(name)}


def shape(entry: TrashEntry) -> dict[str, Any]:
    """Return an entry."""
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
    """Return an object in an entry."""
    name = str(getattr(row, row.kind.label))
    return {"id": row.pk, "kind": row.kind.name, "name": name}
