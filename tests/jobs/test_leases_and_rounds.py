"""Leases, second tries and rounds, without processes."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.db.models.functions import Now
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from custode.guard import door
from custode.guard.models import TrashEntry, TrashState
from custode.jobs import lease, tasks, ticking
from custode.jobs.models import Beat, Round
from custode.kernel import clock, schedule, scope
from custode.kernel.actor import Actor
from custode.kernel.schedule import Periodic
from custode.signin import guessing
from custode.signin import tasks as signin_tasks
from custode.signin.sessions.store import Arrival
from tests.cast import Cast
from tests.jobs import trial

pytestmark = pytest.mark.django_db(transaction=True)
LEASE = timedelta(seconds=30)


def work_off() -> None:
    """Do all jobs that are ready, here."""
    Worker(
        queue_names=["*"], interval=0, batch=True, backend_name="default", startup_delay=False,
        max_tasks=None, worker_id="here", excluded_queue_names=[],
    ).run()  # fmt: skip


def running_job(worker: str) -> DBTaskResult[..., object]:
    trial.quick.enqueue("nowhere", 1)
    job = DBTaskResult.objects.get()
    job.claim(worker)
    return job


def test_a_living_workers_job_stays_with_it() -> None:
    job = running_job("one")
    lease.beat("one")
    assert lease.bring_back(LEASE) == 0
    job.refresh_from_db()
    assert job.status == TaskResultStatus.RUNNING


def test_a_silent_workers_job_comes_back() -> None:
    job = running_job("one")
    Beat.objects.create(worker="one", at=Now() - 2 * LEASE)
    assert lease.bring_back(LEASE) == 1
    job.refresh_from_db()
    assert job.status == TaskResultStatus.READY


def test_a_job_that_kills_every_worker_is_given_up() -> None:
    job = running_job("one")
    DBTaskResult.objects.update(worker_ids=["dead"] * lease.MOST_DEATHS)
    assert lease.bring_back(LEASE) == 1
    job.refresh_from_db()
    assert job.status == TaskResultStatus.FAILED
    assert "died" in job.traceback


def test_beating_again_moves_the_time_on() -> None:
    Beat.objects.create(worker="one", at=Now() - 2 * LEASE)
    lease.beat("one")
    assert Beat.objects.filter(at__gte=Now() - timedelta(seconds=5)).count() == 1
    lease.leave("one")
    assert not Beat.objects.exists()


def test_a_failed_job_is_tried_three_times_with_pauses(tmp_path: Path) -> None:
    file = tmp_path / "told"
    trial.fails.enqueue(str(file))
    pauses = []
    for _ in range(2):
        work_off()
        job = DBTaskResult.objects.get()
        assert job.status == TaskResultStatus.READY
        pauses.append(job.run_after - timezone.now())
        DBTaskResult.objects.update(run_after=timezone.now())
    work_off()
    assert DBTaskResult.objects.get().status == TaskResultStatus.FAILED
    assert file.read_text(encoding="utf-8").split() == ["tried"] * 3
    assert timedelta(seconds=5) < pauses[0] < pauses[1]


def test_what_was_told_no_is_not_tried_again(tmp_path: Path) -> None:
    trial.told_no.enqueue(str(tmp_path / "told"))
    work_off()
    assert DBTaskResult.objects.get().status == TaskResultStatus.FAILED


def test_a_round_is_enqueued_when_due_and_not_before() -> None:
    ticking.tick()
    assert ticking.tick() == len(schedule.everything())
    assert ticking.tick() == 0
    with clock.at(clock.now() + timedelta(days=1)):
        assert ticking.tick() == len(schedule.everything())


def test_of_two_who_saw_that_it_is_due_one_enqueues() -> None:
    ticking.tick()
    both_saw, periodic = Round.objects.order_by("pk")[0], schedule.everything()[0]
    assert ticking.move_on(both_saw, periodic)
    assert not ticking.move_on(both_saw, periodic)
    assert DBTaskResult.objects.count() == 1


def test_what_goes_wrong_in_one_account_keeps_it_from_no_other(people: Cast) -> None:
    seen = []

    def work(actor: Actor) -> None:
        seen.append((actor.account_id, scope.current(), actor.name))
        if actor.account_id == people.ferri.account.pk:
            raise ValueError("on purpose")

    schedule.add(Periodic("trial", timedelta(hours=1), work))
    try:
        with pytest.raises(ValueError, match="on purpose"):
            tasks.go_round.func("trial")
    finally:
        schedule.forget("trial")
    both = [people.ferri.account.pk, people.lodi.account.pk]
    assert seen == [(pk, pk, "trial") for pk in both]


def test_jobs_that_name_somebody_are_forgotten_once_they_are_done(people: Cast) -> None:
    arrival = Arrival("192.0.2.7", "A browser")
    guessing.at_password("ugo@conti.example", arrival)
    signin_tasks.answer_forgotten.enqueue("ugo@conti.example")
    signin_tasks.send_letter.enqueue(people.ferri.account.pk, people.ugo.pk, "reset", {})
    trial.quick.enqueue("/dev/null", 1)
    jobs = DBTaskResult.objects.all()
    with clock.at(clock.now() + timedelta(minutes=2)):
        # Not before: what is said in them is still needed.
        ticking.forget_old()
    assert jobs.count() == 4
    work_off()
    with clock.at(clock.now() + timedelta(minutes=2)):
        ticking.forget_old()
    assert [job.task_path for job in jobs] == [trial.quick.module_path]


def test_old_finished_jobs_are_forgotten() -> None:
    ticking.tick()
    ticking.tick()
    work_off()
    ticking.forget_old()
    assert DBTaskResult.objects.count() == len(schedule.everything())
    with clock.at(clock.now() + timedelta(hours=2)):
        ticking.forget_old()
    assert not DBTaskResult.objects.exists()
    assert Round.objects.count() == len(schedule.everything())


def test_the_trash_is_purged_when_its_days_are_over(people: Cast) -> None:
    lead = people.lead(people.ugo)
    door.delete(people.actor(people.ugo), [lead])
    with clock.at(clock.now() + timedelta(days=31)):
        tasks.go_round.func("purge of the trash")
    with scope.account(people.ferri.account.pk):
        assert TrashEntry.objects.get().state == TrashState.PURGED
