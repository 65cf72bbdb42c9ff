"""A run is not removed while its rows come in; and what no run stands for is ended by the job."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from custode.exchange import folders
from custode.exchange.importing import arrival, job, runs, strays
from custode.exchange.models import ImportRun, RunState
from custode.guard import door
from custode.guard.models import LogEntry, TrashEntry, TrashState
from custode.kernel import clock, schedule, scope
from custode.kernel.actor import Actor
from custode.kernel.errors import Gone
from custode.leads.models import Lead
from tests.cast import Cast
from tests.exchange.bringing import checked, many, started, worked

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DATA", tmp_path)


class Killed(BaseException):
    """What a killed process looks like from inside."""


def cut_off(cast: Cast, monkeypatch: pytest.MonkeyPatch, rows: int = 10) -> ImportRun:
    """An import whose process died after its first chunk."""
    monkeypatch.setattr(arrival, "CHUNK", 4)
    run = started(cast, cast.anna, many(rows))

    def dying(_run: ImportRun) -> None:
        raise Killed

    with pytest.raises(Killed):
        job.work(run.account_id, run.pk, progress=dying)
    run.refresh_from_db()
    return run


def round_of_the_job(cast: Cast, after: timedelta = 2 * HOUR) -> None:
    """The job comes round, some time later."""
    found = schedule.named("removal of expired files")
    assert found is not None
    with clock.at(clock.now() + after):
        found.work(Actor.system(cast.ferri.account.pk, found.name))


def test_a_stale_page_removes_no_import_that_is_coming_in(
    ferri: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrival, "CHUNK", 4)
    run = checked(ferri, ferri.anna, many(10))
    stale = ImportRun.objects.get(pk=run.pk)
    runs.start(run, ferri.actor(ferri.anna))
    told: list[str] = []

    def pressed(_run: ImportRun) -> None:
        with pytest.raises(Gone, match="under way"):
            runs.discard(stale)
        told.append("no")

    job.work(run.account_id, run.pk, progress=pressed)
    run.refresh_from_db()
    assert (run.state, run.imported, told) == (RunState.DONE, 10, ["no"] * 3)
    with pytest.raises(Gone):
        runs.discard(stale)
    assert ImportRun.objects.get() == run


def test_a_file_that_is_started_at_the_last_moment_is_not_forgotten(
    ferri: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = [checked(ferri, ferri.anna, many(3)) for _ in range(2)]
    remove, gone = folders.remove, list[str]()

    def while_the_first_goes(folder: str, token: str) -> None:
        if not gone:
            gone.append(token)
            (other,) = (run for run in both if run.token != token)
            runs.start(other, ferri.actor(ferri.anna))
        remove(folder, token)

    with monkeypatch.context() as patched, clock.at(clock.now() + runs.UNUSED + HOUR):
        patched.setattr(folders, "remove", while_the_first_goes)
        assert runs.forget_unused() == 1
    assert worked(ImportRun.objects.get()).imported == 3


def test_what_no_run_stands_for_is_ended_as_giving_up_ends_it(
    ferri: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = cut_off(ferri, monkeypatch)
    assert Lead.with_trashed.count() == 4
    run.delete()
    round_of_the_job(ferri)
    assert not Lead.with_trashed.exists()
    assert TrashEntry.objects.get().state == TrashState.PURGED
    ends = LogEntry.objects.filter(verb__in=["import", "purge"]).order_by("seq")
    assert [(end.verb, end.outcome, end.actor_kind) for end in ends] == [
        ("import", "started", "user"), ("purge", "done", "system"), ("import", "failed", "system"),
    ]  # fmt: skip
    round_of_the_job(ferri)
    assert ends.count() == 3


def test_what_was_begun_twice_goes_though_its_run_has_come_in(
    ferri: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = cut_off(ferri, monkeypatch)
    twice = door.begin_import(job.actor_of(run), "lead", details={"run": run.pk}, labels=[run.name])
    worked(run)
    round_of_the_job(ferri)
    twice.refresh_from_db()
    assert twice.state == TrashState.PURGED
    assert Lead.objects.count() == 10


def test_what_is_under_way_or_young_is_left_alone(
    ferri: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = cut_off(ferri, monkeypatch)
    # Cut off once more before it could note which entry was begun for it.
    ImportRun.objects.filter(pk=run.pk).update(entry_id=None)
    round_of_the_job(ferri)
    ImportRun.objects.filter(pk=run.pk).update(entry_id=run.entry_id)
    round_of_the_job(ferri)
    assert TrashEntry.objects.get().state == TrashState.ARRIVING
    assert worked(run).imported == 10
    young = door.begin_import(job.actor_of(run), "lead", details={"run": 0}, labels=[])
    round_of_the_job(ferri, timedelta(minutes=30))
    young.refresh_from_db()
    assert young.state == TrashState.ARRIVING


def test_what_comes_out_at_the_last_moment_stays(
    ferri: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = cut_off(ferri, monkeypatch)
    abandon = door.abandon_import

    def comes_out_first(*args: Any, **kwargs: Any) -> Any:
        with monkeypatch.context() as patched:
            patched.setattr(door, "abandon_import", abandon)
            worked(run)
        return abandon(*args, **kwargs)

    monkeypatch.setattr(door, "abandon_import", comes_out_first)
    monkeypatch.setattr(strays, "_has_a_run", lambda entry: False)
    round_of_the_job(ferri)
    assert Lead.objects.count() == 10


def test_each_account_ends_its_own(ferri: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    cut_off(ferri, monkeypatch).delete()
    lodi = ferri.lodi.account.pk
    with scope.account(lodi), clock.at(clock.now() + 2 * HOUR):
        assert strays.end(Actor.system(lodi, "trial")) == 0
    assert TrashEntry.objects.get().state == TrashState.ARRIVING
