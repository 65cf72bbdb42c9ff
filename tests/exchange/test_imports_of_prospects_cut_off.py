"""Imports into lists that are cut off or stopped: no row comes twice, and no half stays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from custode.accounts import sharing
from custode.exchange.importing import arrival, job, runs
from custode.exchange.models import ImportRun, RunState
from custode.guard.models import TrashEntry
from custode.prospecting import columns, sheet
from custode.prospecting.models import ListColumn, Prospect, ProspectingList
from custode.prospecting.overwriting import Edit
from tests.cast import Cast
from tests.exchange.bringing import worked
from tests.exchange.bringing_prospects import many, started
from tests.prospecting.sheets import a_list, texts
from tests.teams import SETTINGS


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DATA", tmp_path)


@pytest.mark.parametrize("new", [True, False])
@pytest.mark.parametrize("chunks", [0, 1, 2])
def test_a_run_that_was_cut_off_goes_on_and_doubles_nothing(
    ferri: Cast, monkeypatch: pytest.MonkeyPatch, chunks: int, new: bool
) -> None:
    monkeypatch.setattr(arrival, "CHUNK", 4)
    one = None if new else a_list(ferri.actor(ferri.ugo), rows=[])
    run = started(ferri, ferri.ugo, many(10), str(one.pk) if one else "new")
    arrive = arrival._arrive
    begun: list[int] = []

    class Killed(BaseException):
        pass

    def dying(*args: Any) -> None:
        if len(begun) == chunks:
            raise Killed
        begun.append(1)
        arrive(*args)

    with monkeypatch.context() as patched:
        patched.setattr(arrival, "_arrive", dying)
        with pytest.raises(Killed):
            job.work(run.account_id, run.pk)
    worked(run)
    assert (run.state, run.imported) == (RunState.DONE, 10)
    found = one or ProspectingList.objects.get()
    assert [row[0] for row in texts(found)] == [f"Company {n}" for n in range(10)]
    assert ProspectingList.with_trashed.count() == 1
    assert ListColumn.objects.filter(in_list=found).count() == (2 if new else 3)


@pytest.mark.parametrize("new", [True, False])
def test_a_run_that_is_stopped_leaves_no_row_and_no_list(
    ferri: Cast, monkeypatch: pytest.MonkeyPatch, new: bool
) -> None:
    monkeypatch.setattr(arrival, "CHUNK", 4)
    one = None if new else a_list(ferri.actor(ferri.ugo), rows=[])
    run = started(ferri, ferri.ugo, many(10), str(one.pk) if one else "new")
    job.work(run.account_id, run.pk, progress=runs.stop)
    run.refresh_from_db()
    assert run.state == RunState.ABANDONED
    assert Prospect.with_trashed.count() == 0
    assert ProspectingList.with_trashed.count() == (0 if new else 1)
    assert TrashEntry.objects.get().state == "purged"


def test_a_stopped_import_takes_its_new_columns_along(
    ferri: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrival, "CHUNK", 4)
    one = a_list(ferri.actor(ferri.ugo), rows=[])
    before = [column.name for column in columns.of(one)]

    def stopped(text: str) -> ImportRun:
        run = started(ferri, ferri.ugo, text, str(one.pk))
        job.work(run.account_id, run.pk, progress=runs.stop)
        run.refresh_from_db()
        assert run.state == RunState.ABANDONED
        return run

    text = many(10).replace("company,city", "Company,Turnover")
    stopped(text)
    assert [column.name for column in columns.of(one)] == before
    stopped(text)
    # Brought again, it is the same column: neither a second of its name, nor one more of 60.
    worked(started(ferri, ferri.ugo, text, str(one.pk)))
    assert [column.name for column in columns.of(one)] == [*before, "Turnover"]
    assert ListColumn.objects.filter(in_list=one).count() == len(before) + 1
    assert len(texts(one)) == 10


def test_a_stopped_import_leaves_a_column_in_which_somebody_wrote(
    ferri: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrival, "CHUNK", 4)
    one = a_list(ferri.actor(ferri.ugo))
    row = Prospect.objects.filter(in_list=one)[0]
    text = many(10).replace("company,city", "Turnover,Website")
    run = started(ferri, ferri.ugo, text, str(one.pk))

    def written_in(now: ImportRun) -> None:
        made = ListColumn.objects.get(in_list=one, name="Turnover")
        sheet.write(ferri.actor(ferri.ugo), one, [Edit(row.pk, made.pk, "", "1,000")])
        runs.stop(now)

    job.work(run.account_id, run.pk, progress=written_in)
    names = [column.name for column in columns.of(one)]
    assert "Turnover" in names
    assert "Website" not in names


def test_who_loses_sight_of_the_list_half_way_brings_nothing(
    ferri: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrival, "CHUNK", 4)
    theirs = a_list(ferri.actor(ferri.bruna))
    run = started(ferri, ferri.ugo, many(10), str(theirs.pk))

    def closed(_run: ImportRun) -> None:
        sharing.change(ferri.actor(ferri.anna), SETTINGS["own only, no teams"])

    job.work(run.account_id, run.pk, progress=closed)
    run.refresh_from_db()
    assert (run.state, run.why) == (RunState.FAILED, "This does not exist.")
    assert Prospect.with_trashed.count() == len(texts(theirs)) == 3
