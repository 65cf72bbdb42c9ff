"""The bridge between granian and Django: slow clients hold no thread, and nothing is lost."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.console.trial_app import LONG, THREADS
from tests.console.trial_client import ask, page, served, stalled

pytestmark = [pytest.mark.once, pytest.mark.slow]
MANY = THREADS + 2


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Where the trial application is served."""
    with served(tmp_path_factory.mktemp("trial")) as port:
        yield port


@pytest.mark.parametrize(
    "request_line",
    [
        "GET /stream HTTP/1.1",
        "GET /file HTTP/1.1",
        "POST / HTTP/1.1\r\nContent-Length: 1000",
        "POST / HTTP/1.1\r\nContent-Length: 1000000",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked",
    ],
    ids=["stream", "file", "short upload", "long upload", "chunked upload"],
)
def test_more_stalled_clients_than_threads_stop_no_page(port: int, request_line: str) -> None:
    before = page(port)["memory_kb"]
    with ExitStack() as held:
        for _ in range(MANY):
            held.enter_context(stalled(port, request_line))
        time.sleep(1)
        began = time.monotonic()
        for _ in range(5):
            after = page(port)["memory_kb"]
        assert time.monotonic() - began < 2
    assert after - before < LONG / 1024, "the answers wait in memory"


def test_a_long_answer_comes_whole(port: int) -> None:
    for path in ("/stream", "/file"):
        answer, body = ask(port, path)
        assert (answer.status, len(body)) == (200, LONG)
        assert answer.headers["content-length"] == str(LONG)


def test_an_answer_that_breaks_is_an_error_and_not_half_a_file(port: int) -> None:
    answer, body = ask(port, "/breaks")
    assert answer.status == 500
    assert len(body) < 100


def test_a_head_request_gets_the_head(port: int) -> None:
    answer, body = ask(port, "/file", "HEAD")
    assert (answer.status, body) == (200, b"")
    assert answer.headers["content-length"] == str(LONG)


@pytest.mark.parametrize("size", [0, 1, 1000, 600_000, 3 * 1024 * 1024])
def test_bodies_come_in_whole(port: int, size: int) -> None:
    assert page(port, method="POST", body=b"b" * size)["body"] == size
    parts = (b"b" * 10_000 for _ in range(size // 10_000))
    whole = size // 10_000 * 10_000
    assert page(port, method="POST", body=parts, encode_chunked=True)["body"] == whole


def test_too_long_a_body_is_not_taken(port: int) -> None:
    with stalled(port, "POST / HTTP/1.1\r\nContent-Length: 4000000") as client:
        client.settimeout(5)
        assert client.recv(100).startswith(b"HTTP/1.1 413")


def test_a_body_that_does_not_come_is_given_up(port: int) -> None:
    with stalled(port, "POST / HTTP/1.1\r\nContent-Length: 1000") as client:
        client.settimeout(8)
        assert client.recv(100).startswith(b"HTTP/1.1 408")


def test_the_environment_is_wsgis(port: int) -> None:
    told = page(
        port,
        "/un%20po%E2%82%AC?a=1&b=%20",
        headers={"Cookie": "a=1", "X-Thing": "è".encode().decode("latin-1"), "Accept": "text/html"},
    )
    assert told["PATH_INFO"].encode("latin-1").decode() == "/un po€"
    assert told["QUERY_STRING"] == "a=1&b=%20"
    assert told["REMOTE_ADDR"] == "127.0.0.1"
    assert (told["SERVER_NAME"], told["SERVER_PORT"]) == ("127.0.0.1", str(port))
    assert (told["HTTP_COOKIE"], told["HTTP_ACCEPT"]) == ("a=1", "text/html")
    assert told["HTTP_HOST"] == f"127.0.0.1:{port}"
    assert told["wsgi.url_scheme"] == "http"


def test_a_header_with_an_underscore_does_not_pass_for_another(port: int) -> None:
    told = page(port, headers={"X_Forwarded_For": "10.9.8.7", "X_Forwarded_Proto": "https"})
    assert not [name for name in told if "FORWARDED" in name]


def test_repeated_headers_are_joined(port: int) -> None:
    lines = "GET / HTTP/1.1\r\nConnection: close\r\nCookie: a=1\r\nCookie: b=2\r\nX-A: 1\r\nX-A: 2"
    with stalled(port, lines) as client:
        client.settimeout(5)
        said = b""
        while piece := client.recv(65536):
            said += piece
    told = json.loads(said.split(b"\r\n\r\n", 1)[1])
    assert told["HTTP_COOKIE"] == "a=1; b=2"
    assert told["HTTP_X_A"] == "1,2"


@pytest.mark.parametrize("path", ["/%ff", "/%", "/%zz", "/a//b", "/../x", "/%00", "/%2e%2e/"])
def test_strange_paths_do_no_harm(port: int, path: str) -> None:
    answer, _body = ask(port, path)
    assert answer.status < 500
