"""The connections that granian serves, looked up among this process's open sockets.

granian has no call to break one, nor to tell when one is over.
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
"""Bytes of a long answer that the system takes ahead of what it sends; by itself, it takes 4 MB."""
_AT_ONCE: Final = struct.pack("ii", 1, 0)
"""SO_LINGER of no seconds: what waits in the socket is dropped when it is closed."""

Address = tuple[IPv4Address | IPv6Address, int]


@dataclass(frozen=True, slots=True)
class Connection:
    """One that carries an answer, known by its number and inode: a number alone is used again."""

    number: int
    inode: int

    @property
    def is_open(self) -> bool:
        """Whether granian still holds it."""
        try:
            return os.fstat(self.number).st_ino == self.inode
        except OSError:
            return False

    def cut(self) -> None:
        """Break it: of what the client has not taken, it gets nothing."""
        with suppress(OSError), _ours(self.number) as ours:
            if os.fstat(ours.fileno()).st_ino == self.inode:
                ours.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
                # granian's next read or write fails, and it closes the socket.
                ours.shutdown(socket.SHUT_RDWR)


NONE: Final = Connection(-1, -1)


def with_client(client: str) -> Connection:
    """The connection with a client, from now on so that little waits in it; or `NONE`.

    Args:
        client: the other end as granian tells it, `address:port`.
    """
    host, _colon, port = client.rpartition(":")
    wanted = _address(host.strip("[]"), int(port))
    for name in os.listdir("/dev/fd"):  # noqa: PTH208 (it is numbers that are wanted)
        # Many are no connected sockets, and some are closed by the time we look.
        with suppress(OSError), _ours(int(name)) as ours:
            if _other_end(ours) == wanted:
                ours.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, UNSENT)
                return Connection(int(name), os.fstat(ours.fileno()).st_ino)
    return NONE


@contextmanager
def _ours(number: int) -> Iterator[socket.socket]:
    """A handle of our own on a socket, for as long as we look at it.

    A handle on a file is never closed here: with any of them the system takes back all locks that
    this process has on the file, and SQLite's data would lie open to other processes
    (https://sqlite.org/howtocorrupt.html, "POSIX advisory locks canceled").

    Raises:
        OSError: it is none.
    """
    _must_be_socket(number)
    handle = os.dup(number)
    # The number may have come to stand for a file meanwhile: then rather a handle too many.
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
