"""Which leads a filter finds, by a table; and that an address and a filter are the same thing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.http import QueryDict
from django.utils import timezone, translation

from custode.guard import door
from custode.kernel import clock
from custode.leads import filters, moves, queries, tagging, words
from custode.leads.filters import Days, Filter
from custode.leads.models import Lead, Tag
from tests.cast import Cast

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)


@pytest.fixture
def leads(ferri: Cast) -> Cast:
    """Five leads that differ in everything a filter asks for."""
    steps, anna = ferri.ferri.steps, ferri.actor(ferri.anna)
    with clock.at(NOW - timedelta(days=40)):
        ferri.lead(
            ferri.ugo, "Città scanner", amount_minor=100_00, step=steps[0],
            description="Company: Però", created_at=NOW - timedelta(days=40),
        )  # fmt: skip
        crane = ferri.lead(
            ferri.bruna, "Crane", amount_minor=2_000_00, step=steps[1], starred=True,
            remind_date=TODAY - timedelta(days=1), created_at=NOW - timedelta(days=20),
            estimated_closing_date=date(2027, 1, 31),
        )  # fmt: skip
        nobody = ferri.lead(
            None, "Press 100%", amount_minor=5000, currency="JPY", step=steps[1],
            remind_date=TODAY, created_at=NOW,
        )  # fmt: skip
        won = ferri.lead(
            ferri.ugo, "Won_one", step=steps[2], description="Frantoio dell’olio", created_at=NOW
        )
        ferri.lead(
            ferri.anna, "Sleeping", status="standby", remind_date=TODAY + timedelta(days=3),
            step=steps[2], created_at=NOW,
        )  # fmt: skip
    with clock.at(NOW):
        moves.close(anna, won, "won")
    hot, cold = tagging.tags_named(anna, ["Hot", "Cold"])
    moves.set_tags(anna, crane, [hot, cold])
    moves.set_tags(anna, nobody, [hot])
    door.delete(anna, [ferri.lead(ferri.ugo, "Città deleted")])
    return ferri


ALL = {"Città scanner", "Crane", "Press 100%", "Won_one", "Sleeping"}

TABLE: list[tuple[str, set[str]]] = [
    ("", ALL),
    ("q=citta", {"Città scanner"}),
    ("q=CITTÀ+pero", {"Città scanner"}),
    ("q=crane+scanner", set()),
    ("q=100%25", {"Press 100%"}),
    ("q=n_o", {"Won_one"}),
    ("q=%00crane", {"Crane"}),
    ("q=hot", {"Crane", "Press 100%"}),
    ("q=hot+press", {"Press 100%"}),
    ("q=hot+cold", {"Crane"}),
    ("q=l'olio", {"Won_one"}),
    ("q=l’olio", {"Won_one"}),
    ("step={s1}", {"Crane", "Press 100%"}),
    ("step={s0}&step={s1}", {"Città scanner", "Crane", "Press 100%"}),
    ("pipeline={p}", ALL),
    ("pipeline=999999", set()),
    ("status=won", {"Won_one"}),
    ("status=won&status=standby", {"Won_one", "Sleeping"}),
    ("owner=me", {"Sleeping"}),
    ("owner=none", {"Press 100%"}),
    ("owner=none&owner={bruna}", {"Press 100%", "Crane"}),
    ("tag={hot}", {"Crane", "Press 100%"}),
    ("tag={hot}&tag={cold}", {"Crane"}),
    ("starred=1", {"Crane"}),
    ("amount_from=100", {"Città scanner", "Crane", "Press 100%"}),
    ("amount_from=100.01", {"Crane", "Press 100%"}),
    ("amount_to=2000", {"Città scanner", "Crane"}),
    ("amount_from=5000&amount_to=5000", {"Press 100%"}),
    ("amount_from=100.005", {"Crane", "Press 100%"}),
    ("amount_from=99.999", {"Città scanner", "Crane", "Press 100%"}),
    ("amount_from=2000.001", {"Press 100%"}),
    ("amount_from=5000.5", set()),
    ("amount_from=4999.5&amount_to=5000.5", {"Press 100%"}),
    ("amount_to=100.005", {"Città scanner"}),
    ("amount_to=99.999", set()),
    ("amount_to=4999.9", {"Città scanner", "Crane"}),
    ("reminder=overdue", {"Crane"}),
    ("reminder=today", {"Press 100%"}),
    ("reminder=none", {"Città scanner", "Won_one"}),
    ("created_from=2026-11-23", {"Press 100%", "Won_one", "Sleeping"}),
    ("created_to=2026-11-22", {"Città scanner", "Crane"}),
    ("created_from=2026-11-03&created_to=2026-11-03", {"Crane"}),
    ("closed_from=2026-11-23&closed_to=2026-11-23", {"Won_one"}),
    ("closing_to=2027-01-31", {"Crane"}),
    ("closing_from=2027-02-01", set()),
    ("closing=none", ALL - {"Crane"}),
]


def filled(query: str, cast: Cast) -> QueryDict:
    """A query of the table with the numbers that this run's rows have."""
    tags = {tag.name: tag.pk for tag in Tag.objects.all()}
    steps = cast.ferri.steps
    text = query.format(
        s0=steps[0].pk, s1=steps[1].pk, p=cast.ferri.pipeline.pk, bruna=cast.bruna.pk,
        hot=tags["Hot"], cold=tags["Cold"],
    )  # fmt: skip
    return QueryDict(text)


