"""Computes what an entry of the log must carry from its columns: the links of the hash chain."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from custode.guard.models import LogEntry

HASHED: Final = (
    "account_id", "seq", "verb", "kind", "outcome", "count", "actor_kind", "actor_id",
    "entrance", "session", "trash_id", "about", "details", "person_digest", "previous",
)  # fmt: skip
"""The columns that an entry's hash covers; the time comes after them."""

_TEMPLATE: Final = "\n".join(f"{name}=%s" for name in (*HASHED, "at"))


def canonical(data: Mapping[str, Any]) -> str:
    """Return JSON in the canonical form that is hashed."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(salt: str, data: str) -> str:
    """Return the digest of its personal data that an entry carries."""
    return hashlib.sha256(f"{salt}\n{data}".encode("utf-8", "surrogatepass")).hexdigest()


def hash_of(entry: LogEntry) -> str:
    """Return the hash that an entry must carry."""
    return hash_of_row((*(getattr(entry, name) for name in HASHED), moment(entry.at)))


def hash_of_row(row: tuple[Any, ...]) -> str:
    """Return the same from the plain values of `HASHED` and the time in the form of `moment`."""
    return hashlib.sha256((_TEMPLATE % row).encode("utf-8", "surrogatepass")).hexdigest()


def moment(at: datetime) -> str:
    """Return a time in the form that is hashed."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
