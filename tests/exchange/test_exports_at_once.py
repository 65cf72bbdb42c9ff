"""Several jobs that come to one export: one makes the file, the others leave it alone."""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db.models.functions import Now
from django_tasks_db.models import DBTaskResult

from custode.exchange import claims, exporting, folders, making, periodic, pulse, tasks
from custode.exchange.models import ExportFile, FileState
from custode.exchange.orders import Order
from custode.guard import door
from custode.guard.door import export_rows
from custode.guard.models import LogEntry
from custode.kernel import clock
from custode.kernel.actor import Actor
from tests.cast import Cast
from tests.guard.test_at_once import at_once

LONG_SILENT = claims.LEASE + timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DATA", tmp_path)
    monkeypatch.setattr(export_rows, "PAGE", 2)


def asked(cast: Cast, leads: int = 5) -> ExportFile:
    for n in range(leads):
        cast.lead(cast.ugo, title=f"Lead {n}")
    return exporting.file_for(cast.ugo, cast.actor(cast.ugo), Order("csv"))


def between_pages(monkeypatch: pytest.MonkeyPatch, act: Callable[[], Any]) -> list[Any]:
    """Have something done once, while a job has written its first page; gives its answer."""
    answers: list[Any] = []
    read = door.ExportRows.pages

    def interrupted(self: door.ExportRows) -> Iterator[Sequence[Any]]:
        for page in read(self):
            yield page
            if not answers:
                answers.append(None)
                answers[0] = act()

    monkeypatch.setattr(door.ExportRows, "pages", interrupted)
    return answers


def silent(file: ExportFile, how_long: timedelta = LONG_SILENT) -> None:
    """The job that works on the file gives no sign of life any more."""
    ExportFile.objects.filter(pk=file.pk).update(alive_at=Now() - how_long)


def ends() -> list[tuple[str, int]]:
    told = LogEntry.objects.filter(verb="export").order_by("seq")
    return list(told.values_list("outcome", "count"))


def rows_of(file: ExportFile) -> int:
    path = folders.path_of(folders.EXPORTS, file.token)
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return len(list(csv.DictReader(lines)))


def files() -> list[str]:
    return [path.name for path in (Path(settings.DATA) / folders.EXPORTS).iterdir()]


