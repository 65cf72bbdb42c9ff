"""The trial application as a process, and clients of it."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.console.trial_app import OVER, WHOLE, pieces
from tools.paths import ROOT
from tools.throwaway_postgres import free_port


@contextmanager
def served(folder: Path) -> Iterator[int]:
    """The trial application, served; gives its port.

    Args:
        folder: with the file that it sends, and the file in which sessions are said to be over.
    """
    port = free_port()
    with (folder / WHOLE).open("wb") as out:
        out.writelines(pieces())
    (folder / OVER).touch()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "custode.conf.test_settings",
        "TRIAL_FOLDER": str(folder),
    }
    command = [sys.executable, "-m", "tests.console.trial_server", str(port)]
    server = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        assert server.wait(30) == 0


def ask(port: int, path: str = "/", method: str = "GET", **rest: Any) -> tuple[Any, bytes]:
    """One request on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request(method, path, **rest)
        answer = connection.getresponse()
        return answer, answer.read()
    finally:
        connection.close()


def page(port: int, path: str = "/", **rest: Any) -> dict[str, Any]:
    """What the trial application tells of a request and of itself."""
    found: dict[str, Any] = json.loads(ask(port, path, **rest)[1])
    return found


def stalled(port: int, request: str) -> socket.socket:
    """A client that asks and then neither reads nor writes."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.connect(("127.0.0.1", port))
    client.sendall(f"{request}\r\nHost: localhost\r\n\r\n".encode())
    return client
