"""Imports and exports are killed at every statement and at everything they do to a file.

The job comes again as it would within 30 seconds: an import goes on where it was, an export begins
anew; at the end each is there once and whole, nothing else lies in the folders, and the log tells
of each try how it ended.
"""

from __future__ import annotations

import io
import os
import time
import zipfile
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db.models import F

from custode.activities import moves as comment_moves
from custode.exchange import claims, exporting, folders, making, periodic
from custode.exchange.importing import arrival, job, runs
from custode.exchange.models import ExportFile, FileState, ImportRun, RunState
from custode.exchange.orders import Order
from custode.guard import log
from custode.guard.models import LogEntry, TrashEntry
from custode.guard.owned import Guarded
from custode.jobs.worker import Process
from custode.kernel.actor import Actor
from custode.leads.models import Lead
from custode.prospecting.models import Prospect
from tests.cast import Cast
from tests.exchange import bringing, bringing_prospects
from tests.house.tally import Tally
from tests.proof.killing import MOST, comes_through

pytestmark = [pytest.mark.proof, pytest.mark.django_db(transaction=True)]

ROWS = 12
WITHIN = timedelta(seconds=30)
"""So soon all is whole again."""
# What the log may tell of one file, from first to last: how each try ended, and one that is done.
TOLD_OF_AN_EXPORT = (
    ["started", "done"],
    ["started", "broken_off", "started", "done"],
    # All was read, and then the process was killed before it had noted that the file is ready.
    ["started", "done", "started", "done"],
)


@pytest.fixture
def cast(transactional_db: None, ferri: Cast, tmp_path: Path, settings: Any) -> Cast:
    settings.DATA = settings.MEDIA_ROOT = tmp_path
    return ferri


def test_the_job_comes_again_in_time() -> None:
    worker = Process()
    assert claims.LEASE < WITHIN
    assert worker._lease + timedelta(seconds=worker._pause) < WITHIN


def whole(content: bytes) -> object:
    """What a file holds, without what differs from one making to the next."""
    if content[:2] != b"PK":
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = [name for name in archive.namelist() if not name.startswith("docProps/")]
        return {name: archive.read(name) for name in sorted(names)}


def outcomes(since: int) -> list[str]:
    found = LogEntry.objects.filter(verb="export", seq__gt=since).order_by("seq")
    return list(found.values_list("outcome", flat=True))


def left_behind(folder: str) -> set[str]:
    place = folders.path_of(folder, "0" * 64).parent
    return {path.name for path in place.iterdir()}


def _25_seconds_later(file: ExportFile) -> None:
    silent = F("alive_at") - timedelta(seconds=25)
    ExportFile.objects.filter(pk=file.pk).update(alive_at=silent)


ORDERS = {
    "CSV": Order("csv"),
    "CSV with comments": Order("csv", comments=True),
    "a workbook": Order("xlsx", comments=True),
}


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS.keys())
def test_a_killed_export_is_made_once_and_whole(cast: Cast, kills: Tally, order: Order) -> None:
    ugo, account = cast.actor(cast.ugo), cast.ferri.account.pk
    for n in range(3):
        comment_moves.write(ugo, cast.lead(cast.ugo, f"Lead {n}"), "Called")
    expected = None
    for at in range(1, MOST):
        before = LogEntry.objects.count()
        file = exporting.file_for(cast.ugo, ugo, order)
        through = comes_through(account, partial(making.make, account, file.pk), at, folder_of())
        file.refresh_from_db()
        ready_at_once = file.state == FileState.READY
        if not ready_at_once:
            _25_seconds_later(file)
            assert making.make(account, file.pk)
            file.refresh_from_db()
        path = folders.path_of(folders.EXPORTS, file.token)
        made = whole(path.read_bytes())
        expected = expected or made
        told = outcomes(before)
        right = (
            file.state == FileState.READY
            and made == expected
            and file.rows == 3
            and told in TOLD_OF_AN_EXPORT
            and left_behind(folders.EXPORTS) == {file.token}
            and not list(log.verify(account))
        )
        kills.count(1, int(not right))
        assert right, (at, file.state, file.rows, told, left_behind(folders.EXPORTS))
        exporting.remove(file)
        if through:
            break
    assert at > 15
    assert told == ["started", "done"]


def folder_of() -> Path:
    return folders.path_of(folders.EXPORTS, "0" * 64).parent.parent


