"""What a file names and the account lacks is made once, by whatever number of tries and imports."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from custode.exchange.importing import arrival, job, making, runs
from custode.exchange.importing.choices import NEW, Choices
from custode.exchange.importing.forecast import Forecast
from custode.exchange.importing.names import Names
from custode.exchange.importing.needs import needs
from custode.exchange.models import ImportRun, RunState
from custode.guard import door
from custode.guard.models import TrashEntry, TrashState
from custode.leads import pipelines, tagging
from custode.leads.models import Lead, Pipeline, Step, Tag
from custode.people import moves as people_moves
from custode.people.models import User
from tests.cast import Cast
from tests.exchange.bringing import checked, started, worked
from tests.exchange.test_owners import SPELLINGS, marios, person
from tests.guard.test_at_once import at_once


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DATA", tmp_path)


class Killed(BaseException):
    """What a killed process looks like from inside."""


def _killed(
    monkeypatch: pytest.MonkeyPatch, run: ImportRun, module: Any, name: str, after: int = 0
) -> None:
    """Work on a run until its process dies when it calls something for the (`after` + 1)th time."""
    calls: list[int] = []
    whole = getattr(module, name)

    def dying(*args: Any, **kwargs: Any) -> Any:
        if len(calls) == after:
            raise Killed
        calls.append(1)
        return whole(*args, **kwargs)

    with monkeypatch.context() as patched:
        patched.setattr(module, name, dying)
        with pytest.raises(Killed):
            job.work(run.account_id, run.pk)


def test_who_comes_while_the_rows_arrive_changes_nothing(
    ferri: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrival, "CHUNK", 2)
    first = person(ferri)
    run = started(ferri, ferri.anna, SPELLINGS)
    _killed(monkeypatch, run, arrival, "_arrive", after=1)
    person(ferri)
    assert worked(run).state == RunState.DONE
    assert {lead.owner for lead in Lead.objects.all()} == {first}


LACKING = """title,owner,pipeline,step,tags
A,Mario Rossi,Nuova,Prima,caldo
B,"Rossi, Mario",Nuova,Seconda,Caldo
C,Mara Gallo,,Terza,freddo
"""


@pytest.mark.parametrize(
    ("module", "name"),
    [
        (making, "_make_the_rest"),
        (pipelines, "add_steps"),
        (tagging, "tags_named"),
        (making, "_found"),
        (arrival, "_entry"),
        (arrival, "_arrive"),
    ],
)
def test_what_a_killed_run_has_made_is_not_made_again(
    ferri: Cast, monkeypatch: pytest.MonkeyPatch, module: Any, name: str
) -> None:
    person(ferri)
    person(ferri)
    choices = {"owners": {"Mario Rossi": NEW}, "pipeline": NEW, "pipeline_name": "Fiera"}
    run = started(ferri, ferri.anna, LACKING, **choices)
    _killed(monkeypatch, run, module, name)
    worked(run)
    assert (run.state, run.imported) == (RunState.DONE, 3), run.why
    assert len(marios()) == 3
    assert User.objects.filter(first_name="Mara").count() == 1
    assert sorted(Pipeline.objects.values_list("name", flat=True)) == ["Fiera", "Nuova", "Sales"]
    assert Step.objects.filter(pipeline__name="Nuova").count() == 2
    assert Tag.objects.count() == 2
    told = {lead.title: (str(lead.owner), str(lead.step)) for lead in Lead.objects.all()}
    assert told == {
        "A": ("Mario Rossi", "Prima"), "B": ("Mario Rossi", "Seconda"), "C": ("Mara Gallo", "Terza")
    }  # fmt: skip
    assert {lead.owner for lead in Lead.objects.exclude(title="C")} == {marios()[-1]}
    assert len(run.made["people"]) == 2
    assert len(run.made["pipelines"]) == 2
    assert len(run.made["tags"]) == 2


def test_people_made_meanwhile_by_another_import_are_found(
    ferri: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two imports name the same strangers at the same time: the second to make them finds them."""
    first, second = (started(ferri, ferri.anna, LACKING) for _ in range(2))
    create = people_moves.create_named
    met: list[int] = []

    def overtaken(*args: Any, **kwargs: Any) -> Any:
        if not met:
            met.append(1)
            assert worked(second).state == RunState.DONE
        return create(*args, **kwargs)

    monkeypatch.setattr(people_moves, "create_named", overtaken)
    assert worked(first).state == RunState.DONE
    assert len(marios()) == 1
    assert Lead.objects.filter(owner=marios()[0]).count() == 4
    assert Tag.objects.count() == 2
    assert first.made["people"] == []


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_the_same_moment_make_everything_once(
    transactional_db: None, ferri: Cast
) -> None:
    first, second, third = (started(ferri, ferri.anna, LACKING) for _ in range(3))
    answers = at_once(
        ferri, *(partial(job.work, r.account_id, r.pk) for r in (first, second, third))
    )
    assert answers == [None, None, None]
    for run in (first, second, third):
        run.refresh_from_db()
        assert run.state == RunState.DONE, run.why
    assert len(marios()) == 1
    assert Lead.objects.filter(owner=marios()[0]).count() == 6
    assert Pipeline.objects.filter(name="Nuova").count() == 1
    assert Step.objects.filter(name__in=["Prima", "Seconda", "Terza"]).count() == 3
    assert Tag.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_workers_on_one_import_make_everything_once(
    transactional_db: None, ferri: Cast
) -> None:
    run = started(ferri, ferri.anna, LACKING)
    at_once(ferri, *(partial(job.work, run.account_id, run.pk) for _ in range(3)))
    worked(run)
    assert (run.state, Lead.objects.count()) == (RunState.DONE, 3), run.why
    assert len(marios()) == 1
    assert Tag.objects.count() == 2


