"""The current time, read in one place so that tests can set it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_frozen: ContextVar[datetime | None] = ContextVar("custode_clock", default=None)


def now() -> datetime:
    """Return the present moment, timezone-aware, in UTC."""
    return _frozen.get() or datetime.now(UTC)


def frozen() -> datetime | None:
    """Return the moment that a test has set; None while time passes."""
    return _frozen.get()


def iso(moment: datetime | None) -> str | None:
    """Return a moment in ISO format: UTC, with milliseconds and `Z`; None for None."""
    if moment is None:
        return None
    told = moment.astimezone(UTC)
    return told.strftime("%Y-%m-%dT%H:%M:%S.") + f"{told.microsecond // 1000:03d}Z"


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Set the time to `moment` within this block; for tests."""
    token = _frozen.set(moment)
    try:
        yield
    finally:
        _frozen.reset(token)
