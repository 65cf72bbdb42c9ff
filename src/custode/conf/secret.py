"""The secret key: set by the operator, or made once and kept in the data folder."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from custode.conf.options import WrongSetting

SHORTEST = 50


def key(told: str, data: Path) -> str:
    """Return the key that signs links and cookies.

    Raises:
        WrongSetting: the operator's key is too short or too simple.
    """
    if told:
        if len(told) < SHORTEST or len(set(told)) < 8:
            raise WrongSetting(
                f"CUSTODE_SECRET_KEY is weak: give it at least {SHORTEST} random characters, or"
                " leave it empty to have one made and kept in the data folder."
            )
        return told
    path = path_in(data)
    if not path.exists():
        data.mkdir(parents=True, exist_ok=True)
        write_private(path, secrets.token_urlsafe(64))
    kept = path.read_text(encoding="ascii").strip()
    if len(kept) < SHORTEST:
        raise WrongSetting(f"{path} does not hold a key. Restore it from a backup, or remove it.")
    return kept


def path_in(data: Path) -> Path:
    """Return where a data folder keeps its key."""
    return data / "secret_key"


def write_private(path: Path, text: str) -> None:
    """Write a file that only this user can read, unless it exists already."""
    # Only one process wins; the others read its file. The name appears together with the content.
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