def test_a_second_job_leaves_the_file_to_the_first(
    ferri: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = asked(ferri)
    answers = between_pages(monkeypatch, lambda: making.make(file.account_id, file.pk))
    assert making.make(file.account_id, file.pk)
    file.refresh_from_db()
    assert answers == [False]
    assert (file.state, file.rows, file.tries) == (FileState.READY, 5, 1)
    assert files() == [file.token]
    assert rows_of(file) == 5
    assert ends() == [("started", 0), ("done", 5)]


def test_a_job_that_finds_it_taken_comes_again_when_the_lease_is_over(
    ferri: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = asked(ferri)
    between_pages(monkeypatch, lambda: tasks.make_export.func(file.account_id, file.pk))
    began = clock.now()
    making.make(file.account_id, file.pk)
    again = DBTaskResult.objects.get(task_path=tasks.make_export.module_path)
    assert again.args_kwargs["args"] == [file.account_id, file.pk]
    assert again.run_after >= began + claims.LEASE
    tasks.make_export.func(file.account_id, file.pk)
    assert DBTaskResult.objects.count() == 1


def test_what_a_dead_job_left_is_taken_over_once(ferri: Cast) -> None:
    file = asked(ferri)
    assert claims.take(file)
    folders.half_of(folders.path_of(folders.EXPORTS, file.token)).write_text("half")
    assert not making.make(file.account_id, file.pk)
    silent(file)
    assert making.make(file.account_id, file.pk)
    file.refresh_from_db()
    assert (file.state, file.tries) == (FileState.READY, 2)
    assert files() == [file.token]


def test_a_job_that_was_only_slow_harms_nothing(
    ferri: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = asked(ferri)

    def taken_over() -> bool:
        silent(file)
        return making.make(file.account_id, file.pk)

    answers = between_pages(monkeypatch, taken_over)
    assert making.make(file.account_id, file.pk)
    assert answers == [True]
    file.refresh_from_db()
    assert (file.state, file.rows, file.why) == (FileState.READY, 5, "")
    assert files() == [file.token]
    assert rows_of(file) == 5
    starts = LogEntry.objects.filter(verb="export", outcome="started").values_list("seq", flat=True)
    assert file.seq == max(starts)
    assert LogEntry.objects.filter(about=file.seq).get().outcome == "done"


def test_a_slow_job_that_comes_to_its_end_takes_its_file_away_again(
    ferri: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = asked(ferri)
    finish = folders.finish

    def late(path: Path) -> int:
        monkeypatch.setattr(folders, "finish", finish)
        size = finish(path)
        silent(file)
        assert making.make(file.account_id, file.pk)
        return size

    monkeypatch.setattr(folders, "finish", late)
    assert making.make(file.account_id, file.pk)
    file.refresh_from_db()
    assert (file.state, files()) == (FileState.READY, [file.token])


def test_a_failed_try_gives_the_file_back_at_once(
    ferri: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = asked(ferri)

    def full(_path: Path) -> int:
        raise OSError("disk full")

    with monkeypatch.context() as patched:
        patched.setattr(folders, "finish", full)
        with pytest.raises(OSError, match="disk full"):
            making.make(file.account_id, file.pk)
    assert files() == []
    assert making.make(file.account_id, file.pk)
    file.refresh_from_db()
    assert (file.state, file.tries) == (FileState.READY, 2)


def test_a_file_that_waits_is_asked_for_again_now_and_then(ferri: Cast) -> None:
    file = asked(ferri)
    system = Actor.system(file.account_id, "exports that wait")
    periodic.resume_exports(system)
    assert not DBTaskResult.objects.exists()
    ExportFile.objects.filter(pk=file.pk).update(created_at=clock.now() - timedelta(minutes=20))
    for _round in range(3):
        periodic.resume_exports(system)
    assert DBTaskResult.objects.count() == 1
    silent(file, timedelta(minutes=20))
    periodic.resume_exports(system)
    assert DBTaskResult.objects.count() == 2


def test_a_file_whose_job_is_lost_is_asked_for_again(ferri: Cast) -> None:
    file = asked(ferri)
    assert claims.take(file)
    system = Actor.system(file.account_id, "exports that wait")
    ExportFile.objects.filter(pk=file.pk).update(created_at=clock.now() - timedelta(minutes=20))
    periodic.resume_exports(system)
    assert not DBTaskResult.objects.exists()
    silent(file, timedelta(minutes=20))
    periodic.resume_exports(system)
    assert DBTaskResult.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_several_jobs_at_the_same_moment_one_makes_it(
    transactional_db: None, ferri: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[bool] = []
    take = claims.take

    def noted(file: ExportFile) -> bool:
        taken.append(take(file))
        return taken[-1]

    monkeypatch.setattr(claims, "take", noted)
    for _round in range(5):
        taken.clear()
        file = asked(ferri, 3)
        before = len(ends())
        make = partial(making.make, file.account_id, file.pk)
        answers = at_once(ferri, make, make, make, make)
        assert taken.count(True) == 1
        # Who did not get it looks again later; who came when it was made has nothing to do.
        assert answers.count(False) == taken.count(False)
        file.refresh_from_db()
        assert (file.state, file.tries) == (FileState.READY, 1)
        assert [outcome for outcome, _count in ends()[before:]] == ["started", "done"]
    assert len(files()) == 5


@pytest.mark.django_db(transaction=True)
def test_it_tells_how_far_it_is_while_others_save(
    transactional_db: None, ferri: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulse, "EVERY", 0.02)
    file = asked(ferri)
    seen: list[int] = []

    def rows_told() -> int:
        return ExportFile.objects.get(pk=file.pk).rows

    def meanwhile() -> None:
        at_once(ferri, lambda: ferri.lead(ferri.ugo, title="Saved meanwhile"))
        until = time.monotonic() + 5
        while not any(seen) and time.monotonic() < until:
            seen.extend(at_once(ferri, rows_told))

    between_pages(monkeypatch, meanwhile)
    assert making.make(file.account_id, file.pk)
    file.refresh_from_db()
    assert (file.state, file.tries, file.rows) == (FileState.READY, 1, 5)
    assert seen[-1] == 2


@pytest.mark.django_db(transaction=True)
def test_a_job_that_was_only_slow_stops_when_it_hears_of_it(
    transactional_db: None, ferri: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulse, "EVERY", 0.02)
    file = asked(ferri, 40)

    def taken_over() -> None:
        ExportFile.objects.filter(pk=file.pk).update(token="f" * 64)
        time.sleep(1)

    between_pages(monkeypatch, lambda: at_once(ferri, taken_over))
    assert making.make(file.account_id, file.pk)
    assert files() == []
    assert ends() == [("started", 0), ("broken_off", 4)]
