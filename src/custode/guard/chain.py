"""What an entry of the log must carry, computed from its columns: the links of the chain."""

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
"""The columns that an entry's hash covers, besides its time, which stands behind them."""

_TEMPLATE: Final = "\n".join(f"{name}=%s" for name in (*HASHED, "at"))


def canonical(data: Mapping[str, Any]) -> str:
    """JSON in the one form that is hashed."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(salt: str, data: str) -> str:
    """What an entry says of its personal data."""
    return hashlib.sha256(f"{salt}\n{data}".encode("utf-8", "surrogatepass")).hexdigest()


def hash_of(entry: LogEntry) -> str:
    """The hash that an entry must carry."""
    return hash_of_row((*(getattr(entry, name) for name in HASHED), moment(entry.at)))


def hash_of_row(row: tuple[Any, ...]) -> str:
    """The same, of the bare values of `HASHED` and of the time as `moment` gives it."""
    return hashlib.sha256((_TEMPLATE % row).encode("utf-8", "surrogatepass")).hexdigest()


def moment(at: datetime) -> str:
    """A time as it is hashed."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
