"""Start Django for a command, and turn its errors into messages.

Nothing of Django is imported before it is needed, so that `custode help` is fast.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Sequence
from pathlib import Path

from custode.conf import secret
from custode.conf.options import load


def django(*, brings_keys: bool = False) -> None:
    """Start Django with Custode's settings, once.

    Args:
        brings_keys: whether the command installs the keys itself.

    Raises:
        WrongSetting: a setting is unknown or wrong.
        Invalid: this host lacks the key with which its database has been served so far.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "custode.conf.settings")
    to_be_made = _key_to_be_made()
    importlib.import_module("django").setup()
    if to_be_made is not None and not brings_keys:
        importlib.import_module("custode.console.installation_keys").require_first_host(to_be_made)


def _key_to_be_made() -> Path | None:
    """Return where the settings will create a key, on a database that others may share."""
    told = load()
    path = secret.path_in(told["DATA"])
    if told["SECRET_KEY"] or not told["DATABASE_URL"] or path.exists():
        return None
    return path


def version() -> str:
    """Return the installed version of Custode."""
    return str(importlib.import_module("importlib.metadata").version("custode"))


def djangos_own(words: Sequence[str]) -> int:
    """Run one of Django's commands, which exits by itself if something is wrong."""
    management = importlib.import_module("django.core.management")
    management.ManagementUtility(["custode", *words]).execute()
    return 0


def sentence_of(error: Exception) -> str | None:
    """Return the message for the operator about an error; None if it is a bug."""
    kinds = {f"{kind.__module__}.{kind.__name__}" for kind in type(error).__mro__}
    if "django.db.utils.ProgrammingError" in kinds or "no such table" in str(error):
        return (
            "The database has not the form that this version needs. Run `custode migrate`."
            f" ({_first_line(error)})"
        )
    if "django.db.utils.DatabaseError" in kinds:
        return f"The database cannot be used: {_first_line(error)}."
    if "django.core.management.base.CommandError" in kinds:
        return _first_line(error)
    if isinstance(error, OSError):
        return f"{error.strerror or error}: {error.filename}." if error.filename else f"{error}."
    return None


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n", maxsplit=1)[0].rstrip(".")
