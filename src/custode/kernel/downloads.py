"""The headers of a file that a browser or a program downloads."""

from __future__ import annotations

import unicodedata
from typing import Any, Protocol
from urllib.parse import quote


class Answer(Protocol):
    """Anything with headers that can be set."""

    headers: Any


def attach(answer: Answer, name: str, content_type: str) -> None:
    """Set headers so that a file is saved under a name, and not displayed, sniffed or cached.

    A name with letters beyond ASCII is sent twice, as RFC 6266 specifies: a program that does not
    understand the second uses the one without accents.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = "".join(sign for sign in plain if sign.isprintable() and sign not in '"\\')
    told = f'attachment; filename="{plain}"'
    if plain != name:
        told += f"; filename*=UTF-8''{quote(name, safe='')}"
    answer.headers["Content-Type"] = content_type
    answer.headers["Content-Disposition"] = told
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "no-store, private"
