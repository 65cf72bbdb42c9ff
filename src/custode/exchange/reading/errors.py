"""How the reader says no: always one family, always a sentence that says what to do."""

from __future__ import annotations

from custode.kernel.errors import Invalid


class ReadingError(Invalid):
    """The family: nothing else leaves this package, whatever the file holds."""


class UnreadableFile(ReadingError):
    """The file as a whole cannot be taken: wrong kind, damaged, or beyond a limit."""


class MappingError(ReadingError):
    """A mapping is wrong; `field` names the place at fault (a field, a column or a key)."""


class BadValue(ReadingError):
    """One value cannot be read; the sentence is the reason to show beside it."""
