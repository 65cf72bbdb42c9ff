"""The settings an operator may make: `CUSTODE_*` variables, or the same names in a file.

Each is declared here once; an unknown or invalid one stops the start with an explanation.
"""

from __future__ import annotations

import base64
import ipaddress
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

PREFIX: Final = "CUSTODE_"


class WrongSetting(Exception):
    """A setting is unknown or cannot be read; the text is a sentence for the operator."""


@dataclass(frozen=True, slots=True)
class Option:
    """A setting.

    Args:
        name: its name with the prefix, as the operator writes it.
        help: what it is for, in a sentence.
        default: its text when it is not set.
        read: turns the text into the value; raises `ValueError` with what is expected.
        secret: its value is never shown.
    """

    name: str
    help: str
    default: str
    read: Callable[[str], Any] = str
    secret: bool = False


def _whole(smallest: int, largest: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        """Parse the number."""
        if not text.isdecimal() or not smallest <= int(text) <= largest:
            raise ValueError(f"a whole number from {smallest} to {largest}")
        return int(text)

    return read


def _yes_or_no(text: str) -> bool:
    if text not in {"yes", "no"}:
        raise ValueError("yes or no")
    return text == "yes"


def _address(text: str) -> str:
    expected = "an address like https://crm.example.com, without a path"
    try:
        parts = urlsplit(text)
        whole = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError as error:
        raise ValueError(expected) from error
    if not whole or parts.path.strip("/") or parts.query or parts.fragment or parts.username:
        raise ValueError(expected)
    return text.rstrip("/")


def _database(text: str) -> str:
    expected = "empty for SQLite, or postgresql://user:password@host:port/name"
    try:
        parts = urlsplit(text)
        port_is_one = parts.port != 0
    except ValueError as error:
        raise ValueError(expected) from error
    named = parts.scheme in {"postgresql", "postgres"} and bool(parts.path.strip("/"))
    if text and not (named and port_is_one):
        raise ValueError(expected)
    return text


def _ip(text: str) -> str:
    if text == "localhost":
        return "127.0.0.1"
    try:
        return str(ipaddress.ip_address(text))
    except ValueError as error:
        raise ValueError("an IP address (0.0.0.0 for all), or localhost") from error


def _ips(text: str) -> list[str]:
    try:
        words = [word.strip() for word in text.split(",")]
        return [str(ipaddress.ip_address(word)) for word in words if word]
    except ValueError as error:
        raise ValueError("IP addresses with commas between them") from error


def _keys(text: str) -> list[str]:
    words = [word.strip() for word in text.split(",") if word.strip()]
    try:
        whole = all(len(base64.urlsafe_b64decode(word)) == 32 for word in words)
    except ValueError:
        whole = False
    if not whole:
        raise ValueError("keys of 32 bytes as base64url, with commas between them")
    return words


def _mail_address(text: str) -> str:
    if "@" not in parseaddr(text)[1]:
        raise ValueError("an e-mail address")
    return text


OPTIONS: Final = (
    Option("CUSTODE_DATA", "The folder of the database (SQLite), the attachments and the secrets.",
           "./data", lambda text: Path(text).expanduser().absolute()),
    Option("CUSTODE_DATABASE_URL", "PostgreSQL's address; empty for SQLite in the data folder.",
           "", _database, secret=True),
    Option("CUSTODE_SECRET_KEY", "The key that signs links and cookies, at least 50 characters;"
           " empty to keep one in the data folder.", "", str, secret=True),
    Option("CUSTODE_ENCRYPTION_KEYS", "The keys that encrypt the secrets of two-factor"
           " authentication and the passwords of mail servers, the newest first, with commas;"
           " empty to keep them in the data folder.", "", _keys, secret=True),
    Option("CUSTODE_URL", "The address at which people reach Custode; links in mails begin with"
           " it.", "http://localhost:8000", _address),
    Option("CUSTODE_BIND", "The network address `custode serve` listens on.", "127.0.0.1", _ip),
    Option("CUSTODE_PORT", "The port that `custode serve` and `custode demo` listen on.", "8000",
           _whole(1, 65535)),
    Option("CUSTODE_THREADS", "How many requests `custode serve` works on at once.", "8",
           _whole(2, 64)),
    Option("CUSTODE_TLS_CERTIFICATE", "The file of the certificate, to serve https directly.", ""),
    Option("CUSTODE_TLS_KEY", "The file of the certificate's private key.", ""),
    Option("CUSTODE_BEHIND_PROXY", "yes when a proxy in front of Custode speaks https.", "no",
           _yes_or_no),
    Option("CUSTODE_TRUSTED_PROXIES", "The IP addresses of the proxies whose X-Forwarded-For is"
           " believed, with commas.", "", _ips),
    Option("CUSTODE_WORKER", "yes to work on jobs inside `custode serve`, no where another host"
           " does.", "yes", _yes_or_no),
    Option("CUSTODE_MAIL_HOST", "The SMTP server; empty when no mail is set up.", ""),
    Option("CUSTODE_MAIL_PORT", "The SMTP server's port.", "587", _whole(1, 65535)),
    Option("CUSTODE_MAIL_USER", "The user name at the SMTP server.", ""),
    Option("CUSTODE_MAIL_PASSWORD", "The password at the SMTP server.", "", str, secret=True),
    Option("CUSTODE_MAIL_TLS", "starttls, tls or none.", "starttls",
           lambda text: _one_of(text, "starttls", "tls", "none")),
    Option("CUSTODE_MAIL_FROM", "The sender of Custode's own mails.", "custode@localhost",
           _mail_address),
    Option("CUSTODE_ACCOUNT_MAIL_PRIVATE", "yes when accounts may send their e-mails through"
           " servers on private addresses, such as one in your own network.", "no", _yes_or_no),
    Option("CUSTODE_WEBHOOKS_TO_PRIVATE_ADDRESSES", "yes when webhooks may be sent to private"
           " addresses, such as a program in your own network.", "no", _yes_or_no),
    Option("CUSTODE_UPLOAD_MB", "The largest file that may be uploaded, in megabytes.", "100",
           _whole(1, 2000)),
    Option("CUSTODE_ATTACHMENT_MB", "The largest file that a comment may carry, and all files of"
           " an e-mail together, in megabytes.", "20", _whole(1, 2000)),
    Option("CUSTODE_API_HOURLY", "How many requests an application's key, or a user's programs, may"
           " make in an hour.", "2000", _whole(1, 1_000_000)),
    Option("CUSTODE_API_HOURLY_ACCOUNT", "How many all keys and users of an account may make"
           " together in an hour.", "10000", _whole(1, 10_000_000)),
    Option("CUSTODE_WEBHOOK_MAILS_HOURLY", "How many mails a webhook may send to its e-mail address"
           " in an hour; what is beyond goes together in one.", "30", _whole(1, 10_000)),
    Option("CUSTODE_LOG_LEVEL", "How much is told on standard error: error, warning, info or"
           " debug.", "info", lambda text: _one_of(text, "error", "warning", "info", "debug")),
)  # fmt: skip


def _one_of(text: str, *words: str) -> str:
    if text not in words:
        raise ValueError(" or ".join(words))
    return text


SETTINGS_FILE: Final = "CUSTODE_SETTINGS"
"""Names the settings file; without it, `custode.env` in the working folder is read if it exists."""


def load(environment: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Return every option's value: from the environment, else from the file, else its default.

    Raises:
        WrongSetting: a name is unknown, or a value cannot be read.
    """
    told = {**_from_file(environment), **_ours(environment)}
    known = {option.name for option in OPTIONS}
    for name in told:
        if name not in known:
            raise WrongSetting(
                f"There is no setting {name}. Those there are, are listed in docs/settings.md."
            )
    values = {}
    for option in OPTIONS:
        text = told.get(option.name, option.default)
        try:
            values[option.name.removeprefix(PREFIX)] = option.read(text)
        except ValueError as error:
            shown = "its value" if option.secret else f"“{text}”"
            raise WrongSetting(f"{option.name} must be {error}, not {shown}.") from error
    return values


def _ours(environment: Mapping[str, str]) -> dict[str, str]:
    return {
        name: text
        for name, text in environment.items()
        if name.startswith(PREFIX) and name != SETTINGS_FILE
    }


def _from_file(environment: Mapping[str, str]) -> dict[str, str]:
    named = environment.get(SETTINGS_FILE)
    path = Path(named or "custode.env")
    if not path.is_file():
        if named:
            raise WrongSetting(f"{SETTINGS_FILE} names {path}, and there is no such file.")
        return {}
    found = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        name, equals, value = text.partition("=")
        if not equals:
            raise WrongSetting(f"Line {number} of {path} is not NAME=value.")
        found[name.strip()] = value.strip()
    return found