def test_what_a_second_worker_has_begun_is_given_up(
    ferri: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = started(ferri, ferri.anna, LACKING)
    begin = door.begin_import
    met: list[int] = []

    def overtaken(*args: Any, **kwargs: Any) -> Any:
        if not met:
            met.append(1)
            assert worked(ImportRun.objects.get(pk=run.pk)).state == RunState.DONE
        return begin(*args, **kwargs)

    monkeypatch.setattr(door, "begin_import", overtaken)
    worked(run)
    assert (run.state, Lead.objects.count()) == (RunState.DONE, 3)
    came = TrashEntry.objects.get(pk=run.entry_id or 0)
    assert (came.state, came.count) == (TrashState.RESTORED, 3)
    assert not TrashEntry.objects.filter(state=TrashState.ARRIVING).exists()


def test_a_tag_that_differs_only_in_blanks_is_the_same(ferri: Cast) -> None:
    Tag(name="Molto  caldo").save()
    run = checked(ferri, ferri.anna, "title,tags\nA,molto caldo\n")
    assert (
        needs(
            Forecast.from_dict(run.forecast),
            Names.load(ferri.actor(ferri.anna)),
            Choices(**run.choices),
        ).tags
        == []
    )
    runs.start(run, ferri.actor(ferri.anna))
    worked(run)
    assert [tag.name for tag in Tag.objects.all()] == ["Molto  caldo"]


def test_of_two_alike_the_tag_step_and_pipeline_written_the_same_are_meant(ferri: Cast) -> None:
    for name in ("Molto  caldo", "Molto caldo"):
        Tag(name=name).save()
    other = Pipeline(name="SALES", position=9)
    other.save()
    for n, name in enumerate(("FIRST", "First")):
        Step(pipeline=other, name=name, position=n).save()
    text = "title,pipeline,step,tags\nA,SALES,First,Molto caldo\nB,Sales,Meeting,MOLTO CALDO\n"
    assert worked(started(ferri, ferri.anna, text)).state == RunState.DONE
    told = {
        lead.title: (lead.step.pipeline.name, lead.step.name, [t.name for t in lead.tags.all()])
        for lead in Lead.objects.all()
    }
    assert told == {
        "A": ("SALES", "First", ["Molto caldo"]), "B": ("Sales", "Meeting", ["Molto  caldo"]),
    }  # fmt: skip
