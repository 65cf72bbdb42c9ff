"""A download ends with the session it is for, and what has gone is forgotten."""

from __future__ import annotations

import contextlib
import fcntl
import logging
import select
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

import pytest

from custode.console.serving import connections, departures
from custode.console.serving.departures import Departures, Withdrawn
from custode.signin.sessions import Whose
from tests.console.trial_app import LONG, OVER, SLOW, WHOLE
from tests.console.trial_client import ask, page, served, stalled

pytestmark = [pytest.mark.once, pytest.mark.slow]
IN_TIME = 10


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def port(folder: Path) -> Iterator[int]:
    """Where the trial application is served; in a session, when the query is its number."""
    with served(folder) as port:
        yield port


def taken(client: socket.socket, pause: float = 0) -> tuple[int, bool]:
    """Read to the end: how many bytes came, and whether the connection broke before that."""
    client.settimeout(IN_TIME)
    count = len(client.recv(4096).partition(b"\r\n\r\n")[2])
    try:
        while piece := client.recv(65536 if not pause else 4096):
            count += len(piece)
            time.sleep(pause)
    except ConnectionResetError:
        return count, True
    return count, False


def is_broken(client: socket.socket) -> bool:
    """Whether the other side has thrown the connection away, though much was still to come."""
    poll = select.poll()
    poll.register(client, 0)
    return any(event & select.POLLERR for _number, event in poll.poll(0))


def until(holds: Callable[[], bool], seconds: float = IN_TIME) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)


@pytest.mark.parametrize("path", ["/stream", "/file"])
def test_a_download_breaks_off_when_its_session_is_over_and_no_other_does(
    port: int, folder: Path, path: str
) -> None:
    with (
        stalled(port, f"GET {path}?7 HTTP/1.1") as theirs,
        stalled(port, f"GET {path}?8 HTTP/1.1") as colleagues,
        stalled(port, f"GET {path} HTTP/1.1") as visitors,
    ):
        time.sleep(1.5 * departures.EVERY)
        assert not is_broken(theirs)
        (folder / OVER).write_text("7\n", encoding="ascii")
        until(lambda: is_broken(theirs))
        assert taken(theirs)[0] < 10_000
        assert not is_broken(colleagues)
        assert taken(colleagues) == taken(visitors) == (LONG, False)
    assert (folder / WHOLE).stat().st_size == LONG


def test_who_reads_slowly_gets_little_more(port: int, folder: Path) -> None:
    with stalled(port, "GET /stream?7 HTTP/1.1") as theirs:
        time.sleep(1)
        (folder / OVER).write_text("7\n", encoding="ascii")
        began = time.monotonic()
        count, broke = taken(theirs, pause=0.02)
        assert time.monotonic() - began < IN_TIME
        assert broke
        assert 10_000 < count < LONG / 4


def test_what_is_still_being_made_is_made_no_further(port: int, folder: Path) -> None:
    threading.Timer(1, (folder / OVER).write_text, ["7\n"]).start()
    began = time.monotonic()
    answer, body = ask(port, "/slow?7")
    assert time.monotonic() - began < IN_TIME < SLOW * 0.1
    assert (answer.status, answer.headers["location"], body) == (303, "/", b"")
    assert page(port)["made"] == ["begun", "closed"]


def test_nothing_is_held_when_all_has_gone(port: int) -> None:
    for _ in range(4):
        page(port)
    before = page(port)["files"]
    for path in ("/stream?7", "/file?7", "/stream", "/file"):
        assert len(ask(port, path)[1]) == LONG
        assert ask(port, path, "HEAD")[1] == b""
    leaving = [stalled(port, f"GET {path}?7 HTTP/1.1") for path in ("/stream", "/file")]
    until(lambda: page(port)["files"] > before + len(leaving))
    for client in leaving:
        client.close()
    until(lambda: page(port)["files"] == before, 3 * departures.EVERY)


def test_while_it_cannot_be_asked_nothing_is_cut_and_pages_go_on(port: int, folder: Path) -> None:
    with stalled(port, "GET /stream?7 HTTP/1.1") as theirs:
        (folder / OVER).unlink()
        time.sleep(2 * departures.EVERY)
        assert page(port)["body"] == 0
        assert taken(theirs) == (LONG, False)
    with stalled(port, "GET /stream?7 HTTP/1.1") as theirs:
        (folder / OVER).write_text("7\n", encoding="ascii")
        until(lambda: is_broken(theirs))