def leads(cast: Cast) -> ImportRun:
    return bringing.started(cast, cast.anna, bringing.many(ROWS))


def prospects(cast: Cast) -> ImportRun:
    return bringing_prospects.started(cast, cast.anna, bringing_prospects.many(ROWS))


IMPORTS: dict[str, tuple[Callable[[Cast], ImportRun], type[Guarded]]] = {
    "leads": (leads, Lead),
    "prospects": (prospects, Prospect),
}


@pytest.mark.parametrize(("begin", "model"), IMPORTS.values(), ids=IMPORTS.keys())
def test_a_killed_import_goes_on_and_is_whole(
    cast: Cast, kills: Tally, monkeypatch: pytest.MonkeyPatch,
    begin: Callable[[Cast], ImportRun], model: type[Guarded],
) -> None:  # fmt: skip
    monkeypatch.setattr(arrival, "CHUNK", 5)
    account = cast.ferri.account.pk
    for at in range(1, MOST):
        run, living, before = begin(cast), model.objects.count(), LogEntry.objects.count()
        through = comes_through(account, partial(job.work, account, run.pk), at, folder_of())
        shown = model.objects.count() - living
        job.work(account, run.pk)
        run.refresh_from_db()
        told = list(
            LogEntry.objects.filter(verb="import", seq__gt=before)
            .order_by("seq").values_list("outcome", "count")
        )  # fmt: skip
        right = (
            run.state == RunState.DONE
            and run.imported == run.read == ROWS
            and shown in {0, ROWS}
            and model.objects.filter(arrived_id=run.entry_id).count() == ROWS
            and model.objects.count() - living == ROWS
            and [outcome for outcome, _ in told] == ["started", "done"]
            and TrashEntry.objects.filter(state="arriving").count() == 0
            and left_behind(folders.IMPORTS) == set()
            and not list(log.verify(account))
        )
        kills.count(1, int(not right))
        assert right, (at, run.state, run.imported, shown, told, left_behind(folders.IMPORTS))
        if through:
            break
    assert at > 20


def test_a_killed_upload_is_there_whole_or_is_cleared_away(cast: Cast, kills: Tally) -> None:
    anna, account = cast.actor(cast.anna), cast.ferri.account.pk
    text = bringing.many(ROWS).encode()
    for at in range(1, MOST):
        through = comes_through(
            account, lambda: runs.bring(cast.anna, anna, "leads.csv", [text]), at, folder_of()
        )
        kept = {run.token for run in ImportRun.objects.all()}
        whole = all(folders.path_of(folders.IMPORTS, token).read_bytes() == text for token in kept)
        days_later(folders.IMPORTS)
        periodic.remove_expired(Actor.system(account, "removal of expired files"))
        right = whole and left_behind(folders.IMPORTS) == kept
        kills.count(1, int(not right))
        assert right, (at, left_behind(folders.IMPORTS) - kept)
        if through:
            break
    assert at > 5


def test_a_file_of_a_try_that_was_killed_is_cleared_away(cast: Cast, kills: Tally) -> None:
    """The second try is killed too, wherever it is: whole files that no row names go as well."""
    ugo, account = cast.actor(cast.ugo), cast.ferri.account.pk
    cast.lead(cast.ugo)
    for at in range(1, MOST):
        file = exporting.file_for(cast.ugo, ugo, Order("csv"))
        path = folders.path_of(folders.EXPORTS, folders.new_token())
        path.write_bytes(b"of the first try")
        ExportFile.objects.filter(pk=file.pk).update(token=path.name, tries=1)
        through = comes_through(account, partial(making.make, account, file.pk), at, folder_of())
        file.refresh_from_db()
        if file.state != FileState.READY:
            _25_seconds_later(file)
            assert making.make(account, file.pk)
            file.refresh_from_db()
        days_later(folders.EXPORTS)
        periodic.remove_expired(Actor.system(account, "removal of expired files"))
        right = file.state == FileState.READY and left_behind(folders.EXPORTS) == {file.token}
        kills.count(1, int(not right))
        assert right, (at, left_behind(folders.EXPORTS))
        exporting.remove(file)
        if through:
            break


def days_later(folder: str) -> None:
    """What lies there was written three days ago."""
    for name in left_behind(folder):
        long_ago = time.time() - 3 * 24 * 3600
        os.utime(folders.path_of(folder, "0" * 64).parent / name, (long_ago, long_ago))
