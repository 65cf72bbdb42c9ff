"""How Custode says no. Each error carries a whole sentence for the person who meets it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

Name = TypeVar("Name")


class CustodeError(Exception):
    """The family; `str(error)` is a sentence that may be shown."""


class Refused(CustodeError):
    """A rule or a missing right forbids the act.

    Args:
        why: a sentence that names the reason and whom to ask.
        rule: the privacy setting that decided, as `verb:kind`, or "" when a right is missing.
        because: the missing right in a word for the log, which tells it to each reader in their
            own language: `admins`, `others`, `not_own`, `disabled`, `edition`.
        facts: more of the reason, without personal data.
    """

    def __init__(self, why: str, rule: str = "", because: str = "", **facts: Any) -> None:
        super().__init__(why)
        self.why = why
        self.rule = rule
        self.facts = {"because": because, **facts} if because else facts


class ProofNeeded(CustodeError):
    """The act takes a fresh proof of identity; with it, the same request is let through."""


class TooMany(CustodeError):
    """Too many tries; `str(error)` says how long to wait.

    Args:
        wait: seconds until the next try is taken.
    """

    def __init__(self, message: str, wait: int) -> None:
        super().__init__(message)
        self.wait = wait


class Invalid(CustodeError):
    """A value cannot be taken; nothing was changed.

    Args:
        message: a sentence that says what is wrong and what to do.
        field: the field at fault, or "" when it is the whole.
    """

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field

    @property
    def wrong(self) -> dict[str, str]:
        """Field -> what is wrong with it."""
        return {self.field: str(self)}


class Overtaken(Invalid):
    """Somebody has changed the value since the person began to edit it; the next save replaces."""


class AllInvalid(Invalid):
    """Several values cannot be taken; a person is told of all at once."""

    def __init__(self, errors: list[Invalid]) -> None:
        super().__init__(str(errors[0]), errors[0].field)
        self._errors = errors

    @property
    def wrong(self) -> dict[str, str]:
        """Field -> what is wrong with it, in the order of the form."""
        return {field: said for one in self._errors for field, said in one.wrong.items()}


def read_all(readings: Mapping[Name, Callable[[], Any]]) -> dict[Name, Any]:
    """Name -> what was read under it.

    Args:
        readings: name -> what reads a value, and raises `Invalid` when it cannot be taken.

    Raises:
        AllInvalid: one or more cannot be taken.
    """
    found, errors = {}, []
    for name, reading in readings.items():
        try:
            found[name] = reading()
        except Invalid as error:
            errors.append(error)
    if errors:
        raise AllInvalid(errors)
    return found


class Gone(CustodeError):
    """What was to be changed has meanwhile gone to the trash, or never was in this account."""


class NothingLeft(Gone):
    """What was to be undone was undone before, or has been changed since: the act itself is there.

    Only whoever might have undone it is told so.
    """


class UseTheDoor(CustodeError):
    """Code tried to delete, restore or export by a side way. A mistake of the programmer."""


class NoScope(CustodeError):
    """A query was made with no account in scope. A mistake of the programmer; fails closed."""
