"""Convert a request from granian's form into WSGI's."""

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
    """The headers of a request."""

    def get(self, key: str, default: Any = None) -> Any:
        """Return the value of a header, by its lower-case name."""

    def __contains__(self, key: str) -> bool: ...

    def items(self) -> list[tuple[str, str]]:
        """Return all headers, one pair per line."""


class Scope(Protocol):
    """granian's description of a request."""

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
    """WSGI's `file_wrapper`: a response that is a file, which needs no thread to be sent."""

    def __init__(self, file: BinaryIO, block_size: int = 0) -> None:
        self.file = file

    def close(self) -> None:
        """Close the file, and with it Django's response."""
        self.file.close()


def environ_of(scope: Scope, body: BinaryIO) -> dict[str, Any]:
    """Return the WSGI environment of a request whose body is complete.

    A header whose name contains an underscore is left out: it could pass for one that a proxy
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
