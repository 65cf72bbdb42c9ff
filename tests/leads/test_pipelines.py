"""Pipelines and steps: made, renamed, ordered, and deleted with another step for their leads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from custode.guard import door, history
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry
from custode.kernel.actor import Actor
from custode.kernel.errors import Gone, Invalid, Refused
from custode.leads import moves, pipelines
from custode.leads.models import Lead, Pipeline, Step
from tests.cast import Cast


@pytest.fixture
def anna(ferri: Cast) -> Actor:
    """Ferri's admin, acting."""
    return ferri.actor(ferri.anna)


def names(pipeline: Pipeline) -> list[str]:
    return [step.name for step in pipelines.steps_of(pipeline)]


def test_a_deleted_steps_leads_go_to_the_target_those_in_the_trash_too(
    ferri: Cast, anna: Actor
) -> None:
    old, new = ferri.ferri.steps[1:3]
    living, trashed, elsewhere = (
        ferri.lead(ferri.ugo, "Living", step=old),
        ferri.lead(ferri.bruna, "Trashed", step=old),
        ferri.lead(ferri.ugo, "Elsewhere"),
    )
    entry = door.delete(anna, [trashed]).entry
    act = pipelines.delete_step(anna, old, new)
    assert act.count == 2
    assert names(ferri.ferri.pipeline) == ["Incoming", "Meeting", "Proposal", "Negotiation"]
    assert entry is not None
    door.restore(anna, entry)
    where = {lead.title: lead.step for lead in Lead.objects.select_related("step")}
    assert where == {"Living": new, "Trashed": new, "Elsewhere": ferri.ferri.steps[0]}
    for lead, moved in ((living, True), (trashed, True), (elsewhere, False)):
        assert history.of(lead).filter(field="step", seq=act.seq).exists() is moved


def test_the_log_tells_it_and_its_undo_brings_everything_back(ferri: Cast, anna: Actor) -> None:
    old, new = ferri.ferri.steps[1:3]
    stays, moved = ferri.lead(ferri.ugo, "A", step=old), ferri.lead(ferri.ugo, "B", step=old)
    door.delete(anna, [ferri.lead(ferri.ugo, "Trashed", step=old)])
    act = pipelines.delete_step(anna, old, new)
    told = LogEntry.objects.get(seq=act.seq)
    assert (told.verb, told.kind, told.count) == (Verb.RETIRE, "lead", 3)
    moved.refresh_from_db()
    moves.edit(ferri.actor(ferri.ugo), moved, step=ferri.ferri.steps[4])
    back = door.undo(anna, act.seq)
    assert (back.count, back.stayed) == (2, 1)
    assert names(ferri.ferri.pipeline)[1] == old.name
    stays.refresh_from_db()
    moved.refresh_from_db()
    assert (stays.step, moved.step) == (old, ferri.ferri.steps[4])
    assert Lead.with_trashed.get(title="Trashed").step == old
    with pytest.raises(Gone, match="undone before"):
        door.undo(anna, act.seq)


def test_a_step_without_leads_comes_back_too(ferri: Cast, anna: Actor) -> None:
    act = pipelines.delete_step(anna, ferri.ferri.steps[1], ferri.ferri.steps[0])
    assert act.count == 0
    door.undo(anna, act.seq)
    assert len(names(ferri.ferri.pipeline)) == 5


def test_a_step_whose_name_is_taken_since_comes_back_when_that_has_another(
    ferri: Cast, anna: Actor
) -> None:
    old = ferri.ferri.steps[1]
    act = pipelines.delete_step(anna, old, ferri.ferri.steps[0])
    namesake = pipelines.add_steps(anna, ferri.ferri.pipeline, [old.name])[0]
    with pytest.raises(Invalid, match="another name"):
        door.undo(anna, act.seq)
    pipelines.rename(anna, namesake, "Called")
    door.undo(anna, act.seq)
    assert names(ferri.ferri.pipeline)[1] == old.name


