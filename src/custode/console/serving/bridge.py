"""Between granian and Django: the event loop waits for clients, the threads only work.

Served as plain WSGI, a client that stops reading (or stops sending) holds one of the few threads,
and as many of these as there are threads stop the site (docs/decisions/0010). Here a request's body
has come in whole before a thread begins, and a thread is free again when the answer is made: a long
one lies in a temporary file until its reader has taken it.
"""

from __future__ import annotations

import asyncio
import io
import logging
import os
import signal
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import IO, Any, BinaryIO, Final, cast

from granian.rsgi import ProtocolClosed  # type: ignore[attr-defined]  # its public name, not in the stub

from custode.console.serving.environ import FileBody, Scope, environ_of

IN_MEMORY: Final = 512 * 1024
"""Bytes of a body or an answer that are kept in memory; what is longer goes to a file."""
PATIENCE: Final = 60.0
UNTIL_OPENED: Final = 10.0
"""Seconds after which granian has opened the file it was told to send (measured: 0.12)."""

Head = list[tuple[str, str]]
_TEXT: Final = [("content-type", "text/plain; charset=utf-8")]
log = logging.getLogger("custode.server")


@dataclass(slots=True)
class Answer:
    """What Django answered: its body whole, or as an open file with what closes it."""

    status: int
    head: Head
    body: bytes | IO[bytes]
    close: Callable[[], None]


class TooLong(Exception):
    """The request's body is longer than any that is taken."""


class Bridge:
    """The application that granian serves.

    Args:
        application: the WSGI application.
        threads: how many requests are worked on at once.
        longest: the longest body that is taken, in bytes.
        patience: seconds that a client may take to send its next piece before it is given up.
    """

    def __init__(
        self, application: Any, threads: int, longest: int, patience: float = PATIENCE
    ) -> None:
        self._patience = patience
        self._application = application
        self._longest = longest
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="request")

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """The server starts: it is not to outlive the process that has started it."""
        self._end_with(os.getppid(), loop)

    def _end_with(self, parent: int, loop: asyncio.AbstractEventLoop) -> None:
        if os.getppid() == parent:
            loop.call_later(1, self._end_with, parent, loop)
        else:
            os.kill(os.getpid(), signal.SIGTERM)

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        """The server stops: what has not begun is dropped."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def __rsgi__(self, scope: Scope, protocol: Any) -> None:
        """Serve one request."""
        if scope.proto != "http":
            protocol.close(403)
            return
        try:
            body = await self._body(scope, protocol)
        except TooLong:
            protocol.response_str(413, _TEXT, "This is more than Custode takes.")
            return
        except TimeoutError:
            protocol.response_str(408, _TEXT, "The request did not come in.")
            return
        except ProtocolClosed:
            return
        loop = asyncio.get_running_loop()
        answer = await loop.run_in_executor(self._pool, self._work, scope, body)
        head = answer.head
        if scope.method == "HEAD" or answer.status in {204, 304}:
            protocol.response_empty(answer.status, head)
            answer.close()
        elif isinstance(answer.body, bytes):
            protocol.response_bytes(answer.status, head, answer.body)
        else:
            # granian opens the file for itself, and reads on as its client does.
            protocol.response_file(answer.status, head, f"/dev/fd/{answer.body.fileno()}")
            loop.call_later(UNTIL_OPENED, answer.close)

    async def _body(self, scope: Scope, protocol: Any) -> BinaryIO:
        told = scope.headers.get("content-length")
        if told is None and (
            scope.method in {"GET", "HEAD"}
            or (scope.http_version.startswith("1") and "transfer-encoding" not in scope.headers)
        ):
            return io.BytesIO()
        if told is not None and told.isdecimal() and int(told) > self._longest:
            raise TooLong
        if told is not None and told.isdecimal() and int(told) <= IN_MEMORY:
            return io.BytesIO(await asyncio.wait_for(protocol(), self._patience))
        return await self._long_body(protocol)

    async def _long_body(self, protocol: Any) -> BinaryIO:
        kept = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 (closed with the request)
        pieces = aiter(protocol)
        while piece := await asyncio.wait_for(anext(pieces, b""), self._patience):
            kept.write(piece)
            if kept.tell() > self._longest:
                kept.close()
                raise TooLong
        kept.seek(0)
        return cast("BinaryIO", kept)

    def _work(self, scope: Scope, body: BinaryIO) -> Answer:
        """In a thread: let Django answer, and take the answer in whole."""
        with body:
            try:
                return _answer(self._application, environ_of(scope, body))
            except Exception:
                log.exception("Django could not answer %s %s", scope.method, scope.path)
                return Answer(500, _TEXT, b"Something went wrong.", _nothing)


def _answer(application: Any, environ: dict[str, Any]) -> Answer:
    begun: list[tuple[int, Head]] = []

    def start_response(status: str, head: Head, _error: object = None) -> None:
        begun.append((int(status[:3]), [(name.lower(), value) for name, value in head]))

    made = application(environ, start_response)
    status, head = begun[-1]
    file = made.file if isinstance(made, FileBody) else None
    if file is not None and _is_whole(file, head):
        return Answer(status, head, file, made.close)
    try:
        body, close = _taken_in(file or made)
        if not isinstance(body, bytes):
            head = [pair for pair in head if pair[0] != "content-length"]
            head.append(("content-length", str(os.fstat(body.fileno()).st_size)))
        return Answer(status, head, body, close)
    finally:
        if hasattr(made, "close"):
            made.close()


def _is_whole(file: BinaryIO, head: Head) -> bool:
    """Whether a file from its first to its last byte is the answer, and long enough to stay one."""
    try:
        size = os.fstat(file.fileno()).st_size
    except (AttributeError, OSError):
        return False
    return size > IN_MEMORY and file.tell() == 0 and dict(head).get("content-length") == str(size)


def _taken_in(pieces: Iterable[bytes]) -> tuple[bytes | IO[bytes], Callable[[], None]]:
    short: list[bytes] = []
    size = 0
    rest = iter(pieces)
    for piece in rest:
        short.append(piece)
        size += len(piece)
        if size > IN_MEMORY:
            break
    else:
        return b"".join(short), _nothing
    kept = tempfile.TemporaryFile()  # noqa: SIM115 (closed when it is being sent)
    kept.writelines(short)
    kept.writelines(rest)
    kept.flush()
    return kept, kept.close


def _nothing() -> None:
    """There is nothing to close."""
