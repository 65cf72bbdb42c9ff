"""A request as granian tells it, in the form that WSGI programs read."""

from __future__ import annotations

import sys
from typing import Any, BinaryIO, Final, Protocol

_CONSTANT: Final = {
    "SCRIPT_NAME": "",
    "SERVER_SOFTWARE": "Custode",
    "wsgi.version": (1, 0),
    "wsgi.errors": sys.stderr,
    "wsgi.input_terminated": True,
    "wsgi.multithread": True,
    "wsgi.multiprocess": False,
    "wsgi.run_once": False,
}
_BARE: Final = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}


class Headers(Protocol):
    """The head of a request."""

    def get(self, key: str, default: Any = None) -> Any:
        """The value of a header, by its name in lower case."""

    def __contains__(self, key: str) -> bool: ...

    def items(self) -> list[tuple[str, str]]:
        """All headers, one pair for each line."""


class Scope(Protocol):
    """What granian tells of a request."""

    proto: str
    http_version: str
    server: str
    client: str
    scheme: str
    method: str
    path: str
    query_string: str
    authority: str | None
    headers: Headers


class FileBody:
    """WSGI's `file_wrapper`: an answer that is a file, which needs no thread to be sent."""

    def __init__(self, file: BinaryIO, block_size: int = 0) -> None:
        self.file = file

    def close(self) -> None:
        """Close the file, and with it Django's answer."""
        self.file.close()


def environ_of(scope: Scope, body: BinaryIO) -> dict[str, Any]:
    """The WSGI environment of a request whose body has come in whole.

    A header whose name has an underscore is left out: it could pass for another one that a proxy
    vouches for (`X_Forwarded_For`).
    """
    server, _colon, port = scope.server.rpartition(":")
    environ: dict[str, Any] = {
        **_CONSTANT,
        "REQUEST_METHOD": scope.method,
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": server.strip("[]"),
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": body,
        "wsgi.file_wrapper": FileBody,
    }
    for name, value in scope.headers.items():
        if "_" in name:
            continue
        key = _BARE.get(name) or f"HTTP_{name.upper().replace('-', '_')}"
        if key in environ:
            joint = "; " if name == "cookie" else ","
            environ[key] = f"{environ[key]}{joint}{value}"
        else:
            environ[key] = value
    if scope.authority and "HTTP_HOST" not in environ:
        environ["HTTP_HOST"] = scope.authority
    return environ
