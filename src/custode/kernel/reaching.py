"""Connecting to a host that somebody has named, only where that is allowed, and not for ever."""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

MOST_ADDRESSES: Final = 3
"""Of a host with many addresses, so many are tried."""
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
_NEVER: Final = (ipaddress.ip_network("fec0::/10"), ipaddress.ip_network("192.0.0.0/24"))
"""What the library takes for public in part: old private IPv6, and IPv4 for protocols."""


class Private(OSError):
    """All addresses of a host are such as may not be reached."""


class Deadline:
    """Cuts a connection when its time is over, though its server goes on to talk.

    Args:
        seconds: how long from now on, names and further connections included.
    """

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True
        self._timer.start()
        self._line: socket.socket | None = None
        self.is_past = False

    @property
    def left(self) -> float:
        """Seconds that are left; 0 when none is."""
        return 0.0 if self.is_past else max(0.0, self._until - time.monotonic())

    def holds(self, connected: socket.socket) -> None:
        """It is this connection that is cut, and no longer one before it."""
        before = self._line
        # A second handle on the same connection: TLS takes the first one over.
        self._line = connected.dup()
        if before is not None:
            before.close()
        if self.is_past:
            self._cut()

    def _cut(self) -> None:
        self.is_past = True
        if self._line is not None:
            with suppress(OSError):
                self._line.shutdown(socket.SHUT_RDWR)

    def over(self) -> None:
        """It is at its end."""
        self._timer.cancel()
        if self._line is not None:
            self._line.close()


def connect(
    host: str,
    port: int,
    timeout: float,
    may_reach: Callable[[str], bool],
    deadline: Deadline | None = None,
) -> socket.socket:
    """A connection to one of the host's addresses, if it is one that may be reached.

    The address that was judged is the one connected to: a name may mean another one the next time.

    Args:
        timeout: seconds for each address.
        deadline: for the name and all addresses together; looking a name up cannot be cut off, but
            nothing follows when the time is over.

    Raises:
        Private: see there.
        TimeoutError: the deadline is past.
        OSError: none of them answers.
    """
    found = [info[4][:2] for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    allowed = [(ip, at) for ip, at in found if may_reach(str(ip))]
    if not allowed:
        raise Private(host)
    failed = OSError(host)
    for ip, at in allowed[:MOST_ADDRESSES]:
        left = timeout if deadline is None else min(timeout, deadline.left)
        if not left:
            raise TimeoutError(host)
        try:
            return socket.create_connection((str(ip), int(at)), left)
        except OSError as error:
            failed = error
    raise failed


def is_public(ip: str) -> bool:
    """Whether an address is one of the public network, and not one's own machine or network."""
    found = ipaddress.ip_address(ip.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        if found in _NAT64:
            found = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        else:
            found = found.ipv4_mapped or found.sixtofour or found
    if any(found in network for network in _NEVER):
        return False
    return found.is_global and not found.is_multicast and not found.is_reserved
