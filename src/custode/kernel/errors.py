"""Custode's exceptions. Each carries a complete sentence for the person who meets it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

Name = TypeVar("Name")


class CustodeError(Exception):
    """The base class; `str(error)` is a sentence that may be shown."""


class Refused(CustodeError):
    """A rule or a missing right forbids the act.

    Args:
        why: a sentence that names the reason and whom to ask.
        rule: the privacy setting that decided, as `verb:kind`, or "" when a right is missing.
        because: the missing right as one word for the log, which is translated for each reader:
            `admins`, `others`, `not_own`, `disabled`, `edition`.
        facts: more of the reason, without personal data.
    """

    def __init__(self, why: str, rule: str = "", because: str = "", **facts: Any) -> None:
        super().__init__(why)
        self.why = why
        self.rule = rule
        self.facts = {"because": because, **facts} if because else facts


class ProofNeeded(CustodeError):
    """The act requires a fresh proof of identity; with it, the same request is accepted."""


class TooMany(CustodeError):
    """Too many attempts; `str(error)` says how long to wait.

    Args:
        wait: seconds until the next attempt is accepted.
    """

    def __init__(self, message: str, wait: int) -> None:
        super().__init__(message)
        self.wait = wait


class Invalid(CustodeError):
    """A value is not acceptable; nothing was changed.

    Args:
        message: a sentence that says what is wrong and what to do.
        field: the field at fault, or "" when it is no single field.
    """

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field

    @property
    def wrong(self) -> dict[str, str]:
        """The errors: field -> what is wrong with it."""
        return {self.field: str(self)}


class Overtaken(Invalid):
    """Somebody has changed the value since the person began to edit it; the next save replaces."""


class AllInvalid(Invalid):
    """Several values are not acceptable; all are reported at once."""

    def __init__(self, errors: list[Invalid]) -> None:
        super().__init__(str(errors[0]), errors[0].field)
        self._errors = errors

    @property
    def wrong(self) -> dict[str, str]:
        """The errors in the order of the form: field -> what is wrong with it."""
        return {field: said for one in self._errors for field, said in one.wrong.items()}


def read_all(readings: Mapping[Name, Callable[[], Any]]) -> dict[Name, Any]:
    """Read several values, and return them by name.

    Args:
        readings: name -> a function that reads a value, and raises `Invalid` if it is not
            acceptable.

    Raises:
        AllInvalid: one or more values are not acceptable.
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
    """The object to change is in the trash by now, or never was in this account."""


class NothingLeft(Gone):
    """What was to be undone was undone before, or has been changed since: the act itself is there.

    Only whoever might have undone it is told so.
    """


class UseTheDoor(CustodeError):
    """Code tried to delete, restore or export without the door. A programming error."""


class NoScope(CustodeError):
    """A query was made with no account in scope. A programming error; it fails closed."""
