"""Edits of one lead at the same moment, each on a connection of its own: none undoes another."""

from __future__ import annotations

from datetime import date
from functools import partial

import pytest

from custode.guard import door
from custode.guard.models import Change
from custode.kernel.errors import Invalid
from custode.kernel.text import fold
from custode.leads import moves, pipelines, tagging
from custode.leads.models import Lead, LeadTag, Step
from custode.prospecting import moves as list_moves
from custode.prospecting.models import ListTag
from tests.cast import Cast
from tests.guard.test_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 12


def tab(lead: Lead) -> Lead:
    return Lead.objects.get(pk=lead.pk)


def test_whatever_is_edited_at_once_can_be_found(transactional_db: None, ferri: Cast) -> None:
    anna = ferri.actor(ferri.anna)
    for n in range(ROUNDS):
        lead = ferri.lead(ferri.ugo, f"Lead {n}")
        at_once(
            ferri,
            partial(moves.edit, anna, tab(lead), title=f"Title {n}"),
            partial(moves.edit, anna, tab(lead), description=f"Words {n}"),
            partial(moves.edit, anna, tab(lead), reference=f"Ref {n}"),
        )
        now = tab(lead)
        assert (now.title, now.description) == (f"Title {n}", f"Words {n}")
        assert now.searched == fold(f"Title {n}\nRef {n}\nWords {n}")


def test_a_lead_won_while_it_is_starred_is_closed(transactional_db: None, ferri: Cast) -> None:
    anna = ferri.actor(ferri.anna)
    for n in range(ROUNDS):
        lead = ferri.lead(ferri.ugo, f"Lead {n}")
        at_once(
            ferri,
            partial(moves.close, anna, tab(lead), "won"),
            partial(moves.star, anna, tab(lead), True),
        )
        now = tab(lead)
        assert (now.status, now.starred, now.closed_at is not None) == ("won", True, True)


def test_of_standby_and_no_reminder_one_is_told_no(transactional_db: None, ferri: Cast) -> None:
    anna = ferri.actor(ferri.anna)
    for n in range(ROUNDS):
        lead = ferri.lead(ferri.ugo, f"Lead {n}", remind_date=date(2027, 1, 2))
        answers = at_once(
            ferri,
            partial(moves.edit, anna, tab(lead), status="standby"),
            partial(moves.edit, anna, tab(lead), remind_date=None),
        )
        assert sum(isinstance(answer, Invalid) for answer in answers) == 1
        now = tab(lead)
        assert (now.status == "standby") is (now.remind_date is not None)


def test_each_line_of_history_begins_where_the_one_before_ends(
    transactional_db: None, ferri: Cast
) -> None:
    anna = ferri.actor(ferri.anna)
    lead = ferri.lead(ferri.ugo, "Start")
    at_once(ferri, *(partial(moves.edit, anna, tab(lead), title=f"T{n}") for n in range(8)))
    lines = Change.objects.filter(object_id=lead.pk, field="title").order_by("pk")
    seen = "Start"
    for old, new in lines.values_list("old", "new"):
        assert old == seen
        seen = str(new)
    assert tab(lead).title == seen
    assert lines.count() == 8


def test_tags_set_by_several_at_once_stand_once(transactional_db: None, ferri: Cast) -> None:
    anna = ferri.actor(ferri.anna)
    hot, cold = tagging.tags_named(anna, ["Hot", "Cold"])
    for n in range(ROUNDS):
        lead = ferri.lead(ferri.ugo, f"Lead {n}")
        answers = at_once(
            ferri,
            partial(moves.set_tags, anna, tab(lead), [hot, cold]),
            partial(moves.set_tags, anna, tab(lead), [hot]),
            partial(door.change_labels, anna, [lead], "tag", add=[hot]),
        )
        assert not any(isinstance(answer, Exception) for answer in answers), answers
        assert hot in tab(lead).tags.all()


def test_of_a_lead_and_a_step_that_is_deleted_neither_is_lost(
    transactional_db: None, ferri: Cast
) -> None:
    anna, sales = ferri.actor(ferri.anna), ferri.ferri.pipeline
    for n in range(ROUNDS):
        gone = pipelines.add_steps(anna, sales, [f"Step {n}"])[0]
        leads = [ferri.lead(ferri.ugo, f"Lead {n}-{i}") for i in range(3)]
        ferri.lead(ferri.ugo, f"There {n}", step=gone)
        at_once(
            ferri,
            partial(moves.edit, anna, tab(leads[0]), step=gone),
            partial(pipelines.delete_step, anna, gone, ferri.ferri.steps[1]),
            partial(door.change, anna, leads[1:], "step", gone),
            partial(moves.create, anna, title=f"New {n}", step=gone),
            partial(pipelines.delete_step, anna, gone, ferri.ferri.steps[2]),
        )
        assert not Lead.with_trashed.filter(step__retired_at__isnull=False).exists()
        assert not Step.offered.filter(pk=gone.pk).exists()


def test_of_a_lead_and_a_tag_that_is_deleted_neither_is_lost(
    transactional_db: None, ferri: Cast
) -> None:
    anna = ferri.actor(ferri.anna)
    for n in range(ROUNDS):
        tag = tagging.tags_named(anna, [f"Tag {n}"])[0]
        lead = ferri.lead(ferri.ugo, f"Lead {n}", tags=[tag])
        others = [ferri.lead(ferri.ugo, f"Other {n}-{i}") for i in range(2)]
        fair = list_moves.create(anna, f"Fair {n}", ["Company"])
        at_once(
            ferri,
            partial(moves.set_tags, anna, tab(others[0]), [tag]),
            partial(door.retire, anna, "lead", "tag", [tag], None),
            partial(door.change_labels, anna, others, "tag", add=[tag]),
            partial(moves.set_tags, anna, tab(lead), []),
            partial(list_moves.set_tags, anna, fair, [tag]),
        )
        assert not LeadTag.objects.filter(tag__retired_at__isnull=False).exists()
        assert not ListTag.objects.filter(tag__retired_at__isnull=False).exists()
