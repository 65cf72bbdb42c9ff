"""Children that kill themselves in the middle of an act: at a statement, a commit or a file.

What is counted: every statement of the act's connection, the moment before and after each commit,
and every opening, renaming, removal, truncation, flush and making of files and folders in the
data folder of the test.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from django.db import connection, connections

from custode.kernel import scope

KILLED: Final = signal.SIGKILL
FILES: Final = frozenset({
    "open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.symlink",
    "os.truncate", "os.chmod", "shutil.copyfile", "shutil.move", "shutil.rmtree",
})  # fmt: skip
MOST: Final = 400
"""No act of these tests has so many statements and files."""


class Countdown:
    """Kills its own process when it has counted so far."""

    def __init__(self, at: int) -> None:
        self._left = at

    def tick(self) -> None:
        """One more operation begins."""
        self._left -= 1
        if not self._left:
            os.kill(os.getpid(), KILLED)


@contextmanager
def deadly(at: int, data: Path | None = None) -> Iterator[None]:
    """Within the block the process dies right before its operation number `at`.

    Args:
        data: the folder whose files count.
    """
    countdown = Countdown(at)

    def wrapper(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        countdown.tick()
        return execute(sql, params, many, context)

    database: Any = connection
    commit = database._commit

    def committing() -> None:
        countdown.tick()
        commit()
        countdown.tick()

    database._commit = committing
    if data is not None:
        _watch_files(data, countdown)
    with connection.execute_wrapper(wrapper):
        yield


def _watch_files(data: Path, countdown: Countdown) -> None:
    """Count what happens to files below a folder; for ever, as a hook cannot be taken away."""
    place, fsync = str(data), os.fsync

    def happened(event: str, arguments: Any) -> None:
        if event in FILES and str(arguments[0]).startswith(place):
            countdown.tick()

    def flushed(fd: Any) -> None:
        countdown.tick()
        fsync(fd)

    os.fsync = flushed  # for this process alone
    sys.addaudithook(happened)


def comes_through(account: int, act: Callable[[], Any], at: int, data: Path | None = None) -> bool:
    """Run the act in a child that dies at operation `at`; whether it was through before."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            with scope.account(account):
                connection.ensure_connection()
                with deadly(at, data):
                    act()
        except BaseException:  # noqa: BLE001 (the child tells what it was and ends)
            traceback.print_exc()
            os._exit(3)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == KILLED
        return False
    assert os.WEXITSTATUS(status) == 0, "the act failed by itself"
    return True
