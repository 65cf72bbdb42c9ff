"""The signs of life of a job that reads for long, sent on a connection of its own.

On SQLite the connection that reads an export's rows cannot write once somebody else has written
since it started. And a page, or the end of a workbook, may take longer than anybody would wait.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any, Final

from django.db import Error, connections

from custode.exchange import claims
from custode.exchange.models import ExportFile
from custode.kernel import scope

EVERY: Final = 2.0
"""The seconds between two signs; the page that shows the progress polls as often."""

log = logging.getLogger(__name__)


class Pulse:
    """Sends regular signs of life, and the number of rows, within its block.

    Args:
        rows: the number of rows written.
    """

    def __init__(self, file: ExportFile, rows: Callable[[], int]) -> None:
        self._file = file
        self._rows = rows
        self._over = threading.Event()
        self._lost = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="pulse", daemon=True)

    def __enter__(self) -> Pulse:
        self._thread.start()
        return self

    def __exit__(
        self, _sort: type[BaseException] | None, _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:  # fmt: skip
        self._over.set()
        self._thread.join()

    def check(self) -> None:
        """Raise `claims.Lost` when another attempt has the file by now."""
        if self._lost.is_set():
            raise claims.Lost

    def _beat(self) -> None:
        try:
            with scope.account(self._file.account_id):
                while not self._over.wait(EVERY):
                    self._tell(rows=self._rows())
        except claims.Lost:
            self._lost.set()
        finally:
            connections.close_all()

    def _tell(self, **values: Any) -> None:
        try:
            claims.keep(self._file, **values)
        except Error:
            # The lease is long enough for the next attempt.
            log.warning("Export %s could not tell how far it is.", self._file.pk, exc_info=True)
