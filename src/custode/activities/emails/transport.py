"""Sends an e-mail through the account's mail server by SMTP, and reports the result.

There are three results: it was accepted; it was not, and then nobody has it; or it is unknown, when
the last byte was on its way and no answer came (RFC 5321, 4.5.3.2.6).
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings

from custode.activities.emails.models import MailServer, Security, Why
from custode.kernel.safe_connect import Deadline, PrivateAddress, connect, is_public
from custode.signin import sealing

PATIENCE: Final = 20.0
"""The seconds to wait for each answer."""
LAST_PATIENCE: Final = 90.0
"""The seconds to wait for the last answer: servers check for viruses before accepting."""
LIMIT: Final = 240.0
"""The seconds that a whole attempt may take, however busy the server seems."""
_PIECE: Final = 2**16


class NotSent(Exception):
    """The e-mail was not sent to anybody.

    Args:
        why: the reason.
        answer: the server's answer, if any.
    """

    def __init__(self, why: Why, answer: str = "") -> None:
        super().__init__(why)
        self.why, self.answer = why, answer


class Unsure(NotSent):
    """The server may or may not have accepted the e-mail."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message with its envelope.

    Args:
        sender: the envelope's sender.
        to: all recipients, copies included.
        content: headers and body.
    """

    sender: str
    to: Sequence[str]
    content: bytes


class _Server(smtplib.SMTP):
    """smtplib's client, limited to addresses that may be reached."""

    def __init__(self, deadline: Deadline, host: str, port: int, **more: Any) -> None:
        self._deadline = deadline
        super().__init__(host, port, settings.HOST, PATIENCE, **more)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        connected = connect(host, port, timeout, may_reach)
        self._deadline.holds(connected)
        return connected


class _TlsServer(smtplib.SMTP_SSL, _Server):
    """The same, encrypted from the first byte."""

    def __init__(self, deadline: Deadline, host: str, port: int, **more: Any) -> None:
        self._deadline = deadline
        smtplib.SMTP_SSL.__init__(
            self, host, port, local_hostname=settings.HOST, timeout=PATIENCE, **more
        )


def deliver(server: MailServer, outgoing: Outgoing) -> str:
    """Send the message, and return the server's answer on accepting it.

    Raises:
        NotSent, Unsure: it was not sent, or nobody knows.
    """
    with _session(server) as smtp:
        _envelope(smtp, outgoing)
        _hand_over(smtp, _as_lines(outgoing.content))
        # From here on only this one answer matters.
        return _last_answer(smtp)


@contextmanager
def _session(server: MailServer) -> Iterator[smtplib.SMTP]:
    deadline = Deadline(LIMIT)
    try:
        smtp = _opened(server, deadline)
        try:
            yield smtp
            with suppress(smtplib.SMTPException, OSError):
                smtp.quit()
        finally:
            smtp.close()
    finally:
        deadline.over()


def _opened(server: MailServer, deadline: Deadline) -> smtplib.SMTP:
    """Return a connection, encrypted and authenticated as the account has set."""
    try:
        password = sealing.unseal(server.password) if server.password else ""
    except sealing.Sealed as error:
        raise NotSent(Why.LOCKED) from error
    context = ssl.create_default_context()
    smtp: smtplib.SMTP
    try:
        if server.security == Security.TLS:
            smtp = _TlsServer(deadline, server.host, server.port, context=context)
        else:
            smtp = _Server(deadline, server.host, server.port)
    except PrivateAddress as error:
        raise NotSent(Why.PRIVATE) from error
    except ssl.SSLError as error:
        raise NotSent(Why.TLS, str(error.reason or "")) from error
    except (smtplib.SMTPException, OSError, UnicodeError) as error:
        raise NotSent(Why.CONNECT, _said(error)) from error
    try:
        _begin(smtp, server, context, password)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _begin(smtp: smtplib.SMTP, server: MailServer, context: ssl.SSLContext, password: str) -> None:
    try:
        smtp.ehlo_or_helo_if_needed()
        if server.security == Security.STARTTLS:
            smtp.starttls(context=context)
            smtp.ehlo_or_helo_if_needed()
    except (smtplib.SMTPNotSupportedError, smtplib.SMTPResponseException, ssl.SSLError) as error:
        raise NotSent(Why.TLS, _said(error)) from error
    except (smtplib.SMTPException, OSError) as error:
        raise NotSent(Why.CONNECT, _said(error)) from error
    if not server.username:
        return
    try:
        smtp.login(server.username, password)
    except (smtplib.SMTPException, OSError, UnicodeError) as error:
        raise NotSent(Why.LOGIN, _said(error)) from error


def _envelope(smtp: smtplib.SMTP, outgoing: Outgoing) -> None:
    """Send the sender and all recipients; if one is refused, nobody gets it."""
    size = [f"size={len(outgoing.content)}"] if smtp.has_extn("size") else []
    try:
        _require(smtp.mail(outgoing.sender, size), Why.SENDER)
        for one in outgoing.to:
            _require(smtp.rcpt(one), Why.RECIPIENT, f"{one}: ")
        code, said = smtp.docmd("DATA")
    except (smtplib.SMTPException, OSError, UnicodeError) as error:
        raise NotSent(Why.BROKE_OFF, _said(error)) from error
    if code != 354:
        raise NotSent(Why.MESSAGE, _line(code, said))


def _require(answer: tuple[int, bytes], why: Why, about: str = "") -> None:
    code, said = answer
    if code not in {250, 251}:
        raise NotSent(why, about + _line(code, said))


def _as_lines(content: bytes) -> bytes:
    """Return the lines of a message in SMTP's form, so that none of them ends it."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", content)
    if not lines.endswith(b"\r\n"):
        lines += b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", lines)


def _hand_over(smtp: smtplib.SMTP, lines: bytes) -> None:
    """Send everything but the final line: until that is sent, nobody has the message."""
    try:
        for at in range(0, len(lines), _PIECE):
            smtp.send(lines[at : at + _PIECE])
    except (smtplib.SMTPException, OSError) as error:
        raise NotSent(Why.BROKE_OFF, _said(error)) from error


def _last_answer(smtp: smtplib.SMTP) -> str:
    try:
        smtp.send(b".\r\n")
        if smtp.sock is not None:
            smtp.sock.settimeout(LAST_PATIENCE)
        code, said = smtp.getreply()
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise Unsure(Why.NO_ANSWER, _said(error)) from error
    if 200 <= code < 300:
        return _line(code, said)
    if 400 <= code < 600:
        raise NotSent(Why.MESSAGE, _line(code, said))
    raise Unsure(Why.NO_ANSWER, _line(code, said))


def may_reach(ip: str) -> bool:
    """Return whether a server at this address may be used: a public one, or any if permitted."""
    return settings.ACCOUNT_MAIL_PRIVATE or is_public(ip)


def _said(error: BaseException) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _line(error.smtp_code, error.smtp_error)
    if isinstance(error, TimeoutError):
        return ""
    return printable(str(getattr(error, "strerror", "") or error))


def _line(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return printable(f"{code} {text}")


def printable(text: str) -> str:
    """Return a foreign program's text as one line of printable characters."""
    plain = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(plain.split())[:500]