def test_a_pipeline_is_deleted_with_its_steps_and_comes_back_with_them(
    ferri: Cast, anna: Actor
) -> None:
    abroad = pipelines.create_pipeline(anna, "Abroad", ["Enquiry", "Offer"])
    first, second = pipelines.steps_of(abroad)
    one, two = ferri.lead(ferri.ugo, "A", step=first), ferri.lead(ferri.ugo, "B", step=second)
    act = pipelines.delete_pipeline(anna, abroad, ferri.ferri.steps[2])
    assert not Pipeline.offered.filter(name="Abroad").exists()
    assert not Step.offered.filter(pipeline=abroad).exists()
    one.refresh_from_db()
    two.refresh_from_db()
    assert one.step == two.step == ferri.ferri.steps[2]
    door.undo(anna, act.seq)
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.step, two.step) == (first, second)
    assert names(abroad) == ["Enquiry", "Offer"]


def test_a_step_does_not_come_back_before_its_pipeline(ferri: Cast, anna: Actor) -> None:
    abroad = pipelines.create_pipeline(anna, "Abroad", ["Enquiry", "Offer"])
    first, second = pipelines.steps_of(abroad)
    step = pipelines.delete_step(anna, first, second)
    whole = pipelines.delete_pipeline(anna, abroad, ferri.ferri.steps[0])
    with pytest.raises(Invalid, match="Undo that first"):
        door.undo(anna, step.seq)
    assert not Step.offered.filter(pk=first.pk).exists()
    door.undo(anna, whole.seq)
    door.undo(anna, step.seq)
    assert names(abroad) == ["Enquiry", "Offer"]


def test_an_older_bulk_change_is_not_undone_into_a_deleted_step(ferri: Cast, anna: Actor) -> None:
    old, new = ferri.ferri.steps[:2]
    lead = ferri.lead(ferri.ugo, step=old)
    bulk = door.change(anna, [lead], "step", new)
    act = pipelines.delete_step(anna, old, ferri.ferri.steps[2])
    with pytest.raises(Invalid, match="“Incoming” has been deleted since"):
        door.undo(anna, bulk.seq)
    door.undo(anna, act.seq)
    assert door.undo(anna, bulk.seq).count == 1


REFUSED: dict[str, Callable[[Actor, Pipeline, list[Step]], object]] = {
    "make a pipeline": lambda who, _one, _steps: pipelines.create_pipeline(who, "Abroad", ["A"]),
    "add a step": lambda who, one, _steps: pipelines.add_steps(who, one, ["Called"]),
    "rename a pipeline": lambda who, one, _steps: pipelines.rename(who, one, "Abroad"),
    "rename a step": lambda who, _one, steps: pipelines.rename(who, steps[0], "Called"),
    "make a default": lambda who, one, _steps: pipelines.make_default(who, one),
    "order steps": lambda who, one, steps: pipelines.order_steps(
        who, one, [step.pk for step in reversed(steps)]
    ),
    "order pipelines": lambda who, one, _steps: pipelines.order_pipelines(who, [one.pk]),
    "delete a step": lambda who, _one, steps: pipelines.delete_step(who, steps[0], steps[1]),
    "delete a pipeline": lambda who, one, steps: pipelines.delete_pipeline(who, one, steps[0]),
}


@pytest.mark.parametrize("act", REFUSED.values(), ids=REFUSED.keys())
def test_who_is_no_admin_may_not(
    ferri: Cast, act: Callable[[Actor, Pipeline, list[Step]], object]
) -> None:
    with pytest.raises(Refused):
        act(ferri.actor(ferri.ugo), ferri.ferri.pipeline, ferri.ferri.steps)
    assert names(ferri.ferri.pipeline) == [step.name for step in ferri.ferri.steps]
    assert [one.name for one in Pipeline.offered.all()] == ["Sales"]


def test_who_is_no_admin_undoes_no_deletion_of_a_step(ferri: Cast, anna: Actor) -> None:
    act = pipelines.delete_step(anna, ferri.ferri.steps[1], ferri.ferri.steps[0])
    # Nor does who has deleted it, and is no admin any more.
    for who in (ferri.actor(ferri.ugo), replace(anna, is_admin=False)):
        with pytest.raises(Refused):
            door.undo(who, act.seq)
    assert len(names(ferri.ferri.pipeline)) == 4


