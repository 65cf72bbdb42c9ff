"""What the log still says of people, for the tests of erasing."""

from __future__ import annotations

from custode.guard.models import LogEntry, LogPerson


def persons() -> set[int]:
    """The numbers of the entries that have personal data."""
    return set(LogPerson.objects.values_list("seq", flat=True))


def everything_said() -> str:
    """All that the log says, in both tables."""
    parts = LogPerson.objects.values_list("data", flat=True)
    return "\n".join([*parts, *LogEntry.objects.values_list("details", flat=True)])
