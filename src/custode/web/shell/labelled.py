"""The `Label: value` lines of a description as fields, linked if a value is an address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from custode.kernel.text import labelled_lines

_MAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
_PHONE: Final = re.compile(r"\+?[\d ()/.-]{6,24}")
_HOST: Final = re.compile(r"www\.[\w-]+(\.[\w-]+)+(/\S*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A field; `link` is where its value leads ("" for nowhere); `web` is for another site."""

    label: str
    value: str
    link: str = ""
    web: bool = False


def fields(description: str) -> list[Labelled]:
    """Return the fields of a description, in order."""
    return [_field(label, value) for label, value in labelled_lines(description).items()]


def rest(description: str) -> str:
    """Return the description without the lines that are shown as fields."""
    known = labelled_lines(description)
    kept = (line for line in description.splitlines() if not _is_field(line, known))
    return "\n".join(kept).strip("\n")


def _is_field(line: str, known: dict[str, str]) -> bool:
    return any(known.get(label) == value for label, value in labelled_lines(line).items())


def _field(label: str, value: str) -> Labelled:
    if _is_web(value):
        return Labelled(label, value, value, web=True)
    if _HOST.fullmatch(value):
        return Labelled(label, value, f"https://{value}", web=True)
    if _MAIL.fullmatch(value):
        return Labelled(label, value, f"mailto:{value}")
    if _PHONE.fullmatch(value) and sum(c.isdigit() for c in value) >= 6 and _starts(value):
        return Labelled(label, value, "tel:" + re.sub(r"[^\d+]", "", value))
    return Labelled(label, value)


def _starts(value: str) -> bool:
    """Tell whether a value may be a phone number: dates and amounts rarely begin with + or 0."""
    return value[:1] in {"+", "0", "("}


def _is_web(value: str) -> bool:
    """Tell whether a value is a web address; only two schemes, so that no link can run code."""
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc) and " " not in value
