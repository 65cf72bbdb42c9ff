"""The bridge between granian and Django: the event loop waits for clients, threads only work.

Under plain WSGI, a client that stops reading (or sending) occupies one of the few threads, and as
many of these as there are threads block the site (docs/decisions/0010). Here a request's body is
complete before a thread begins, and a thread is free again once the response is made: a long one is
in a temporary file until its reader has taken it, or until its session ends (docs/decisions/0014).
"""

from __future__ import annotations

import asyncio
import io
import logging
import os
import signal
import tempfile
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import Any, BinaryIO, Final, cast

from granian.rsgi import ProtocolClosed  # type: ignore[attr-defined]  # its public name, not in the stub

from custode.console.serving.answering import IN_MEMORY, Answer, Head, answer_of
from custode.console.serving.departures import Departures, Over, Withdrawn
from custode.console.serving.environ import Scope, environ_of
from custode.signin.sessions import Whose

PATIENCE: Final = 60.0
_ALONE: Final = [("connection", "close"), ("x-accel-buffering", "no")]
"""Headers of a long response: it is the last on its connection, so it can be cut off.

The X-Accel-Buffering header keeps nginx from storing it.
"""
_TEXT: Final = [("content-type", "text/plain; charset=utf-8")]
log = logging.getLogger("custode.server")


def _plainly(status: int, _accepted: str) -> tuple[Head, bytes]:
    return _TEXT, HTTPStatus(status).phrase.encode()


class TooLong(Exception):
    """The request's body is longer than the maximum."""


def _none(_sessions: Collection[Whose]) -> Collection[Whose]:
    return ()


class Bridge:
    """The application that granian serves.

    Args:
        application: the WSGI application.
        threads: how many requests are processed at once.
        longest: the maximum size of a body, in bytes.
        over: tells which of some sessions have ended; their downloads are cut off.
        patience: how many seconds a client may take to send its next piece.
        turned_away: the response to requests that never reach the application, by status and
            languages.
    """

    def __init__(
        self,
        application: Any,
        threads: int,
        longest: int,
        over: Over = _none,
        patience: float = PATIENCE,
        turned_away: Callable[[int, str], tuple[Head, bytes]] = _plainly,
    ) -> None:
        self._turned_away = turned_away
        self._patience = patience
        self._application = application
        self._longest = longest
        self._departures = Departures(over)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="request")

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Start: make the server end with the process that has started it."""
        self._end_with(os.getppid(), loop)
        self._departures.watch()

    def _end_with(self, parent: int, loop: asyncio.AbstractEventLoop) -> None:
        if os.getppid() == parent:
            loop.call_later(1, self._end_with, parent, loop)
        else:
            os.kill(os.getpid(), signal.SIGTERM)

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Stop: drop requests that have not begun."""
        self._departures.stop()
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def __rsgi__(self, scope: Scope, protocol: Any) -> None:
        """Serve one request."""
        if scope.proto != "http":
            protocol.close(403)
            return
        try:
            body = await self._body(scope, protocol)
        except TooLong:
            self._turn_away(413, scope, protocol)
            return
        except TimeoutError:
            self._turn_away(408, scope, protocol)
            return
        except ProtocolClosed:
            return
        loop = asyncio.get_running_loop()
        answer = await loop.run_in_executor(self._pool, self._work, scope, body)
        departure = answer.departure
        if scope.method == "HEAD" or answer.status in {204, 304}:
            protocol.response_empty(answer.status, answer.head)
            if departure is not None:
                self._departures.forget(departure)
        elif isinstance(answer.body, bytes):
            protocol.response_bytes(answer.status, answer.head, answer.body)
        elif departure is not None:
            # granian opens the file itself, and reads on as fast as its client does.
            departure.on_its_way = True
            protocol.response_file(
                answer.status, [*answer.head, *_ALONE], f"/dev/fd/{answer.body.fileno()}"
            )

    def _turn_away(self, status: int, scope: Scope, protocol: Any) -> None:
        accepted = scope.headers.get("accept-language") or ""
        protocol.response_bytes(status, *self._turned_away(status, accepted))

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
        """Let Django respond, and take in the whole response; runs in a thread."""
        with body:
            try:
                environ = environ_of(scope, body)
                return answer_of(self._application, environ, scope.client, self._departures)
            except Withdrawn:
                return Answer(303, [("location", "/")], b"")
            except Exception:
                log.exception("Django could not answer %s %s", scope.method, scope.path)
                return Answer(500, _TEXT, b"Something went wrong.")
