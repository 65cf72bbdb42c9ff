"""Jobs in real worker processes: none is lost, none is done twice."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from custode.jobs.models import Beat, Round
from custode.jobs.worker import LANES
from custode.kernel import schedule
from tests.jobs import trial
from tests.jobs.processes import until, worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").split() if file.exists() else []


def done(path: str = "") -> int:
    jobs = DBTaskResult.objects.filter(status=TaskResultStatus.SUCCESSFUL)
    return jobs.filter(task_path__startswith=path or "tests.jobs").count()


def test_a_killed_workers_job_comes_back_and_finishes(tmp_path: Path) -> None:
    file = tmp_path / "told"
    trial.slow.enqueue(str(file), 1.5)
    with worker() as first:
        until(lambda: lines(file) == ["began"])
        first.kill()
        first.wait()
        assert done() == 0
        with worker():
            until(lambda: done() == 1)
    assert lines(file) == ["began", "began", "ended"]
    assert len(DBTaskResult.objects.get(task_path__startswith="tests.jobs").worker_ids) == 2


def test_two_workers_do_each_job_once(tmp_path: Path) -> None:
    file = tmp_path / "told"
    for number in range(60):
        trial.quick.enqueue(str(file), number)
    with worker(), worker():
        until(lambda: done() == 60)
    assert sorted(map(int, lines(file))) == list(range(60))


def test_a_round_is_not_doubled_by_two_workers() -> None:
    path, works = "custode.jobs.tasks.go_round", len(schedule.everything())
    assert works >= 2
    with worker(), worker():
        until(lambda: Beat.objects.count() == 2 * LANES)
        until(lambda: done(path) >= works)
        Round.objects.update(due_at="2020-01-01T00:00Z")
        until(lambda: done(path) >= 2 * works)
    # Each was due at first sight, and once more.
    assert Round.objects.count() == works
    assert DBTaskResult.objects.filter(task_path=path).count() == 2 * works


def test_a_worker_told_to_stop_finishes_what_it_does(tmp_path: Path) -> None:
    file = tmp_path / "told"
    trial.slow.enqueue(str(file), 1.0)
    with worker() as process:
        until(lambda: lines(file) == ["began"])
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    assert lines(file) == ["began", "ended"]
    assert done() == 1
    assert not Beat.objects.exists()