@pytest.mark.parametrize(("query", "titles"), TABLE, ids=[query for query, _ in TABLE])
def test_a_filter_finds(leads: Cast, query: str, titles: set[str]) -> None:
    with clock.at(NOW), timezone.override("Europe/Rome"):
        reading = filters.read(filled(query, leads))
        found = queries.matching(leads.actor(leads.anna), reading.filter)
        assert {lead.title for lead in found} == titles
    assert reading.complaints == ()
    assert filters.read(reading.filter.to_query()).filter == reading.filter


def test_days_begin_at_midnight_where_the_person_is(leads: Cast) -> None:
    lead = Lead.objects.get(title="Crane")
    Lead.objects.filter(pk=lead.pk).update(created_at=datetime(2026, 5, 1, 23, 0, tzinfo=UTC))
    second = Filter(created=Days(date(2026, 5, 2), date(2026, 5, 2)))
    actor = leads.actor(leads.anna)
    with timezone.override("Europe/Rome"):
        assert [one.title for one in queries.matching(actor, second)] == ["Crane"]
    with timezone.override("UTC"):
        assert not queries.matching(actor, second).exists()


@pytest.mark.parametrize(
    "query",
    [
        "step=x", "step=-1", "step=99999999999999999999999", "step=٣", "owner=everybody",
        "tag=1e3", "status=open", "reminder=tomorrow", "amount_from=lots", "amount_from=1e9",
        "amount_to=-5", "closing=never", "created_from=yesterday", "closing_to=0001-01-01",
        "closed_from=2026-13-45",
        "created_to=9999-12-31",
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_left_out_and_told(leads: Cast, query: str) -> None:
    reading = filters.read(QueryDict(query))
    assert reading.filter == Filter()
    assert len(reading.complaints) == 1
    assert queries.matching(leads.actor(leads.anna), reading.filter).count() == len(ALL)


def test_another_accounts_numbers_find_nothing(leads: Cast) -> None:
    lodi = leads.lodi
    for query in (
        f"step={lodi.steps[0].pk}",
        f"pipeline={lodi.pipeline.pk}",
        f"owner={leads.carla.pk}",
    ):
        wanted = filters.read(QueryDict(query)).filter
        assert not queries.matching(leads.actor(leads.anna), wanted).exists()
        assert words.describe(wanted) == ""
        assert words.unknown(wanted)


def test_a_filter_in_words(leads: Cast) -> None:
    wanted = Filter(
        q="srl", pipeline=leads.ferri.pipeline.pk, steps=(leads.ferri.steps[1].pk,),
        statuses=("won",), owners=("me", str(leads.ugo.pk)), starred=True,
        amount_from=Decimal("1234.5"), reminder="overdue",
        created=Days(date(2026, 1, 1), date(2026, 12, 31)), undated=True,
    )  # fmt: skip
    with translation.override("en"):
        assert words.describe(wanted) == (
            "Text: “srl”, Pipeline: Sales, Step: Contacted, My leads, Owner: Ugo Conti,"
            " Status: Won, Starred, Reminder overdue, Amount from 1,234.5,"
            " Created from 1 Jan 2026 to 31 Dec 2026, Without a closing date"
        )
        rests = {mark.text: mark.rest for mark in words.marks(wanted)}
    assert rests["Owner: Ugo Conti"].owners == ("me",)
    assert rests["Status: Won"].statuses == ()
    assert words.describe(Filter()) == ""
