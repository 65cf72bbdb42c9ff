"""Clients that request a long export and then stop reading, and others' pages meanwhile.

The server is the product's own, with as many threads as there are such clients of each kind: four
who download a file that a job has made, and four to whom one is streamed.
"""

from __future__ import annotations

import json
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from urllib.request import Request, urlopen

from bench.ground import seconds
from bench.judging import judging
from tests.console import installations
from tools.throwaway_postgres import free_port

STALLED = 4
LEADS = 30_000
PAGES = 20
LONGEST = 1.0
"""The maximum seconds for a page."""

PREPARE = f"""
import json
from dataclasses import replace
from django.test import Client
from bench.ground import company
from custode.exchange import exporting, making
from custode.exchange.orders import Order
from custode.kernel import scope
from custode.kernel.actor import Entrance
from custode.people import moves
actor, _ = company({LEADS})
user = moves.create(actor, first_name="Bench", email="bench@bench.example", role="admin")
browser = Client()
with scope.everywhere("the benchmark signs in"):
    browser.force_login(user)
with scope.account(actor.account_id):
    acting = replace(user.actor(Entrance.JOB), proved=True)
    file = exporting.file_for(user, acting, Order("csv"))
    making.make(file.account_id, file.pk)
cookies = {{name: morsel.value for name, morsel in browser.cookies.items()}}
print(json.dumps({{"cookies": cookies, "file": file.pk}}))
"""


class Visitor:
    """A visitor signed in at the server."""

    def __init__(self, port: int, cookies: dict[str, str]) -> None:
        self._port = port
        self._cookies = "; ".join(f"{name}={value}" for name, value in cookies.items())

    def page(self) -> str:
        """Request the list of leads."""
        url = f"http://localhost:{self._port}/leads/"
        with urlopen(Request(url, headers={"Cookie": self._cookies}), timeout=10) as answer:
            for cookie in answer.headers.get_all("Set-Cookie") or []:
                self._cookies += f"; {cookie.partition(';')[0]}"
            return str(answer.read().decode())

    def stalled(self, method: str, path: str, token: str) -> socket.socket:
        """Return a connection that sends a request, reads the response's beginning, and stops."""
        client = socket.socket()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.settimeout(60)
        client.connect(("localhost", self._port))
        body = b"all=1&go=1&format=csv" if method == "POST" else b""
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: localhost:{self._port}\r\n"
            f"Cookie: {self._cookies}\r\nX-CSRFToken: {token}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        client.sendall(head.encode() + body)
        began = client.recv(12)
        if began != b"HTTP/1.1 200":
            raise RuntimeError(f"{method} {path}: {began!r}")
        return client


def main() -> None:
    """Judge how many pages arrive, and how long the slowest takes, while the clients stall."""
    with judging() as judge, tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        made = installations.new(Path(folder))
        made.custode("migrate")
        told = json.loads(made.python(PREPARE).splitlines()[-1])
        port = stack.enter_context(_served(made))
        visitor = Visitor(port, told["cookies"])
        before = _times(visitor.page)
        token = re.search(r'name="csrf-token" content="([^"]+)"', visitor.page())
        assert token is not None
        for _client in range(STALLED):
            download = partial(visitor.stalled, "GET", f"/exports/{told['file']}/", token[1])
            stream = partial(visitor.stalled, "POST", "/exports/start/", token[1])
            stack.callback(download().close)
            stack.callback(stream().close)
        meanwhile = _times(visitor.page)
        print(
            f"pages with {2 * STALLED} stalled downloads of {LEADS:,} leads, {STALLED} threads:"
            f" {statistics.median(meanwhile) * 1000:.0f} ms,"
            f" before {statistics.median(before) * 1000:.0f} ms"
        )
        judge.at_least(f"pages that came, of {PAGES}", len(meanwhile), PAGES)
        judge.at_most("seconds of the slowest page", max(meanwhile, default=LONGEST * 9), LONGEST)


def _times(page: Callable[[], object]) -> list[float]:
    """Return how long each page takes, without those that do not arrive."""
    times = []
    for _page in range(PAGES):
        try:
            times.append(seconds(page))
        except OSError as error:
            print(f"a page did not come: {error}")
    return times


@contextmanager
def _served(made: installations.Installation) -> Iterator[int]:
    """Run the product's own server on these data; yield its port."""
    port = free_port()
    settings = {
        "CUSTODE_PORT": str(port), "CUSTODE_URL": f"http://localhost:{port}",
        "CUSTODE_THREADS": str(STALLED), "CUSTODE_WORKER": "no",
    }  # fmt: skip
    server = subprocess.Popen(
        [sys.executable, "-m", "custode", "serve"],
        env={**made.environment, **settings}, cwd=made.data.parent,
    )  # fmt: skip
    try:
        _wait_for(port, server)
        yield port
    finally:
        server.terminate()
        server.wait(20)


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    for _try in range(600):
        try:
            urlopen(f"http://localhost:{port}/sign-in/", timeout=10).close()
        except OSError:
            if server.poll() is not None:
                raise
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("the server does not answer")


if __name__ == "__main__":
    main()