def test_what_cannot_be_is_said(ferri: Cast, anna: Actor) -> None:
    pipeline, steps = ferri.ferri.pipeline, ferri.ferri.steps
    theirs = ferri.lodi.steps[0]
    abroad = pipelines.create_pipeline(anna, "Abroad", ["Enquiry"])
    with pytest.raises(Invalid, match="Make another pipeline the default"):
        pipelines.delete_pipeline(anna, pipeline, pipelines.steps_of(abroad)[0])
    with pytest.raises(Invalid, match="last step"):
        pipelines.delete_step(anna, pipelines.steps_of(abroad)[0], steps[0])
    with pytest.raises(Invalid):
        pipelines.delete_pipeline(anna, abroad, pipelines.steps_of(abroad)[0])
    with pytest.raises(Invalid, match="does not exist"):
        pipelines.delete_step(anna, steps[0], theirs)
    with pytest.raises(Invalid, match="take its place"):
        pipelines.delete_step(anna, steps[0], steps[0])
    with pytest.raises(Invalid, match="in this pipeline already"):
        pipelines.add_steps(anna, pipeline, ["Incoming"])
    with pytest.raises(Invalid, match="of this name already"):
        pipelines.create_pipeline(anna, " Sales ", ["A"])
    with pytest.raises(Invalid, match="needs a step"):
        pipelines.create_pipeline(anna, "Empty", [])
    with pytest.raises(Invalid, match="appears twice"):
        pipelines.create_pipeline(anna, "Twice", ["A", "A "])
    with pytest.raises(Invalid, match="in the meantime"):
        pipelines.order_steps(anna, pipeline, [steps[0].pk])
    assert len(names(pipeline)) == 5


def test_two_admins_at_once_delete_a_step_only_once(ferri: Cast, anna: Actor) -> None:
    steps = ferri.ferri.steps
    pipelines.delete_step(anna, steps[1], steps[0])
    with pytest.raises(Gone, match="meantime"):
        pipelines.delete_step(anna, steps[1], steps[2])
    with pytest.raises(Invalid, match="not there any more"):
        pipelines.delete_step(anna, steps[2], steps[1])
    with pytest.raises(Gone):
        pipelines.rename(anna, steps[1], "Called")


def test_a_step_that_came_meanwhile_is_not_left_in_a_deleted_pipeline(
    ferri: Cast, anna: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    abroad = pipelines.create_pipeline(anna, "Abroad", ["Enquiry", "Offer"])
    steps_of = pipelines.steps_of

    def read_before(pipeline: Pipeline) -> list[Step]:
        monkeypatch.setattr(pipelines, "steps_of", steps_of)
        found = steps_of(pipeline)
        pipelines.add_steps(anna, abroad, ["Signed"])
        return found

    monkeypatch.setattr(pipelines, "steps_of", read_before)
    with pytest.raises(Invalid, match="in the meantime"):
        pipelines.delete_pipeline(anna, abroad, ferri.ferri.steps[0])
    assert names(abroad) == ["Enquiry", "Offer", "Signed"]


def test_nothing_goes_into_a_deleted_step(ferri: Cast, anna: Actor) -> None:
    gone = ferri.ferri.steps[1]
    lead = ferri.lead(ferri.ugo)
    pipelines.delete_step(anna, gone, ferri.ferri.steps[0])
    gone.retired_at = None  # as a page that was opened before knows it
    with pytest.raises(Invalid, match="not there any more"):
        moves.edit(anna, lead, step=gone)
    with pytest.raises(Invalid, match="not there any more"):
        moves.create(anna, title="New", step=gone)
    with pytest.raises(Invalid, match="not there any more"):
        door.change(anna, [lead], "step", gone)
    lead.refresh_from_db()
    assert lead.step == ferri.ferri.steps[0]


def test_order_default_and_names_are_kept(ferri: Cast, anna: Actor) -> None:
    pipeline, steps = ferri.ferri.pipeline, ferri.ferri.steps
    pipelines.order_steps(anna, pipeline, [step.pk for step in reversed(steps)])
    assert names(pipeline) == ["Negotiation", "Proposal", "Meeting", "Contacted", "Incoming"]
    abroad = pipelines.create_pipeline(anna, "Abroad", ["Enquiry"])
    pipelines.order_pipelines(anna, [abroad.pk, pipeline.pk])
    assert [one.name for one in Pipeline.offered.all()] == ["Abroad", "Sales"]
    assert pipelines.default_pipeline(anna) == pipeline
    pipelines.make_default(anna, abroad)
    assert pipelines.default_pipeline(anna) == abroad
    assert Pipeline.objects.filter(is_default=True).count() == 1
    assert moves.create(anna, title="New").step.name == "Enquiry"
    pipelines.delete_pipeline(anna, pipeline, pipelines.steps_of(abroad)[0])
    assert [one.name for one in Pipeline.offered.all()] == ["Abroad"]
