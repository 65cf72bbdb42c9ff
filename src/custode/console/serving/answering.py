"""The work of a thread for a request: let Django respond, and take in the whole response."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from typing import IO, Any, BinaryIO, Final

from custode.console.serving.departures import Departure, Departures
from custode.console.serving.environ import FileBody
from custode.signin.sessions import IN_ENVIRON

IN_MEMORY: Final = 512 * 1024
"""The maximum bytes of a body or response kept in memory; a longer one goes to a file."""

Head = list[tuple[str, str]]


@dataclass(slots=True)
class Answer:
    """Django's response.

    Args:
        body: its bytes, or an open file if it is long.
        departure: only for a long response.
    """

    status: int
    head: Head
    body: bytes | IO[bytes]
    departure: Departure | None = None


def answer_of(
    application: Any, environ: dict[str, Any], client: str, departures: Departures
) -> Answer:
    """Return Django's response to a client's request.

    Raises:
        Withdrawn: its session ended while it was being made.
    """
    begun: list[tuple[int, Head]] = []

    def start_response(status: str, head: Head, _error: object = None) -> None:
        """Take Django's status and headers."""
        begun.append((int(status[:3]), [(name.lower(), value) for name, value in head]))

    answer = application(environ, start_response)
    status, head = begun[-1]
    made = partial(departures.made, client, environ.get(IN_ENVIRON))
    file = answer.file if isinstance(answer, FileBody) else None
    if file is not None and _is_whole(file, head):
        with made() as departure:
            departure.after.callback(answer.close)
        return Answer(status, head, file, departure)
    try:
        body, going = _taken_in(file or answer, made)
    finally:
        if hasattr(answer, "close"):
            answer.close()
    if not isinstance(body, bytes):
        head = [pair for pair in head if pair[0] != "content-length"]
        head.append(("content-length", str(os.fstat(body.fileno()).st_size)))
    return Answer(status, head, body, going)


def _is_whole(file: BinaryIO, head: Head) -> bool:
    """Tell whether the response is exactly this file, which is long enough to be sent as one."""
    try:
        size = os.fstat(file.fileno()).st_size
    except (AttributeError, OSError):
        return False
    return size > IN_MEMORY and file.tell() == 0 and dict(head).get("content-length") == str(size)


def _taken_in(
    pieces: Iterable[bytes], made: Callable[[], AbstractContextManager[Departure]]
) -> tuple[bytes | IO[bytes], Departure | None]:
    """Take in a whole response: in memory if it is short, otherwise in a temporary file."""
    short: list[bytes] = []
    size = 0
    rest = iter(pieces)
    for piece in rest:
        short.append(piece)
        size += len(piece)
        if size > IN_MEMORY:
            break
    else:
        return b"".join(short), None
    with made() as departure:
        kept = tempfile.TemporaryFile()  # noqa: SIM115 (closed when it has gone)
        departure.after.callback(kept.close)
        kept.writelines(short)
        for piece in rest:
            departure.go_on()
            kept.write(piece)
        kept.flush()
    return kept, departure
