"""A process that stands ready to run tests with a seeded fault, each in a child of its own.

Most of a run of one test goes into importing what it needs and into making a database. This process
has collected files of tests, with all that they import, and made the database; then it forks.

`python -m tests.proof.warm ORDERS ANSWERS FILE…`: the first two are descriptors of pipes, with a
line of JSON for each order and a line with a number for each answer, as `Ready` writes and reads
them.
"""

from __future__ import annotations

import gc
import json
import os
import select
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from types import FunctionType
from typing import Any, Final

import pytest
from django.db import connection, connections

from tests.proof import seeding
from tools.paths import ROOT

GREEN, RED, NOT_HERE, NOT_GREEN_BEFORE, TOO_LONG = range(10, 15)
"""What became of an order: no test failed, or one did; the fault cannot be seeded in a process that
runs; a test failed without it; it took too long."""
WORDS: Final = (
    "-q", "-s", "-p", "no:cacheprovider", "--tb=native",
    "--override-ini", "addopts=--import-mode=importlib", "-m", "not proof",
)  # fmt: skip
"""How pytest is told to run the tests of a seeded fault, here and elsewhere."""
_FIRST: Final = (
    "tests/console/test_conditions.py::test_this_database_and_set_up_are_ready",
    "tests/web/leads/test_page.py::test_others_read_but_do_not_write",
    "tests/api/test_leads.py::test_a_lead_has_the_fields_of_the_reference",
)
"""What makes the database, a page with its icons and an answer of the API: read once for all."""


class Warm:
    """Pytest's loop, which waits for orders.

    Args:
        orders, answers: descriptors of two pipes.
    """

    def __init__(self, orders: int, answers: int) -> None:
        self._orders, self._answers = os.fdopen(orders), os.fdopen(answers, "w")
        self._functions: list[FunctionType] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Make the database, then do as told until the pipe ends."""
        for first in _FIRST:
            (item,) = (item for item in session.items if item.nodeid == first)
            run(item, session)
        assert not session.testsfailed
        connections.close_all()
        gc.unfreeze()
        self._functions = seeding.functions_of(str(ROOT / "src"))
        gc.freeze()  # what no child collects, none copies
        for line in self._orders:
            told = self._in_a_child(session, json.loads(line))
            print(told, file=self._answers, flush=True)
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Tell at once why a test failed: a child tells nothing at its end."""
        if report.failed:
            print(report.longreprtext, flush=True)

    def _in_a_child(self, session: pytest.Session, order: dict[str, Any]) -> int:
        child = os.fork()
        if not child:
            out = os.open(order["told"], os.O_WRONLY | os.O_CREAT)
            for stream in (sys.stdout, sys.stderr):
                os.dup2(out, stream.fileno())
            os._exit(self._try(session, order))
        watched = os.pidfd_open(child)
        try:
            if not select.select([watched], [], [], order["seconds"])[0]:
                os.kill(child, signal.SIGKILL)
        finally:
            os.close(watched)
        _pid, status = os.waitpid(child, 0)
        return TOO_LONG if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)

    def _try(self, session: pytest.Session, order: dict[str, Any]) -> int:
        own_database(Path(order["told"]).with_suffix(".sqlite3"))
        tests = [item for item in session.items if is_of(item, order["tests"])]
        assert tests, order["tests"]
        try:
            changes = seeding.changed(order["path"], order["old"], order["new"])
            if self._red(session, tests):
                return NOT_GREEN_BEFORE
            seeding.seed(order["path"], changes, self._functions)
        except seeding.NotHere:
            return NOT_HERE
        return RED if self._red(session, tests) else GREEN

    def _red(self, session: pytest.Session, tests: list[pytest.Item]) -> bool:
        for test in tests:
            run(test, session)
            if session.testsfailed:
                return True
        return False


def run(test: pytest.Item, session: pytest.Session) -> None:
    """Run one test; what is its own or its module's goes, and what is the session's stays."""
    test.config.hook.pytest_runtest_protocol(item=test, nextitem=session)


def is_of(item: pytest.Item, tests: str) -> bool:
    """Whether a test is one of those that a seeded fault names."""
    return item.nodeid == tests or item.nodeid.startswith((f"{tests}[", f"{tests}::", f"{tests}/"))


def own_database(copy: Path) -> None:
    """Go on in a copy of the database, which nobody else writes."""
    shutil.copyfile(connection.settings_dict["NAME"], copy)
    connection.settings_dict["NAME"] = connections.databases["default"]["NAME"] = copy


class Ready:
    """Such a process, from outside.

    Args:
        files: where the tests stand that it will be asked for.
        environment: its variables.
    """

    def __init__(self, files: set[str], environment: dict[str, str]) -> None:
        (orders, ours), (theirs, answers) = os.pipe(), os.pipe()
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__, str(orders), str(answers), *sorted(files)],
            env=environment, cwd=ROOT, pass_fds=(orders, answers), stdout=subprocess.DEVNULL,
        )  # fmt: skip
        for end in (orders, answers):
            os.close(end)
        self._orders, self._answers = os.fdopen(ours, "w"), os.fdopen(theirs)

    def seeded(self, order: dict[str, Any]) -> int:
        """What became of a fault.

        Args:
            order: the fault's `path`, with its `old` text and the `new` one; its `tests`; the file
                for what is `told`; after how many `seconds` it is too long.
        """
        print(json.dumps(order), file=self._orders, flush=True)
        return int(self._answers.readline())

    def close(self) -> None:
        """Let it end."""
        self._orders.close()
        self._process.wait()


if __name__ == "__main__":
    here, there, *asked = sys.argv[1:]
    words = [*WORDS, "-p", "tests.house.ready_made", *asked, *_FIRST]
    sys.exit(pytest.main(words, plugins=[Warm(int(here), int(there))]))
