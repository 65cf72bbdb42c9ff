"""Imports that are cut off, overtaken, stopped or no longer allowed: nothing comes twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from custode.exchange.importing import arrival, job, runs
from custode.exchange.models import ImportRun, RunState
from custode.guard import door
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry, TrashEntry
from custode.kernel import clock
from custode.leads.models import Lead
from custode.people.models import Role, User
from tests.cast import Cast
from tests.exchange.bringing import many, started, worked


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DATA", tmp_path)


class Killed(BaseException):
    """What a killed process looks like from inside: no code of ours sees it."""


def _killed_after(chunks: int, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[int] = []
    arrive = arrival._arrive

    def dying(*args: Any) -> None:
        if len(begun) == chunks:
            raise Killed
        begun.append(1)
        arrive(*args)

    monkeypatch.setattr(arrival, "_arrive", dying)


@pytest.mark.parametrize("chunks", [0, 1, 2])
def test_a_run_that_was_cut_off_goes_on_and_doubles_nothing(
    ferri: Cast, monkeypatch: pytest.MonkeyPatch, chunks: int
) -> None:
    monkeypatch.setattr(arrival, "CHUNK", 4)
    run = started(ferri, ferri.anna, many(10))
    with monkeypatch.context() as patched:
        _killed_after(chunks, patched)
        with pytest.raises(Killed):
            job.work(run.account_id, run.pk)
    run.refresh_from_db()
    assert (run.state, run.read) == (RunState.RUNNING, chunks * 4)
    assert not Lead.objects.exists()
    worked(run)
    assert (run.state, run.imported) == (RunState.DONE, 10)
    assert len({lead.reference for lead in Lead.objects.all()}) == 10
    assert TrashEntry.objects.count() == 1


def test_killed_between_the_entry_and_its_note(
    ferri: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = started(ferri, ferri.anna, many(3))
    begin = door.begin_import

    def dying(*args: Any, **kwargs: Any) -> None:
        begin(*args, **kwargs)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(door, "begin_import", dying)
        with pytest.raises(Killed):
            job.work(run.account_id, run.pk)
    assert worked(run).imported == 3
    assert TrashEntry.objects.count() == 1


def test_killed_between_the_end_and_its_note(ferri: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    run = started(ferri, ferri.anna, many(3))

    def dying(*_: Any) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(arrival, "_done", dying)
        with pytest.raises(Killed):
            job.work(run.account_id, run.pk)
    assert Lead.objects.count() == 3
    assert worked(run).state == RunState.DONE
    assert Lead.objects.count() == 3
    assert LogEntry.objects.filter(verb="import", outcome="done").count() == 1


def test_a_second_process_on_the_same_run_changes_nothing(
    ferri: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrival, "CHUNK", 4)
    run = started(ferri, ferri.anna, many(10))
    arrive = arrival._arrive
    met: list[int] = []

    def overtaken(*args: Any) -> None:
        if not met:
            met.append(1)
            job.work(run.account_id, run.pk)
        arrive(*args)

    monkeypatch.setattr(arrival, "_arrive", overtaken)
    worked(run)
    assert (run.state, run.imported, Lead.objects.count()) == (RunState.DONE, 10, 10)


def test_stopping_removes_what_arrived(ferri: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrival, "CHUNK", 4)
    run = started(ferri, ferri.anna, many(10))
    job.work(run.account_id, run.pk, progress=_stop_once)
    run.refresh_from_db()
    assert (run.state, run.imported) == (RunState.ABANDONED, 0)
    assert not Lead.with_trashed.exists()
    assert [e.outcome for e in LogEntry.objects.filter(verb="import").order_by("seq")] == [
        "started", "failed",
    ]  # fmt: skip


def _stop_once(run: ImportRun) -> None:
    if ImportRun.objects.get(pk=run.pk).state == RunState.RUNNING:
        runs.stop(ImportRun.objects.get(pk=run.pk))


def test_a_user_disabled_meanwhile_brings_nothing(ferri: Cast) -> None:
    run = started(ferri, ferri.ugo)
    with door.sensitive_act(ferri.actor(ferri.anna), Verb.USERS):
        ferri.ugo.disabled_at = clock.now()
        ferri.ugo.save(update_fields=["disabled_at"])
    assert worked(run).state == RunState.FAILED
    assert not Lead.with_trashed.exists()
    assert LogEntry.objects.filter(verb="import", outcome="refused").count() == 1


def test_an_admin_who_is_one_no_more_makes_no_people(ferri: Cast) -> None:
    run = started(ferri, ferri.anna)
    with door.sensitive_act(ferri.actor(ferri.anna), Verb.USERS):
        User.objects.filter(pk=ferri.anna.pk).update(role=Role.USER)
    assert worked(run).state == RunState.FAILED
    assert not Lead.with_trashed.exists()
    assert not User.objects.filter(first_name="Mara").exists()


def test_after_three_tries_it_is_given_up(ferri: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    run = started(ferri, ferri.anna, many(3))

    def broken(*_: Any) -> None:
        raise OSError("disk")

    monkeypatch.setattr(arrival, "_arrive", broken)
    for _try in range(2):
        with pytest.raises(OSError, match="disk"):
            job.work(run.account_id, run.pk)
    assert worked(run).state == RunState.FAILED
    assert "operator" in run.why
    assert TrashEntry.objects.get().state == "purged"


def test_two_imports_at_once_do_not_meet(ferri: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrival, "CHUNK", 4)
    first = started(ferri, ferri.anna, many(10))
    second = started(ferri, ferri.anna, many(6))
    arrive = arrival._arrive
    met: list[int] = []

    def between(*args: Any) -> None:
        arrive(*args)
        if not met:
            met.append(1)
            job.work(second.account_id, second.pk)

    monkeypatch.setattr(arrival, "_arrive", between)
    assert worked(first).imported == 10
    second.refresh_from_db()
    assert second.imported == 6
    assert second.seq is not None
    door.undo(ferri.actor(ferri.anna), second.seq)
    assert Lead.objects.count() == 10


def test_killed_after_the_file_was_removed_and_before_the_end_was_noted(ferri: Cast) -> None:
    run = worked(started(ferri, ferri.anna, many(3)))
    end = run.seq
    ImportRun.objects.filter(pk=run.pk).update(state=RunState.RUNNING, seq=None, finished_at=None)
    worked(run)
    assert (run.state, run.imported, run.seq) == (RunState.DONE, 3, end)
    assert Lead.objects.count() == 3
