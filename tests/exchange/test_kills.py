"""Processes that are really killed (SIGKILL) in the middle of an import or an export."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from custode.exchange import claims, exporting, folders, making
from custode.exchange.importing import job, runs
from custode.exchange.importing.choices import Choices
from custode.exchange.importing.studies import Study
from custode.exchange.models import ExportFile, FileState, ImportRun, RunState
from custode.exchange.orders import Order
from custode.exchange.reading import from_dict
from custode.guard.models import LogEntry, TrashEntry
from custode.kernel import clock, scope
from custode.leads.models import Lead
from tests.cast import Cast, standing

ROWS = 60

CHILD = """
import os, sys, time
from pathlib import Path
import django
from django.conf import settings
from django.db import connections
django.setup()
name, data, what, account, pk = sys.argv[1:]
connections["default"].settings_dict["NAME"] = name
settings.DATA = Path(data)

def told(*_):
    print("going", flush=True)
    time.sleep(0.2)

if what == "import":
    from custode.exchange.importing import arrival, job
    arrival.CHUNK = 7
    job.work(int(account), int(pk), progress=told)
else:
    from custode.exchange import making
    from custode.guard.door import export_rows
    export_rows.PAGE = 7
    read = export_rows._pages
    def slowly(*args):
        for page in read(*args):
            yield page
            told()
    export_rows._pages = slowly
    making.make(int(account), int(pk))
"""

pytestmark = pytest.mark.slow


@pytest.fixture
def cast(transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cast:
    monkeypatch.setattr(settings, "DATA", tmp_path)
    return standing()


def _killed(tmp_path: Path, what: str, account_id: int, pk: int) -> None:
    """Let another process work until it has told twice that it goes on, then kill it."""
    name = str(connection.settings_dict["NAME"])
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, name, str(tmp_path), what, str(account_id), str(pk)],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "custode.conf.test_settings"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    lines = [child.stdout.readline(), child.stdout.readline()]
    child.send_signal(signal.SIGKILL)
    child.wait(timeout=30)
    child.stdout.close()
    assert lines == ["going\n", "going\n"]


def test_an_import_goes_on_where_the_killed_process_was(cast: Cast, tmp_path: Path) -> None:
    anna = cast.actor(cast.anna)
    text = "title,reference\n" + "".join(f"Lead {n},R{n}\n" for n in range(ROWS))
    with scope.account(anna.account_id):
        run = runs.bring(cast.anna, anna, "leads.csv", [text.encode()])
        job.work(run.account_id, run.pk)
        run.refresh_from_db()
        told = Study.from_dict(run.study)
        runs.set_mapping(run, from_dict(run.mapping, told.headers), Choices(**run.choices))
        job.work(run.account_id, run.pk)
        run.refresh_from_db()
        runs.start(run, anna)
    _killed(tmp_path, "import", run.account_id, run.pk)
    with scope.account(anna.account_id):
        run.refresh_from_db()
        assert run.state == RunState.RUNNING
        assert 14 <= run.read < ROWS
        assert Lead.with_trashed.count() == run.imported == run.read
        assert not Lead.objects.exists()
        job.work(run.account_id, run.pk)
        assert ImportRun.objects.get().state == RunState.DONE
        assert set(Lead.objects.values_list("reference", flat=True)) == {
            f"R{n}" for n in range(ROWS)
        }
        assert Lead.objects.count() == ROWS
        assert TrashEntry.objects.count() == 1


def test_a_killed_export_leaves_no_half_file(cast: Cast, tmp_path: Path) -> None:
    ugo = cast.actor(cast.ugo)
    for n in range(ROWS):
        cast.lead(cast.ugo, title=f"Lead {n}")
    with scope.account(ugo.account_id):
        file = exporting.file_for(cast.ugo, ugo, Order("csv"))
    _killed(tmp_path, "export", file.account_id, file.pk)
    with scope.account(ugo.account_id):
        file.refresh_from_db()
        assert file.state == FileState.WRITING
        assert not folders.path_of(folders.EXPORTS, file.token).exists()
        # It may live yet, for all that the others know.
        assert not making.make(file.account_id, file.pk)
        ExportFile.objects.filter(pk=file.pk).update(alive_at=clock.now() - 2 * claims.LEASE)
        assert making.make(file.account_id, file.pk)
        file = ExportFile.objects.get()
        assert (file.state, file.rows) == (FileState.READY, ROWS)
        left = list((tmp_path / folders.EXPORTS).iterdir())
        assert [path.name for path in left] == [file.token]
        ends = LogEntry.objects.filter(verb="export").order_by("seq")
        assert [(end.outcome, end.count) for end in ends] == [
            ("started", 0), ("broken_off", 0), ("started", 0), ("done", ROWS),
        ]  # fmt: skip
