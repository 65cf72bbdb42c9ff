"""Parses e-mail addresses that people type, and converts them for mail servers."""

from __future__ import annotations

import codecs
import re
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from custode.kernel.errors import Invalid

# Python loads this codec on first use. The server forks: if a thread is loading it at that moment,
# the new process would wait forever for that thread, which it does not have.
codecs.lookup("idna")

MOST: Final = 20
"""The maximum number of recipients of one e-mail, copies included."""
_NAMED: Final = re.compile(r"[^<>]*<([^<>\s]+)>")
FOUND: Final = re.compile(r"(?<![\w.+-])[A-Za-z0-9_.+-]+@[\w-]+(?:\.[\w-]+)+")
"""Matches what looks like an address within a text."""


def read(text: str, field: str) -> list[str]:
    """Return the addresses on a line, in order, each once; names beside them are dropped.

    Raises:
        Invalid: one is not an address; the message names it.
    """
    found: dict[str, str] = {}
    for part in re.split(r"[,;\n]", text.replace("\x00", "").replace("\r", "\n")):
        if part.strip():
            one = _address(part.strip(), field)
            found.setdefault(one.lower(), one)
    return list(found.values())


def _address(text: str, field: str) -> str:
    match = _NAMED.fullmatch(text)
    one = match[1] if match else text
    try:
        validate_email(one)
        ascii_only(one)
    except (ValidationError, UnicodeError) as error:
        raise Invalid(
            _("“%(text)s” is not an e-mail address.") % {"text": text[:120]}, field=field
        ) from error
    return one


def ascii_only(address: str) -> str:
    """Return an address that every server accepts: its domain in ASCII.

    Raises:
        UnicodeError: it cannot be converted.
    """
    name, _at, domain = address.rpartition("@")
    name.encode("ascii")
    return f"{name}@{domain.encode('idna').decode('ascii')}"
