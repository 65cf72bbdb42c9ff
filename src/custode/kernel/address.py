"""Lenient reading of URL parameters: a value that cannot be understood is ignored."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

_ACTOR: Final = re.compile(r"[a-z]{1,10}:[0-9]{0,18}")

_YEARS: Final = range(1900, 9001)
"""The years for which databases and time zones can handle days and moments."""


def whole(text: str) -> int:
    """Return a row's number; 0 for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else 0


def actor_key(text: str) -> str:
    """Return an actor as named in URLs, `kind:id`; "" for anything else."""
    return text if _ACTOR.fullmatch(text) else ""


def words(text: str, most: int = 200) -> str:
    """Return search words, without characters that no database accepts."""
    return text.replace("\x00", "").strip()[:most]


def day(text: str) -> date | None:
    """Return the day, as a browser's date field sends it; None for an empty text.

    Raises:
        ValueError: it is not a day.
    """
    if not text.strip():
        return None
    found = date.fromisoformat(text.strip())
    if found.year not in _YEARS:
        raise ValueError(f"{text} is too far away.")
    return found


def moment(text: str) -> datetime | None:
    """Return a moment with its time zone, as Custode's pages write it; None for anything else."""
    try:
        # A plus in an address means a space.
        found = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        return None
    # A moment at the end of time cannot be told in another time zone: it overflows.
    return found if found.tzinfo is not None and found.year in _YEARS else None


def asked_day(query: Mapping[str, str], name: str, mistakes: list[str]) -> date | None:
    """Return the day that a URL has under a name; note an invalid one in `mistakes`."""
    try:
        return day(query.get(name, ""))
    except ValueError:
        mistakes.append(name)
        return None
