"""Connecting to user-supplied hosts: only to permitted addresses, and with a deadline."""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

MOST_ADDRESSES: Final = 3
"""How many addresses of a host are tried."""
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
_NEVER: Final = (ipaddress.ip_network("fec0::/10"), ipaddress.ip_network("192.0.0.0/24"))
"""Networks that the library considers partly public: old private IPv6, IPv4 for protocols."""


class PrivateAddress(OSError):
    """None of a host's addresses may be connected to."""


class Deadline:
    """Cuts a connection when its time is over, even while its server keeps sending.

    Args:
        seconds: the time from now, including name lookups and further connections.
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
        """The seconds left; 0 when there are none."""
        return 0.0 if self.is_past else max(0.0, self._until - time.monotonic())

    def holds(self, connected: socket.socket) -> None:
        """Watch this connection from now on, in place of any earlier one."""
        before = self._line
        # A second handle on the same connection: TLS takes over the first one.
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
        """Stop watching."""
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
    """Connect to one of the host's addresses that may be reached.

    The address that was checked is the one connected to: the name may resolve differently next
    time.

    Args:
        timeout: seconds for each address.
        deadline: for the lookup and all addresses together; a lookup cannot be cut off, but nothing
            follows once the time is over.

    Raises:
        PrivateAddress: none of the addresses may be reached.
        TimeoutError: the deadline is past.
        OSError: none of them answers.
    """
    found = [info[4][:2] for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    allowed = [(ip, at) for ip, at in found if may_reach(str(ip))]
    if not allowed:
        raise PrivateAddress(host)
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
    """Return whether an address is on the public network, not on one's own machine or network."""
    found = ipaddress.ip_address(ip.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        if found in _NAT64:
            found = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        else:
            found = found.ipv4_mapped or found.sixtofour or found
    if any(found in network for network in _NEVER):
        return False
    return found.is_global and not found.is_multicast and not found.is_reserved
