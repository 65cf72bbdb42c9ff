"""Sends a delivery to a program by HTTP, and reports the result.

Accounts choose the URLs, so none may lead into the operator's own network: each address that a name
resolves to is checked before connecting to it, and again at every redirect. A receiver that is
slow, or answers endlessly, is cut off after a while.
"""

from __future__ import annotations

import http.client
import json
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urljoin

import urllib3
from django.conf import settings
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.util import Timeout, parse_url

import custode
from custode.exchange.webhooks.models import Why
from custode.kernel.safe_connect import Deadline, PrivateAddress, connect, is_public

PATIENCE: Final = 5.0
"""The seconds to wait for a connection."""
LIMIT: Final = 15.0
"""The seconds for a delivery in all: lookups, redirects, and however busy the receiver seems."""
MOST_REDIRECTS: Final = 3
ANSWER: Final = 2_000
"""The number of characters of an answer that are stored."""
_FOLLOWED: Final = frozenset({301, 302, 307, 308})
_AGENT: Final = f"Custode/{custode.__version__} (webhooks)"


@dataclass(frozen=True, slots=True)
class Result:
    """The result of an attempt.

    Args:
        code: the answer's status code; None when there was none.
        why: why it failed; "" when the delivery was accepted.
        answer: the beginning of the answer.
    """

    code: int | None = None
    why: str = ""
    answer: str = ""


class _Stopped(Exception):
    """Stops an attempt; not an error that urllib3 would convert to its own."""

    def __init__(self, why: Why, code: int | None = None) -> None:
        super().__init__(why)
        self.why, self.code = why, code


def body_of(number: int, event: str, signature: str, data: Mapping[str, Any]) -> bytes:
    """Return the body of a delivery, in the form expected by programs for noCRM's webhooks."""
    told = {"id": number, "event": event, "signature": signature, "data": data}
    return json.dumps({"webhook_event": told}, ensure_ascii=False).encode()


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Result:
    """Send it, following permitted redirects."""
    # Before the first lookup: a chain must not outlast its lease (`outbox.LEASE`).
    deadline = Deadline(LIMIT)
    try:
        for _n in range(MOST_REDIRECTS + 1):
            result, further = _post_once(url, body, headers, deadline)
            if further is None:
                return result
            if url.startswith("https:") and not further.startswith("https:"):
                raise _Stopped(Why.REDIRECT, result.code)
            url = further
    except _Stopped as stopped:
        return Result(stopped.code, stopped.why)
    finally:
        deadline.over()
    return Result(result.code, Why.REDIRECT)


def may_reach(ip: str) -> bool:
    """Return whether deliveries may go to this address: a public one, or any if permitted."""
    return settings.WEBHOOKS_TO_PRIVATE_ADDRESSES or is_public(ip)


def is_in_vain(url: str) -> bool:
    """Return whether a URL alone shows that nothing will ever be sent to it.

    No name is looked up: that is checked when a delivery connects.
    """
    try:
        host = (parse_url(url).host or "").strip("[]").rstrip(".").lower()
        if host == "localhost" or host.endswith(".localhost"):
            return not settings.WEBHOOKS_TO_PRIVATE_ADDRESSES
        # It accepts all spellings of an address, as connecting does, and fails for a name.
        found = socket.getaddrinfo(host, None, flags=socket.AI_NUMERICHOST)
    except (HTTPError, OSError, ValueError):
        return False
    return not any(may_reach(str(info[4][0])) for info in found)


def _post_once(
    url: str, body: bytes, headers: Mapping[str, str], deadline: Deadline
) -> tuple[Result, str | None]:
    """Make one request; return the result, and the redirect's target, if any."""
    try:
        parts = parse_url(url)
    except HTTPError as error:
        raise _Stopped(Why.REDIRECT) from error
    if parts.scheme not in {"http", "https"} or not parts.host:
        raise _Stopped(Why.REDIRECT)
    sent = {"content-type": "application/json", "user-agent": _AGENT, **headers}
    try:
        with _pool(parts.scheme, parts.host.strip("[]"), parts.port, deadline) as pool:
            answer = pool.urlopen(
                "POST", parts.request_uri, body=body, headers=sent, redirect=False, retries=False,
                preload_content=False, decode_content=False, assert_same_host=False,
            )  # fmt: skip
            try:
                if deadline.is_past:
                    # A truncated header looks like a complete one.
                    raise _Stopped(Why.SLOW)
                return _read(url, answer)
            finally:
                answer.close()
    except ssl.SSLError as error:
        raise _Stopped(Why.TLS) from error
    except (HTTPError, OSError, http.client.HTTPException, ValueError) as error:
        raise _Stopped(Why.SLOW if deadline.is_past else _why(error)) from error


def _why(error: Exception) -> Why:
    if isinstance(error, urllib3.exceptions.SSLError):
        return Why.TLS
    return Why.SLOW if isinstance(error, urllib3.exceptions.TimeoutError) else Why.BROKE_OFF


def _read(url: str, answer: urllib3.BaseHTTPResponse) -> tuple[Result, str | None]:
    code, location = answer.status, answer.headers.get("location")
    if code in _FOLLOWED and location:
        return Result(code), urljoin(url, location)
    try:
        said = answer.read(4 * ANSWER)
    except (HTTPError, OSError, http.client.HTTPException, ValueError):
        # Whether it was accepted is shown by the status, which has arrived.
        said = b""
    text = said.decode("utf-8", "replace").replace("\x00", "")[:ANSWER]
    return Result(code, "" if 200 <= code < 300 else Why.STATUS, text), None


def _pool(
    scheme: str, host: str, port: int | None, deadline: Deadline
) -> urllib3.HTTPConnectionPool:
    timeout = Timeout(connect=PATIENCE, read=LIMIT)
    if scheme == "http":
        return _Plain(host, port, timeout=timeout, maxsize=1, deadline=deadline)
    context = ssl.create_default_context()
    return _Encrypted(
        host, port, timeout=timeout, maxsize=1, ssl_context=context, deadline=deadline
    )  # fmt: skip


class _Judged(HTTPConnection):
    """urllib3's connection, limited to permitted addresses, and cut off in time."""

    def __init__(self, *args: Any, deadline: Deadline, **named: Any) -> None:
        super().__init__(*args, **named)
        self._deadline = deadline

    def _new_conn(self) -> socket.socket:
        try:
            connected = connect(self.host, int(self.port), PATIENCE, may_reach, self._deadline)
        except PrivateAddress as error:
            raise _Stopped(Why.PRIVATE) from error
        except (socket.gaierror, UnicodeError) as error:
            raise _Stopped(Why.UNKNOWN) from error
        except TimeoutError as error:
            raise _Stopped(Why.SLOW) from error
        except OSError as error:
            raise _Stopped(Why.CONNECT) from error
        connected.settimeout(LIMIT)
        self._deadline.holds(connected)
        return connected


class _JudgedTls(_Judged, HTTPSConnection):
    """The same, encrypted."""


class _Plain(urllib3.HTTPConnectionPool):
    ConnectionCls = _Judged


class _Encrypted(urllib3.HTTPSConnectionPool):
    ConnectionCls = _JudgedTls
