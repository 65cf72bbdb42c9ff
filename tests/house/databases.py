"""A pytest plugin, `-p tests.house.databases`, with which one run covers both databases.

`make test` starts two workers that each run every test; HOUSE_DATABASE tells this one which
database it is to use. That is settled here, on import, because Django reads it right after; and
so that a developer's own settings do not meddle, they are taken away.

What has nothing to do with the database, the browser tests and what is marked `dealt` runs once,
on whichever worker is free first. A third worker, with HOUSE_HELPS set, begins with those, and then
takes from the other one on its database what that one has not come to, from the last file on.
"""

import gc
import hashlib
import os
import shutil
import tempfile
from itertools import chain, groupby
from pathlib import Path

import pytest

KIND = os.environ.get("HOUSE_DATABASE", "")
for setting in [name for name in os.environ if name.startswith("CUSTODE_")]:
    del os.environ[setting]
DATA = os.environ["CUSTODE_DATA"] = tempfile.mkdtemp(prefix="custode-house-")
if KIND == "postgresql":
    os.environ["CUSTODE_DATABASE_URL"] = os.environ["HOUSE_POSTGRESQL_URL"]

# Whoever begins the run makes the folder of the claims; its workers find it in their environment.
BEGINS = "HOUSE_CLAIMS" not in os.environ
if BEGINS:
    os.environ["HOUSE_CLAIMS"] = tempfile.mkdtemp(prefix="custode-claims-")
CLAIMS = Path(os.environ["HOUSE_CLAIMS"])

HOUSE = Path(__file__).resolve().parent
ONCE = ("once", "dealt", "browser")
"""Marks of what runs once, in their order."""
EACH, EARLY = -2, -1
"""The places of what runs on each database, and of what takes longest of the rest."""


def place(item: pytest.Item) -> int:
    """When a test has its turn: first what runs on each database, then what runs once.

    The browser comes last: it leaves a loop behind, with which no process can be forked any more.
    Its proofs take minutes each, and come right after what may fork: else all would wait for them.
    """
    if item.get_closest_marker("browser") and item.get_closest_marker("proof"):
        return EARLY
    found = [ONCE.index(mark) for mark in ONCE if item.get_closest_marker(mark)]
    return max(found, default=0 if HOUSE in item.path.parents else EACH)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests in their order."""
    items.sort(key=place)
    if "HOUSE_HELPS" in os.environ:
        each = [item for item in items if place(item) == EACH]
        files = [list(tests) for _file, tests in groupby(each, key=lambda item: item.path)]
        rest = items[len(each) :]
        browser = [item for item in rest if item.get_closest_marker("browser")]
        others = [item for item in rest if not item.get_closest_marker("browser")]
        items[:] = [*others, *chain.from_iterable(reversed(files)), *browser]


def pytest_collection_finish() -> None:
    """Let the garbage collector pass over what stays until the end: a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Pass over a test that another worker has begun for this one: nothing is said of it."""
    if KIND:
        claim = f"{item.nodeid} {KIND if place(item) == EACH else ''}"
        try:
            (CLAIMS / hashlib.sha256(claim.encode()).hexdigest()).touch(exist_ok=False)
        except FileExistsError:
            # What the one before has left for this one goes, unless the next one needs it too.
            item.session._setupstate.teardown_exact(nextitem)
            return True
    return None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Say in a failure's report on which database it happened."""
    report = yield
    if KIND and report.failed:
        report.sections.append(("Database", KIND))
    return report


def pytest_unconfigure() -> None:
    """Leave nothing behind."""
    shutil.rmtree(DATA, ignore_errors=True)
    if BEGINS:
        shutil.rmtree(CLAIMS, ignore_errors=True)
