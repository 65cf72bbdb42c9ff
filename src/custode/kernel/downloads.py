"""What is said of a file that a browser or a program downloads."""

from __future__ import annotations

import unicodedata
from typing import Any, Protocol
from urllib.parse import quote


class Answer(Protocol):
    """Whatever has headers that can be set."""

    headers: Any


def attach(answer: Answer, name: str, content_type: str) -> None:
    """Have a file kept under a name, never opened, guessed at, or stored elsewhere.

    A name with letters beyond ASCII is told twice, as RFC 6266 has it: a program that knows no
    better takes the one without accents.
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
