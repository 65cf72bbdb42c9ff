"""Addresses as people type them, and as mail servers take them."""

from __future__ import annotations

import codecs
import re
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from custode.kernel.errors import Invalid

# Python loads this codec at its first use. The server forks: if a thread is loading it just then,
# the new process would wait for ever for that thread, which it does not have.
codecs.lookup("idna")

MOST: Final = 20
"""Recipients of one e-mail, copies included."""
_NAMED: Final = re.compile(r"[^<>]*<([^<>\s]+)>")
FOUND: Final = re.compile(r"(?<![\w.+-])[A-Za-z0-9_.+-]+@[\w-]+(?:\.[\w-]+)+")
"""What looks like an address within a text."""


def read(text: str, field: str) -> list[str]:
    """The addresses of a line, in order, each once; names beside them are left out.

    Raises:
        Invalid: one is no address; the sentence names it.
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
    """An address as every server takes it: its domain in ASCII.

    Raises:
        UnicodeError: it cannot be written so.
    """
    name, _at, domain = address.rpartition("@")
    name.encode("ascii")
    return f"{name}@{domain.encode('idna').decode('ascii')}"
