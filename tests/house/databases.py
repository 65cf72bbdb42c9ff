"""A pytest plugin, `-p tests.house.databases`, with which one run covers both databases.

`make test` starts two workers that each run every test; HOUSE_DATABASE tells this one which
database it is to use. That is settled here, on import, because Django reads it right after; and
so that a developer's own settings do not meddle, they are taken away. What has nothing to do with
the database runs on SQLite only; and what takes long, the browser tests and what is marked `dealt`,
runs by turns on the one worker and on the other.
"""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

KIND = os.environ.get("HOUSE_DATABASE", "")
for setting in [name for name in os.environ if name.startswith("CUSTODE_")]:
    del os.environ[setting]
DATA = os.environ["CUSTODE_DATA"] = tempfile.mkdtemp(prefix="custode-house-")
if KIND == "postgresql":
    os.environ["CUSTODE_DATABASE_URL"] = os.environ["HOUSE_POSTGRESQL_URL"]

HOUSE = Path(__file__).resolve().parent
BY_TURNS = ("browser", "dealt")


def marked(item: pytest.Item, *marks: str) -> bool:
    """Tell whether a test has one of the marks."""
    return any(item.get_closest_marker(mark) for mark in marks)


def only_once(item: pytest.Item) -> bool:
    """Tell whether a test would say the same on the other database."""
    return HOUSE in item.path.parents or marked(item, "once")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what the other worker runs: what runs once, and half of what is dealt out.

    The browser comes last: it leaves a loop behind, with which no process can be forked any more.
    """
    items.sort(key=lambda item: marked(item, "browser"))
    if not KIND:
        return
    here = KIND == "postgresql"
    dealt = [item for item in items if marked(item, *BY_TURNS)]
    left_out = dealt[not here :: 2]
    if here:
        left_out += [item for item in items if item not in set(dealt) and only_once(item)]
    items[:] = [item for item in items if item not in set(left_out)]
    config.hook.pytest_deselected(items=left_out)


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
