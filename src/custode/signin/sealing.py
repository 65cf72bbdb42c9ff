"""Encryption of secrets at rest, with the newest of the installation's keys; any of them decrypts.

The keys (Fernet's: AES-128-CBC with HMAC-SHA256, https://github.com/fernet/spec) come from
`CUSTODE_ENCRYPTION_KEYS`, or are created once and kept in the data folder, the newest first.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.apps import apps
from django.conf import settings

from custode.conf import secret
from custode.guard.owned import Kept
from custode.kernel.errors import CustodeError

FILE: Final = "encryption_keys"


class Sealed(CustodeError):
    """A secret cannot be read: the key that it was encrypted with is missing."""


def seal(text: str) -> str:
    """Encrypt a secret for the database."""
    return _fernet().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Decrypt a secret from the database.

    Raises:
        Sealed: none of the keys fits.
    """
    try:
        return _fernet().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise Sealed(
            "A secret in the database cannot be read with the keys that are here. Put back"
            f" CUSTODE_ENCRYPTION_KEYS or the file {FILE} of the data folder."
        ) from error


def sealed_anew(sealed: str) -> str:
    """Return the same secret, encrypted with the newest key."""
    try:
        return _fernet().rotate(sealed.encode()).decode()
    except InvalidToken as error:
        raise Sealed(
            f"A secret cannot be read with the keys in {FILE}; nothing was changed."
        ) from error


def sealed_models() -> list[type[Kept]]:
    """Return the models that store a secret, each in the column that it names as `sealed`."""
    return [one for one in apps.get_models() if issubclass(one, Kept) and one.sealed]


def add_key() -> None:
    """Put a new key before those in the data folder; other processes read it from there."""
    path = _path()
    keys = [Fernet.generate_key().decode(), *_kept(path)]
    _write(path, keys)


def drop_old_keys() -> None:
    """Keep only the newest key of the data folder."""
    _write(_path(), _kept(_path())[:1])


def _fernet() -> MultiFernet:
    # Read each time: it takes microseconds, and another process may have added a key.
    told = settings.OPTIONS["ENCRYPTION_KEYS"] or _kept(_path())
    return MultiFernet([Fernet(key) for key in told])


def _path() -> Path:
    return Path(settings.DATA) / FILE


def _kept(path: Path) -> list[str]:
    if not path.exists():
        secret.write_private(path, Fernet.generate_key().decode() + "\n")
    return path.read_text(encoding="ascii").split()


def _write(path: Path, keys: list[str]) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write("\n".join(keys) + "\n")
    draft.replace(path)
