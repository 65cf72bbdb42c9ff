"""Starting Django for a command, and putting its errors into sentences.

Nothing of Django is imported before it is needed: `custode help` answers at once.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Sequence


def django() -> None:
    """Start Django with Custode's settings, once.

    Raises:
        WrongSetting: a setting is unknown or wrong.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "custode.conf.settings")
    importlib.import_module("django").setup()


def version() -> str:
    """The installed version of Custode."""
    return str(importlib.import_module("importlib.metadata").version("custode"))


def djangos_own(words: Sequence[str]) -> int:
    """Run one of Django's commands; it exits by itself when something is wrong."""
    management = importlib.import_module("django.core.management")
    management.ManagementUtility(["custode", *words]).execute()
    return 0


def sentence_of(error: Exception) -> str | None:
    """What to tell the operator of an error that is no mistake of the program; None when it is."""
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
