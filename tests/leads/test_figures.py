"""Figures are exact after every kind of write, and cost nothing when nothing was written."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext

from custode.guard import door
from custode.kernel import clock, scope
from custode.kernel.actor import Actor
from custode.leads import figures, moves, queries, tagging
from custode.leads.figures import Figure
from custode.leads.filters import Filter
from custode.leads.models import Lead, Tag
from tests.cast import Cast

Counting = Callable[..., Any]


def exact(actor: Actor) -> None:
    """The figures are what the rows say, for all leads and for a filter."""
    hot = tuple(Tag.objects.filter(name="Hot").values_list("pk", flat=True))
    todo, mine = Filter(statuses=("todo",)), Filter(owners=("me",))
    for wanted in (Filter(), todo, mine, Filter(q="l"), Filter(tags=hot)):
        rows = queries.matching(actor, wanted)
        assert figures.count(actor, rows) == len(rows)
        found = figures.by_step(actor, rows)
        assert sum(one.count for one in found) == len(rows)
        for one in found:
            group = rows.filter(step=one.step, status=one.status, currency=one.currency)
            total = group.aggregate(sum=Sum("amount_minor"))["sum"]
            assert (one.count, one.amount) == (group.count(), total or 0)


def test_figures_are_exact_after_every_kind_of_write(ferri: Cast) -> None:
    anna = ferri.actor(ferri.anna)
    steps = ferri.ferri.steps
    exact(anna)
    leads = [ferri.lead(ferri.ugo, f"L{i}", amount_minor=100 * i) for i in range(5)]
    exact(anna)
    moves.edit(anna, leads[0], amount_minor=999, currency="USD")
    exact(anna)
    moves.edit(anna, leads[1], step=steps[3])
    exact(anna)
    moves.close(anna, leads[2], "won")
    exact(anna)
    moves.edit(anna, leads[3], owner=ferri.anna)
    exact(anna)
    gone = door.delete(anna, leads[:2])
    exact(anna)
    assert gone.entry is not None
    door.restore(anna, gone.entry)
    exact(anna)
    changed = door.change(anna, Lead.objects.all(), "step", steps[4])
    exact(anna)
    door.undo(anna, changed.seq)
    exact(anna)
    gone = door.delete(anna, leads[:1])
    assert gone.entry is not None
    door.purge(anna, gone.entry, reason="a test")
    exact(anna)
    tag = tagging.tags_named(anna, ["Hot"])[0]
    tagged = Filter(tags=(tag.pk,))
    assert figures.count(anna, queries.matching(anna, tagged)) == 0
    moves.set_tags(anna, leads[3], [tag])
    assert figures.count(anna, queries.matching(anna, tagged)) == 1
    door.change_labels(anna, Lead.objects.all(), "tag", add=[tag])
    assert figures.count(anna, queries.matching(anna, tagged)) == Lead.objects.count()


def test_an_import_counts_when_it_is_all_in(ferri: Cast) -> None:
    anna = ferri.actor(ferri.anna)
    entry = door.begin_import(anna, "lead", details={}, labels=["leads.csv"])
    with door.import_chunk(anna, entry):
        lead = Lead(title="New", step=ferri.ferri.steps[0])
        lead.derive()
        door.save_imported(entry, [lead])
    exact(anna)
    door.finish_import(anna, entry, details={})
    exact(anna)
    assert figures.count(anna, queries.visible(anna)) == 1


def test_without_a_write_nothing_is_counted_again(
    ferri: Cast, django_assert_num_queries: Counting
) -> None:
    anna = ferri.actor(ferri.anna)
    ferri.lead(ferri.ugo)
    rows = queries.visible(anna)
    figures.by_step(anna, rows)
    with django_assert_num_queries(2) as asked:
        figures.by_step(anna, rows)
    assert not any("COUNT(" in query["sql"] for query in asked.captured_queries)


def test_after_an_edit_only_its_steps_are_counted_again(ferri: Cast) -> None:
    anna, steps = ferri.actor(ferri.anna), ferri.ferri.steps
    leads = [ferri.lead(ferri.ugo, f"L{n}", step=steps[n % 5]) for n in range(10)]
    rows = queries.visible(anna)
    figures.by_step(anna, rows)
    moves.edit(anna, leads[1], step=steps[2])
    moves.edit(anna, leads[3], amount_minor=77)
    with CaptureQueriesContext(connection) as asked:
        found = figures.by_step(anna, rows)
    (counted,) = (query["sql"] for query in asked.captured_queries if "COUNT(" in query["sql"])
    told = sorted(map(int, counted.partition('"step_id" IN (')[2].partition(")")[0].split(",")))
    assert told == [steps[1].pk, steps[2].pk, steps[3].pk]
    assert sorted((one.step, one.count) for one in found) == [
        (steps[0].pk, 2), (steps[1].pk, 1), (steps[2].pk, 3), (steps[3].pk, 2), (steps[4].pk, 2)
    ]  # fmt: skip
    exact(anna)


@pytest.mark.parametrize("seed", range(4))
def test_figures_stay_exact_however_edits_follow_each_other(ferri: Cast, seed: int) -> None:
    chance = random.Random(seed)
    anna, steps = ferri.actor(ferri.anna), ferri.ferri.steps
    tags = tagging.tags_named(anna, ["Hot", "Cold"])
    leads = [ferri.lead(ferri.ugo, f"L{n}", step=chance.choice(steps)) for n in range(8)]
    edits: list[Callable[[Lead], Any]] = [
        lambda lead: moves.edit(anna, lead, step=chance.choice(steps)),
        lambda lead: moves.edit(anna, lead, amount_minor=chance.randrange(99)),
        lambda lead: moves.edit(anna, lead, currency=chance.choice(["EUR", "USD"])),
        lambda lead: moves.edit(anna, lead, owner=chance.choice([ferri.anna, ferri.ugo, None])),
        lambda lead: moves.edit(anna, lead, title=chance.choice(["L", "M"])),
        lambda lead: moves.set_tags(anna, lead, chance.sample(tags, chance.randrange(3))),
        lambda lead: moves.close(anna, lead, "won"),
        lambda lead: moves.edit(anna, lead, status="todo"),
        lambda _lead: ferri.lead(ferri.ugo, "New", step=chance.choice(steps)),
    ]
    for _round in range(25):
        for _edit in range(chance.randrange(4)):
            chance.choice(edits)(chance.choice(leads))
        exact(anna)


def test_after_very_many_edits_everything_is_counted_again(
    ferri: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures, "MOST_EDITS", 3)
    anna, rows = ferri.actor(ferri.anna), queries.visible(ferri.actor(ferri.anna))
    lead = ferri.lead(ferri.ugo)
    for edits, whole in ((3, False), (4, True)):
        figures.by_step(anna, rows)
        for n in range(edits):
            moves.edit(anna, lead, amount_minor=10 * edits + n)
        with CaptureQueriesContext(connection) as asked:
            figures.by_step(anna, rows)
        (counted,) = (one["sql"] for one in asked.captured_queries if "COUNT(" in one["sql"])
        assert ('"step_id" IN' not in counted) is whole
    exact(anna)


def test_half_a_minute_counts_from_when_everything_was_counted(ferri: Cast) -> None:
    anna, steps = ferri.actor(ferri.anna), ferri.ferri.steps
    late, other = ferri.lead(ferri.ugo, step=steps[0]), ferri.lead(ferri.ugo, step=steps[1])
    rows = queries.matching(anna, Filter(statuses=("todo",)))
    start = clock.now()
    with clock.at(start):
        assert len(figures.by_step(anna, rows)) == 2
        Lead.objects.filter(pk=late.pk).update(status="won")
    with clock.at(start + timedelta(seconds=20)):
        moves.edit(anna, other, amount_minor=1)
        assert len(figures.by_step(anna, rows)) == 2
    with clock.at(start + timedelta(seconds=30)):
        assert len(figures.by_step(anna, rows)) == 1


def test_no_figure_lives_long(ferri: Cast) -> None:
    """A write whose number came late (PostgreSQL) is seen after half a minute."""
    anna = ferri.actor(ferri.anna)
    lead = ferri.lead(ferri.ugo)
    rows = queries.matching(anna, Filter(statuses=("todo",)))
    start = clock.now()
    with clock.at(start):
        assert figures.count(anna, rows) == 1
        Lead.objects.filter(pk=lead.pk).update(status="won")
        assert figures.count(anna, rows) == 1
    with clock.at(start + timedelta(seconds=30)):
        assert figures.count(anna, rows) == 0


def test_accounts_do_not_share_figures(ferri: Cast) -> None:
    anna, carla = ferri.actor(ferri.anna), ferri.actor(ferri.carla)
    ferri.lead(ferri.ugo)
    assert figures.count(anna, queries.visible(anna)) == 1
    with scope.account(ferri.lodi.account.pk):
        assert figures.count(carla, queries.visible(carla)) == 0


@pytest.mark.parametrize(
    ("found", "totals"),
    [
        ((), {}),
        ((Figure(1, "todo", "EUR", 2, 0),), {}),
        (
            (
                Figure(1, "todo", "EUR", 2, 100),
                Figure(2, "won", "EUR", 1, 50),
                Figure(1, "todo", "USD", 1, 900),
            ),
            {"EUR": 150, "USD": 900},
        ),
    ],
)
def test_totals_are_apart_by_currency(found: tuple[Figure, ...], totals: dict[str, int]) -> None:
    assert figures.totals(found) == totals
    assert list(figures.totals(found)) == list(totals)
