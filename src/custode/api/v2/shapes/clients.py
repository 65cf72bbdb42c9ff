"""The shape of a client folder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.conf import settings
from ninja import Schema
from pydantic import Field

from custode.api import shown
from custode.clients.models import ClientFolder
from custode.clients.queries import Folders
from custode.kernel.clock import iso


class Client(Schema):
    """A client folder."""

    id: int
    name: str
    description: str
    is_active: bool = Field(description="Whether leads can be added to it.")
    created_at: str
    updated_at: str
    user_id: int | None = Field(description="The owner.")
    permalink: str


_COLUMNS: Final = (
    "id", "name", "description", "deactivated_at", "created_at", "updated_at", "owner_id",
)  # fmt: skip


def many(folders: Folders) -> list[dict[str, Any]]:
    """Return client folders in their order."""
    rows = list(folders.values(*_COLUMNS))
    shown.tell(ClientFolder.kind.name, [row["id"] for row in rows])
    return list(_shaped(rows))


def _shaped(rows: Iterable[Mapping[str, Any]]) -> Iterable[dict[str, Any]]:
    for row in rows:
        yield {
            "id": row["id"],
            "name": row["name"],
            "description": row["description"],
            "is_active": row["deactivated_at"] is None,
            "created_at": iso(row["created_at"]),
            "updated_at": iso(row["updated_at"]),
            "user_id": row["owner_id"],
            "permalink": f"{settings.URL}/clients/{row['id']}/",
        }
