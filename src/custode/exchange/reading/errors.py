"""The reader's errors: one family, each with a sentence that says what to do."""

from __future__ import annotations

from custode.kernel.errors import Invalid


class ReadingError(Invalid):
    """The base class: this package raises nothing else, whatever the file contains."""


class UnreadableFile(ReadingError):
    """The file as a whole is not acceptable: wrong type, damaged, or beyond a limit."""


class MappingError(ReadingError):
    """A mapping is wrong; `field` names the faulty field, column or key."""


class BadValue(ReadingError):
    """One value cannot be read; the sentence is the reason to show beside it."""
