"""1,000,000 leads as CSV and XLSX, compared with bare writers fed by a bare cursor.

It takes long, so `python -m bench` leaves it out: `python -m bench.million` runs it. Memory is what
the process had before there were any leads, and how much it grew during the export.
"""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from rustpy_xlsxwriter import write_worksheets

from bench.export import _bare, _bare_rows, _csv, _resident, _tag, _xlsx
from bench.ground import company, database, seconds
from bench.judging import judging
from custode.kernel import scope

MANY = int(os.environ.get("BENCH_ROWS", "1000000"))
CSV, XLSX = 2, 3
"""The maximum time as a multiple of the bare writer's, for each format."""
MOST = 200
"""The maximum memory in megabytes."""
_EVERY = 0.05


def main() -> None:
    """Judge time and memory."""
    with database(), judging() as judge:
        at_rest = _resident()
        actor, _ = company(MANY)
        with scope.account(actor.account_id):
            _tag(actor)
            ways: tuple[tuple[str, int, Callable[[], object], Callable[[], object]], ...] = (
                ("CSV", CSV, _bare, lambda: _csv(actor)),
                ("XLSX", XLSX, _bare_xlsx, lambda: _xlsx(actor)),
            )
            for name, limit, bare, through in ways:
                before = seconds(bare)
                took, grown = _watched(through)
                print(f"{MANY:,} leads as {name}: door {took:.1f} s, bare writer {before:.1f} s")
                judge.at_most(f"{name}, as many times the bare writer", took / before, limit)
                judge.at_most(f"{name}, MB at most", at_rest + grown, MOST)


def _watched(act: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds taken, and the maximum growth of the process in megabytes."""
    before, most, over = _resident(), [0.0], threading.Event()

    def watch() -> None:
        """Measure the process's memory until told to stop."""
        while not over.wait(_EVERY):
            most[0] = max(most[0], _resident() - before)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    took = seconds(act)
    over.set()
    watcher.join()
    return took, most[0]


def _bare_xlsx() -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_worksheets([("leads", _records())], str(Path(folder) / "leads.xlsx"))


def _records() -> Iterator[dict[str, Any]]:
    names = [f"column {n}" for n in range(21)]
    for row in _bare_rows():
        yield dict(zip(names, row, strict=True))


if __name__ == "__main__":
    main()
