"""Which job works on the file of an export: one, for as long as it shows that it lives.

Every try has a token of its own: its claim, and the name of its file. What a try notes is noted
only while the token is still its own, so that one which was taken for dead, and was only slow, can
neither change nor remove anything of the try that came after it. Times are the database's.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from custode.exchange import folders
from custode.exchange.models import ExportFile, FileState

LEASE: Final = timedelta(seconds=20)
"""A try that has been silent for so long is taken for dead (`pulse` tells every two seconds)."""


class Lost(Exception):
    """The file has been given to another try, or was removed."""


def take(file: ExportFile) -> bool:
    """Begin a new try, unless another job works on the file; tells whether it was begun.

    `file.seq` still tells of the try before, whose end may have to be logged.
    """
    free = Q(state=FileState.WAITING) | Q(state=FileState.WRITING) & silent_for(LEASE)
    # Compare and set: of several jobs that find it free, one writes its token.
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
    """Note something of the try at hand, and that it lives.

    Raises:
        Lost: see there; nothing was noted.
    """
    if not _own(file).update(alive_at=Now(), **values):
        raise Lost


def give_back(file: ExportFile) -> None:
    """End a try that failed: another may begin at once."""
    folders.remove(folders.EXPORTS, file.token)
    _own(file).update(state=FileState.WAITING, alive_at=Now())


def silent_for(how_long: timedelta) -> Q:
    """The files of which no job has told for so long that it lives."""
    return Q(alive_at=None) | Q(alive_at__lt=Now() - how_long)


def _own(file: ExportFile) -> QuerySet[ExportFile, ExportFile]:
    return ExportFile.objects.filter(pk=file.pk, state=FileState.WRITING, token=file.token)
