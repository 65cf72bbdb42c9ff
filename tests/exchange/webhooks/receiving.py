"""A receiver of webhooks on this machine, which behaves as it is told."""

from __future__ import annotations

import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

Behave = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Got:
    """A request that came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)["webhook_event"]
        return found


@dataclass
class Receiver:
    url: str
    got: list[Got] = field(default_factory=list)
    behave: Behave | None = None

    @property
    def events(self) -> list[str]:
        return [one.event["event"] for one in self.got]


def answers(status: int, body: bytes = b"ok", **headers: str) -> Behave:
    def behave(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("content-length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return behave


def drips(seconds: float) -> Behave:
    """A header, a byte at a time: no single wait is long."""

    def behave(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nx-slow: ")
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            handler.wfile.write(b"a")
            handler.wfile.flush()
            time.sleep(0.05)

    return behave


def floods(handler: BaseHTTPRequestHandler) -> None:
    """An answer without end."""
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(b"x" * 65536)


def hangs_up(handler: BaseHTTPRequestHandler) -> None:
    handler.connection.close()


@contextmanager
def receiver(behave: Behave | None = None, certificate: Path | None = None) -> Iterator[Receiver]:
    """Receives until the block ends.

    Args:
        certificate: of an encrypted receiver, the file of its certificate and key.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            size = int(self.headers.get("content-length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            one.got.append(Got(self.path, headers, self.rfile.read(size)))
            with suppress(OSError):
                (one.behave or answers(200))(self)

        def log_message(self, *_: Any) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: Any) -> None:
            pass

    server = Quiet(("127.0.0.1", 0), Handler)
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    scheme = "http" if certificate is None else "https"
    one = Receiver(f"{scheme}://127.0.0.1:{server.server_address[1]}/hook", behave=behave)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield one
    finally:
        server.shutdown()
        server.server_close()