class Connected:
    """Both ends of a connection over TCP; `here` is the one that a server would hold."""

    def __init__(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            self.there = socket.create_connection(listening.getsockname())
            self.here, _address = listening.accept()
        self.client = "{}:{}".format(*self.there.getsockname())

    def fill(self) -> None:
        """Send as much as goes in, which nobody reads."""
        self.here.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while self.here.send(b"!" * 65536):
                pass

    def __enter__(self) -> Connected:
        return self

    def __exit__(self, *_error: object) -> None:
        self.here.close()
        self.there.close()


def test_a_connection_is_found_by_its_client_and_cut() -> None:
    with Connected() as pair, Connected() as other:
        found = connections.with_client(pair.client)
        assert found.number == pair.here.fileno()
        assert found.is_open
        pair.fill()
        found.cut()
        with pytest.raises(BrokenPipeError):
            pair.here.send(b"!")
        pair.here.close()
        assert not found.is_open
        assert is_broken(pair.there)
        other.here.sendall(b"!")
        assert other.there.recv(1) == b"!"


def test_a_number_that_is_anothers_by_now_is_let_alone() -> None:
    with Connected() as pair:
        found = connections.with_client(pair.client)
        number = pair.here.detach()
        with Connected() as other:
            other.here.close()
    with Connected() as other:
        moved = connections.Connection(other.here.fileno(), found.inode)
        assert not moved.is_open
        moved.cut()
        other.here.sendall(b"!")
        assert other.there.recv(1) == b"!"
    socket.socket(fileno=number).close()


def test_a_client_that_is_not_there_has_no_connection() -> None:
    with Connected() as pair:
        pair.here.close()
        assert connections.with_client(pair.client) == connections.NONE
    assert connections.with_client("[::1]:9") == connections.NONE
    assert not connections.NONE.is_open
    connections.NONE.cut()


def test_looking_takes_no_lock_from_a_database(tmp_path: Path) -> None:
    """A process that closes any handle on a file loses its locks on it: SQLite lives by them."""
    other = "import fcntl, sys; fcntl.lockf(open(sys.argv[1], 'w'), fcntl.LOCK_EX | fcntl.LOCK_NB)"
    with (tmp_path / "database").open("w") as database:
        fcntl.lockf(database, fcntl.LOCK_EX)
        assert connections.with_client("127.0.0.1:9") == connections.NONE
        tried = subprocess.run(
            [sys.executable, "-c", other, database.name], capture_output=True, text=True
        )
    assert "BlockingIOError" in tried.stderr


def test_one_question_is_asked_for_all_and_none_for_nobody() -> None:
    asked: list[Collection[Whose]] = []

    def over(sessions: Collection[Whose]) -> Collection[Whose]:
        asked.append(sessions)
        return [(1, 3)]

    all_ = Departures(over)
    all_.look()
    with all_.made("[::1]:9", None):
        all_.look()
        assert asked == []
        with (
            all_.made("[::1]:9", (1, 2)) as lasting,
            all_.made("[::1]:9", (1, 2)),
            all_.made("[::1]:9", (1, 3)) as ended,
        ):
            all_.look()
    assert asked == [{(1, 2), (1, 3)}]
    lasting.go_on()
    with pytest.raises(Withdrawn):
        ended.go_on()


def test_a_question_that_fails_again_and_again_is_told_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(departures, "EVERY", 0.01)
    asked = threading.Semaphore(0)

    def broken(_sessions: Collection[Whose]) -> Collection[Whose]:
        asked.release()
        raise OSError("no database")

    all_ = Departures(broken)
    with caplog.at_level(logging.ERROR), all_.made("[::1]:9", (1, 2)) as one:
        all_.watch()
        for _ in range(5):
            assert asked.acquire(timeout=5)
        all_.stop()
        one.go_on()
    assert [record.getMessage() for record in caplog.records] == [
        "Whether downloads must end cannot be told just now: no database"
    ]
