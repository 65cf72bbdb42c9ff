"""The connections that granian serves, looked up among this process's open sockets.

granian has no function to break one, or to tell when one has ended.
"""

from __future__ import annotations

import os
import socket
import stat
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final

UNSENT: Final = 128 * 1024
"""The bytes of a long response that the kernel buffers ahead; by default it would be 4 MB."""
_AT_ONCE: Final = struct.pack("ii", 1, 0)
"""SO_LINGER of zero seconds: closing the socket drops what waits in it."""

Address = tuple[IPv4Address | IPv6Address, int]


@dataclass(frozen=True, slots=True)
class Connection:
    """A connection with a response, identified by number and inode: numbers alone are reused."""

    number: int
    inode: int

    @property
    def is_open(self) -> bool:
        """Tell whether granian still holds it."""
        try:
            return os.fstat(self.number).st_ino == self.inode
        except OSError:
            return False

    def cut(self) -> None:
        """Break it: the client gets nothing beyond what it has already taken."""
        with suppress(OSError), _ours(self.number) as ours:
            if os.fstat(ours.fileno()).st_ino == self.inode:
                ours.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
                # granian's next read or write fails, and it closes the socket.
                ours.shutdown(socket.SHUT_RDWR)


NONE: Final = Connection(-1, -1)


def with_client(client: str) -> Connection:
    """Return the connection with a client, from now on with a small buffer; or `NONE`.

    Args:
        client: the other end as granian names it, `address:port`.
    """
    host, _colon, port = client.rpartition(":")
    wanted = _address(host.strip("[]"), int(port))
    for name in os.listdir("/dev/fd"):  # noqa: PTH208 (it is numbers that are wanted)
        # Many are not connected sockets, and some have been closed by now.
        with suppress(OSError), _ours(int(name)) as ours:
            if _other_end(ours) == wanted:
                ours.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, UNSENT)
                return Connection(int(name), os.fstat(ours.fileno()).st_ino)
    return NONE


@contextmanager
def _ours(number: int) -> Iterator[socket.socket]:
    """Yield a handle of our own on a socket, for as long as it is examined.

    A handle on a file is never closed here: with any of them the system releases all locks that
    this process has on the file, and SQLite's data would be unprotected from other processes
    (https://sqlite.org/howtocorrupt.html, "POSIX advisory locks canceled").

    Raises:
        OSError: it is not a socket.
    """
    _must_be_socket(number)
    handle = os.dup(number)
    # The number may refer to a file meanwhile: then rather leak one handle.
    _must_be_socket(handle)
    with socket.socket(fileno=handle) as ours:
        yield ours


def _must_be_socket(number: int) -> None:
    if not stat.S_ISSOCK(os.fstat(number).st_mode):
        raise OSError(f"{number} is no socket.")


def _other_end(ours: socket.socket) -> Address | None:
    if ours.family not in {socket.AF_INET, socket.AF_INET6}:
        return None
    host, port, *_more = ours.getpeername()
    return _address(host, port)


def _address(host: str, port: int) -> Address:
    return ip_address(host.partition("%")[0]), port
