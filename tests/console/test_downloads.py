"""The real server: who is disconnected gets no more of what is being downloaded."""

from __future__ import annotations

import http.client
import json
import re
import socket
import time
from pathlib import Path
from typing import Any

import pytest

from custode.console.serving.answering import answer_of
from custode.console.serving.departures import Departures, Withdrawn
from custode.exchange import exporting
from custode.exchange.orders import Order
from custode.guard.door import export_rows
from custode.guard.models import LogEntry
from custode.signin.sessions import IN_ENVIRON
from tests.cast import Cast
from tests.console import installations
from tests.console.test_serving import ask, running
from tools.throwaway_postgres import free_port

pytestmark = pytest.mark.slow
TOKEN = "t" * 32
IN_TIME = 10

FILLED = """
import json
from custode.exchange import exporting, making
from custode.exchange.orders import Order
from custode.guard import door
from custode.kernel import scope
from custode.kernel.actor import Entrance
from custode.leads.models import Lead
from tests.cast import assemble
from tests.signin.browsers import signed_in

cast = assemble()
with scope.account(cast.ferri.account.pk):
    anna = cast.actor(cast.anna)
    entry = door.begin_import(anna, "lead", details={}, labels=["long"])
    for start in range(0, 1000, 500):
        leads = [
            Lead(title=f"Lead {n}", description="Lungo. " * 3000, step=cast.ferri.steps[0])
            for n in range(start, start + 500)
        ]
        for lead in leads:
            lead.derive()
        with door.import_chunk(anna, entry):
            door.save_imported(entry, leads)
    door.finish_import(anna, entry, details={})
    file = exporting.file_for(cast.anna, anna, Order("csv"))
    making.make(file.account_id, file.pk)
    file.refresh_from_db()
    theirs, cookie = signed_in(cast.anna)
    _colleagues, colleagues_cookie = signed_in(cast.bruna)
    print(json.dumps({
        "session": theirs.pk, "cookie": cookie, "colleagues": colleagues_cookie,
        "account": file.account_id, "file": file.pk, "token": file.token, "size": file.size,
    }))
"""

DISCONNECTED = """
from custode.kernel import scope
from custode.signin.models import Session
from custode.signin.sessions import moves
with scope.account({account}):
    session = Session.objects.select_related("user").get(pk={session})
    print(moves.end_own(session.user, [session.pk]))
"""


class Download:
    """An answer read by a client that has little room, and so holds the server up."""

    def __init__(self, port: int, cookie: str, method: str, path: str, body: str = "") -> None:
        self.client = socket.socket()
        self.client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16384)
        self.client.connect(("127.0.0.1", port))
        self.client.settimeout(30)
        lines = [
            f"{method} {path} HTTP/1.1", f"Host: localhost:{port}",
            f"Cookie: custode_session={cookie}; custode_csrf={TOKEN}",
            "Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}",
        ]  # fmt: skip
        self.client.sendall("\r\n".join([*lines, "", body]).encode())
        head = b""
        while b"\r\n\r\n" not in head:
            piece = self.client.recv(1024)
            assert piece, head
            head += piece
        said, _blank, rest = head.partition(b"\r\n\r\n")
        assert said.startswith(b"HTTP/1.1 200"), said
        found = re.search(rb"content-length: (\d+)", said)
        assert found is not None
        self.length, self.count = int(found[1]), len(rest)

    def read(self, seconds: float = 60, pause: float = 0) -> bool:
        """Read on; whether it went to its end. A broken connection is no end."""
        until = time.monotonic() + seconds
        while self.count < self.length and time.monotonic() < until:
            try:
                piece = self.client.recv(16384)
            except ConnectionResetError:
                return False
            if not piece:
                return False
            self.count += len(piece)
            time.sleep(pause)
        return self.count == self.length


def test_downloads_end_with_their_session_and_a_colleagues_goes_on(tmp_path: Path) -> None:
    made, port = installations.migrated(tmp_path), free_port()
    told: dict[str, Any] = json.loads(made.python(FILLED))
    stored = made.data / "exports" / told["token"]
    before = stored.read_bytes()
    url = f"http://localhost:{port}"
    form = f"all=1&go=1&format=csv&csrfmiddlewaretoken={TOKEN}"
    with running(made, "serve", CUSTODE_PORT=str(port), CUSTODE_URL=url, CUSTODE_WORKER="no") as it:
        ask(url, it)
        streamed = Download(port, told["cookie"], "POST", "/exports/start/", form)
        ready = Download(port, told["cookie"], "GET", f"/exports/{told['file']}/")
        colleagues = Download(port, told["colleagues"], "POST", "/exports/start/", form)
        assert streamed.length == colleagues.length > 20_000_000
        assert ready.length == told["size"] > 20_000_000
        assert made.python(DISCONNECTED.format(**told)) == "1"
        ended = time.monotonic()
        for download in (streamed, ready):
            assert not download.read(pause=0.01)
            assert time.monotonic() - ended < IN_TIME
            assert download.count < 5_000_000
        assert colleagues.read()
        page = http.client.HTTPConnection("127.0.0.1", port)
        page.request("GET", "/leads/", headers={"Cookie": f"custode_session={told['cookie']}"})
        assert page.getresponse().status == 302
    assert stored.read_bytes() == before


def test_an_export_whose_session_ends_is_made_no_further_and_the_log_says_so(
    ferri: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_rows, "PAGE", 1)
    for n in range(20):
        ferri.lead(ferri.ugo, f"Lead {n}", description="Lungo. " * 10_000)
    body = exporting.stream(ferri.ugo, ferri.actor(ferri.ugo), Order("csv"))
    ends = Departures(over=lambda sessions: sessions)

    def application(environ: dict[str, Any], start_response: Any) -> Any:
        environ[IN_ENVIRON] = (ferri.ferri.account.pk, 7)
        start_response("200 OK", [("Content-Type", "text/csv")])
        return Watched()

    class Watched:
        """The body, while the watch looks again at every piece."""

        def __iter__(self) -> Any:
            assert body is not None
            for piece in body:
                yield piece
                ends.look()

        def close(self) -> None:
            assert body is not None
            body.close()

    with pytest.raises(Withdrawn):
        answer_of(application, {}, "127.0.0.1:9", ends)
    log = LogEntry.objects.filter(verb="export").order_by("seq").values_list("outcome", "count")
    assert [outcome for outcome, _count in log] == ["started", "broken_off"]
    assert 0 < log[1][1] < 20
