"""A small WSGI application behind the bridge: it answers in all the ways there are."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from custode.console.serving.bridge import Bridge

LONG = 20 * 1024 * 1024
THREADS = 4
PIECE = b"x" * 65536


def pieces() -> Iterator[bytes]:
    for _ in range(LONG // len(PIECE)):
        yield PIECE


def breaks() -> Iterator[bytes]:
    yield PIECE
    raise ValueError("on purpose")


def told(environ: dict[str, Any]) -> bytes:
    memory = Path("/proc/self/status").read_text(encoding="ascii").split("VmRSS:")[1].split()[0]
    body = environ["wsgi.input"].read()
    plain = {name: value for name, value in environ.items() if isinstance(value, str)}
    return json.dumps({**plain, "memory_kb": int(memory), "body": len(body)}).encode()


def application(environ: dict[str, Any], start_response: Any) -> Any:
    path = environ["PATH_INFO"]
    if path == "/file":
        start_response("200 OK", [("Content-Length", str(LONG))])
        return environ["wsgi.file_wrapper"](Path(os.environ["TRIAL_FILE"]).open("rb"))
    start_response("200 OK", [("Content-Type", "text/plain"), ("X-Trial", "yes")])
    if path == "/stream":
        return pieces()
    return breaks() if path == "/breaks" else [told(environ)]


app = Bridge(application, threads=THREADS, longest=3 * 1024 * 1024, patience=4)
