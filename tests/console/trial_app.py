"""A small WSGI application behind the bridge: it answers in all the ways there are."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from custode.console.serving.bridge import Bridge
from custode.signin.sessions import Whose

LONG = 20 * 1024 * 1024
THREADS = 4
PIECE = b"x" * 65536
SLOW = 600
"""Pieces of the answer that takes a minute to be made."""
WHOLE, OVER = "whole", "over"
"""Names of files: one to be sent, and one with the numbers of the sessions that are over."""

made: list[str] = []
"""What happened to the slow answers."""


def pieces() -> Iterator[bytes]:
    for _ in range(LONG // len(PIECE)):
        yield PIECE


def slowly() -> Iterator[bytes]:
    made.append("begun")
    try:
        for _ in range(SLOW):
            yield PIECE
            time.sleep(0.1)
        made.append("whole")
    finally:
        made.append("closed")


def breaks() -> Iterator[bytes]:
    yield PIECE
    raise ValueError("on purpose")


def told(environ: dict[str, Any]) -> bytes:
    memory = Path("/proc/self/status").read_text(encoding="ascii").split("VmRSS:")[1].split()[0]
    body = environ["wsgi.input"].read()
    plain = {name: value for name, value in environ.items() if isinstance(value, str)}
    files = os.listdir("/dev/fd")  # noqa: PTH208 (it is numbers that are counted)
    here = {"memory_kb": int(memory), "files": len(files), "made": made}
    return json.dumps({**plain, **here, "body": len(body)}).encode()


def application(environ: dict[str, Any], start_response: Any) -> Any:
    path = environ["PATH_INFO"]
    if environ["QUERY_STRING"].isdecimal():
        environ["custode.session"] = (1, int(environ["QUERY_STRING"]))
    if path == "/file":
        start_response("200 OK", [("Content-Length", str(LONG))])
        return environ["wsgi.file_wrapper"]((folder() / WHOLE).open("rb"))
    start_response("200 OK", [("Content-Type", "text/plain"), ("X-Trial", "yes")])
    if path in LONG_ANSWERS:
        return LONG_ANSWERS[path]()
    return [told(environ)]


LONG_ANSWERS = {"/stream": pieces, "/slow": slowly, "/breaks": breaks}


def folder() -> Path:
    return Path(os.environ["TRIAL_FOLDER"])


def over(sessions: Collection[Whose]) -> set[Whose]:
    """As the file says; it cannot be asked when there is no such file."""
    ended = {int(line) for line in (folder() / OVER).read_text(encoding="ascii").split()}
    return {(account, pk) for account, pk in sessions if pk in ended}


app = Bridge(application, threads=THREADS, longest=3 * 1024 * 1024, over=over, patience=4)
