"""Claims: which job works on an export's file; only one, as long as it gives signs of life.

Every attempt has a token of its own, which is its claim and the name of its file. Results are saved
only while the token is still the current one, so that an attempt that was considered dead, but was
only slow, can neither change nor remove anything of its successor. Times are the database's.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from custode.exchange import folders
from custode.exchange.models import ExportFile, FileState

LEASE: Final = timedelta(seconds=20)
"""How long an attempt may be silent before it counts as dead (`pulse` reports every 2 seconds)."""


class Lost(Exception):
    """The file has been given to another attempt, or was removed."""


def take(file: ExportFile) -> bool:
    """Start a new attempt, unless another job works on the file; return whether it was started.

    `file.seq` still refers to the previous attempt, whose end may have to be logged.
    """
    free = Q(state=FileState.WAITING) | Q(state=FileState.WRITING) & silent_for(LEASE)
    # Compare and set: of several jobs that find it free, only one writes its token.
    found = ExportFile.objects.filter(free, pk=file.pk, token=file.token, tries=file.tries)
    token = folders.new_token()
    if not found.update(
        state=FileState.WRITING, token=token, tries=F("tries") + 1, rows=0, alive_at=Now()
    ):
        return False
    folders.remove(folders.EXPORTS, file.token)
    file.state, file.token, file.tries, file.rows = FileState.WRITING, token, file.tries + 1, 0
    return True


def keep(file: ExportFile, **values: Any) -> None:
    """Save values of the current attempt, together with a sign of life.

    Raises:
        Lost: another attempt has the file, or it was removed; nothing was saved.
    """
    if not _own(file).update(alive_at=Now(), **values):
        raise Lost


def give_back(file: ExportFile) -> None:
    """End a failed attempt, so that another may start at once."""
    folders.remove(folders.EXPORTS, file.token)
    _own(file).update(state=FileState.WAITING, alive_at=Now())


def silent_for(how_long: timedelta) -> Q:
    """Return the condition on files for which no job has given a sign of life for so long."""
    return Q(alive_at=None) | Q(alive_at__lt=Now() - how_long)


def _own(file: ExportFile) -> QuerySet[ExportFile, ExportFile]:
    return ExportFile.objects.filter(pk=file.pk, state=FileState.WRITING, token=file.token)
