"""The page of figures: what it counts is what the list shows, of the leads that one sees."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from custode.accounts import sharing
from custode.accounts.sharing import Sharing
from custode.kernel import clock, scope
from custode.leads import figures, moves, performance, pipelines, queries
from custode.leads.filters import Filter
from custode.leads.models import Lead, Status
from custode.leads.performance import BEFORE, LATER, UNDATED, Month
from custode.people import teams
from custode.people.models import User
from tests.cast import Cast

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


def text(answer: Any) -> str:
    body: HttpResponse = answer
    return html.unescape(body.content.decode())


def made(
    cast: Cast, who: User | None, when: str, amount: int | None = None, status: str = "",
    closed: str = "", **values: Any,
) -> Lead:  # fmt: skip
    """A lead that was created, and perhaps closed, at these moments."""
    with clock.at(datetime.fromisoformat(when)):
        lead = cast.lead(who, f"Lead of {when}", amount_minor=amount, **values)
    if status:
        with clock.at(datetime.fromisoformat(closed or when)):
            moves.close(cast.actor(cast.anna), lead, status)
    return lead


@pytest.fixture
def a_year(ferri: Cast) -> Cast:
    """What Ugo, Bruna and nobody had from September to November."""
    made(ferri, ferri.ugo, "2026-09-10T10:00+00:00", 100_000, "won", "2026-10-05T10:00+00:00")
    made(ferri, ferri.ugo, "2026-09-20T10:00+00:00", 50_000, "lost", "2026-11-02T10:00+00:00")
    made(ferri, ferri.ugo, "2026-10-01T10:00+00:00", 30_000, "cancelled")
    made(ferri, ferri.bruna, "2026-10-15T10:00+00:00", 70_000, "won", "2026-11-20T10:00+00:00",
         currency="GBP")  # fmt: skip
    made(ferri, ferri.bruna, "2026-11-11T10:00+00:00")
    made(ferri, None, "2025-01-01T10:00+00:00", 10_000)
    return ferri


def linked(page: str) -> list[tuple[str, int]]:
    """The numbers of the page that lead to a list: its address, and the number."""
    found = re.findall(r'<a href="(/leads/\?[^"]+)">([\d,.]+)</a>', page)
    return [(url, int(re.sub(r"\D", "", number))) for url, number in found]


def listed(client: Client, url: str) -> int:
    """How many leads the list at this address says it has."""
    (number,) = re.findall(r"(\d+) leads?\b", text(client.get(url)))[:1] or ["0"]
    return int(number)


def row(page: str, label: str) -> list[str]:
    """The numbers and amounts of a line of a table."""
    (cells,) = re.findall(rf'<th scope="row">{label}</th>(.*?)</tr>', page, re.DOTALL)[:1]
    return [" ".join(re.sub("<[^>]+>", " ", cell).split()) for cell in cells.split("</td>")[:-1]]


def test_months_and_persons_with_counts_and_amounts(
    a_year: Cast, come_in: Callable[..., Client]
) -> None:
    with clock.at(NOW):
        page = text(come_in(a_year.anna).get("/figures/"))
    thin = "\N{NARROW NO-BREAK SPACE}"
    assert row(page, "Sep 2026")[:3:2] == ["2", "0"]
    assert row(page, "Oct 2026") == [
        "2", f"€{thin}300 £{thin}700".replace(thin, " "), "1", "€ 1,000", "0", "–",
    ]  # fmt: skip
    assert row(page, "Nov 2026") == ["1", "–", "1", "£ 700", "1", "€ 500"]
    assert row(page, "Ugo Conti")[::2] == ["3", "1", "1"]
    assert row(page, "Bruna Sala")[::2] == ["2", "1", "0"]
    assert row(page, "All months")[::2] == ["5", "2", "1"]


def test_the_accounts_currency_comes_first_and_then_that_of_most_leads(
    ferri: Cast, come_in: Callable[..., Client]
) -> None:
    day = "2026-11-03T10:00+00:00"
    for amount, currency in ((9_000_000, "JPY"), (100, "USD"), (100, "USD"), (50, "EUR")):
        made(ferri, ferri.ugo, day, amount, "won", currency=currency)
    with clock.at(NOW):
        page = text(come_in(ferri.anna).get("/figures/"))
    won = row(page, "Nov 2026")[3]
    assert won.index("€") < won.index("$") < won.index("¥")
    titles = re.findall(r"Amount won by month, in (\w{3})", page)
    assert list(dict.fromkeys(titles)) == ["EUR", "USD", "JPY"]
    # A list, whose first three are shown, goes by the number of leads alone.
    anna = ferri.actor(ferri.anna)
    sums = figures.totals(figures.by_step(anna, queries.visible(anna)))
    assert list(sums.items()) == [("USD", 200), ("EUR", 50), ("JPY", 9_000_000)]


@pytest.mark.parametrize("who", ["anna", "ugo", "bruna"])
@pytest.mark.parametrize("shared", [True, False])
@pytest.mark.parametrize("query", ["?from=2025-01&to=2026-11", "?person=me"])
def test_each_number_is_that_of_the_list_it_leads_to(
    a_year: Cast, come_in: Callable[..., Client], who: str, shared: bool, query: str
) -> None:
    made(a_year, a_year.ugo, "2026-11-01T10:00+00:00", 5, estimated_closing_date=date(2027, 1, 3))
    made(a_year, a_year.bruna, "2026-11-01T10:00+00:00", estimated_closing_date=date(2026, 1, 3))
    mode = "shared" if shared else "admins"
    sharing.change(a_year.actor(a_year.anna), Sharing(mode, False, "admins", "everybody"))
    client = come_in(User.objects.get(pk=getattr(a_year, who).pk))
    with clock.at(NOW):
        found = linked(text(client.get(f"/figures/{query}")))
        assert found or (who, query) == ("anna", "?person=me")
        for url, number in found:
            assert listed(client, url) == number, url


def test_nobody_counts_what_they_do_not_see(a_year: Cast, come_in: Callable[..., Client]) -> None:
    sharing.change(a_year.actor(a_year.anna), Sharing("admins", False, "admins", "everybody"))
    with clock.at(NOW):
        page = text(come_in(User.objects.get(pk=a_year.ugo.pk)).get("/figures/"))
        of_bruna = text(
            come_in(User.objects.get(pk=a_year.ugo.pk)).get(f"/figures/?person={a_year.bruna.pk}")
        )
    assert "Bruna" not in page
    assert "£" not in page
    assert row(page, "All months")[::2] == ["3", "1", "1"]
    assert "The filter has a choice that there is not." in of_bruna
    assert "Bruna" not in of_bruna


def test_a_manager_finds_the_team_and_nobody_else_learns_who_is_in_it(
    a_year: Cast, come_in: Callable[..., Client]
) -> None:
    anna = a_year.actor(a_year.anna)
    sharing.change(anna, Sharing("admins", True, "managers", "everybody"))
    anna = User.objects.get(pk=a_year.anna.pk).actor(anna.entrance)
    team = teams.create(a_year.actor(User.objects.get(pk=a_year.anna.pk)), "North", {
        a_year.ugo.pk: True, a_year.bruna.pk: False,
    })  # fmt: skip
    assert anna.is_admin
    with clock.at(NOW):
        manager = come_in(User.objects.get(pk=a_year.ugo.pk))
        page = text(manager.get(f"/figures/?team={team.pk}"))
        assert row(page, "All months")[::2] == ["5", "2", "1"]
        assert "North" in page
        found = linked(page)
        assert all(listed(manager, url) == number for url, number in found)
        page = text(manager.get(f"/figures/?team={team.pk}&person={a_year.bruna.pk}"))
        assert row(page, "All months")[::2] == ["2", "1", "0"]
        page = text(manager.get(f"/figures/?team={team.pk}&person=none"))
        assert "There is nothing to count here" in page
        member = text(
            come_in(User.objects.get(pk=a_year.bruna.pk)).get(f"/figures/?team={team.pk}")
        )
    assert "North" not in member
    assert "The filter has a choice that there is not." in member


def test_another_accounts_leads_are_in_no_figure(
    a_year: Cast, come_in: Callable[..., Client]
) -> None:
    with clock.at(NOW):
        page = text(come_in(a_year.carla).get("/figures/?from=2025-01"))
        theirs = text(come_in(a_year.carla).get(f"/figures/?pipeline={a_year.ferri.pipeline.pk}"))
    assert "There is nothing to count here" in page
    assert "The filter has a choice that there is not." in theirs


def test_a_month_begins_at_midnight_of_the_reader_on_the_day_the_clock_changes(
    ferri: Cast,
) -> None:

    # In Rome March 2026 has its 31 days and 23 hours of one of them: it ends at 22:00 UTC.
    made(ferri, ferri.ugo, "2026-03-31T21:59:59+00:00", 1)
    made(ferri, ferri.ugo, "2026-03-31T22:00:00+00:00", 1)
    # And October ends at 23:00 UTC.
    made(ferri, ferri.ugo, "2026-10-31T22:59:59+00:00", 1)
    made(ferri, ferri.ugo, "2026-10-31T23:00:00+00:00", 1)
    months = Month(2026, 3).until(Month(2026, 11))
    with timezone.override("Europe/Rome"):
        found = performance.groups(ferri.actor(ferri.ugo), Filter(), months)
    counts = {months[one.month].month: one.count for one in found}
    assert counts == {3: 1, 4: 1, 10: 1, 11: 1}


def test_the_forecast_has_every_open_lead_once(ferri: Cast) -> None:
    for day, probability in (
        (None, None), (date(2026, 10, 31), 50), (date(2026, 11, 1), 10), (date(2026, 11, 30), 20),
        (date(2027, 10, 31), None), (date(2027, 11, 1), 100),
    ):  # fmt: skip
        ferri.lead(ferri.ugo, amount_minor=1000, estimated_closing_date=day,
                   probability=probability)  # fmt: skip
    moves.close(ferri.actor(ferri.ugo), ferri.lead(ferri.ugo, amount_minor=1), Status.WON)
    with clock.at(NOW):
        found = performance.forecast(ferri.actor(ferri.ugo), Filter())
    told = {one.month: (one.count, one.amount, one.weighted) for one in found}
    assert told == {
        UNDATED: (1, 1000, 0), BEFORE: (1, 1000, 500), 0: (2, 2000, 300), 11: (1, 1000, 0),
        LATER: (1, 1000, 1000),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("from=soon", "“soon” is not a month."),
        ("from=2026-13", "“2026-13” is not a month."),
        ("to=9999-12", "“9999-12” is not a month."),
        ("from=0001-01", "“0001-01” is not a month."),
        ("from=2020-01&to=2026-11", "At most 24 months are shown"),
        ("pipeline=999999", "The filter has a choice that there is not."),
        ("pipeline=x&team=9&person=zzz", "The filter has a choice that there is not."),
        ("from=%00", "is not a month."),
    ],
)
def test_what_an_address_says_wrongly_is_left_out_and_told(
    ferri: Cast, come_in: Callable[..., Client], query: str, said: str
) -> None:
    answer = come_in(ferri.ugo).get(f"/figures/?{query}")
    assert (answer.status_code, said in text(answer)) == (200, True)


def test_a_pipeline_is_looked_at_alone_and_months_may_be_turned_round(
    a_year: Cast, come_in: Callable[..., Client]
) -> None:
    with scope.account(a_year.ferri.account.pk):
        abroad = pipelines.create_pipeline(a_year.actor(a_year.anna), "Abroad", ["Enquiry"])
        made(a_year, a_year.ugo, "2026-09-01T10:00+00:00", step=abroad.steps.get())
    with clock.at(NOW):
        page = text(
            come_in(a_year.anna).get(f"/figures/?pipeline={abroad.pk}&from=2026-11&to=2026-09")
        )
    assert row(page, "All months")[::2] == ["1", "0", "0"]
    assert [row(page, month)[0] for month in ("Sep 2026", "Oct 2026", "Nov 2026")] == [
        "1",
        "0",
        "0",
    ]


def test_the_page_asks_as_much_with_many_leads_and_people(
    a_year: Cast, come_in: Callable[..., Client]
) -> None:
    client = come_in(a_year.anna)

    def queries() -> int:
        with clock.at(NOW), CaptureQueriesContext(connection) as asked:
            client.get("/figures/")
        return len(asked)

    queries()
    few = queries()
    for n in range(1, 10):
        who = (a_year.ugo, a_year.bruna, a_year.anna)[n % 3]
        made(a_year, who, f"2026-0{n}-01T10:00+00:00", n, "won", currency=["EUR", "USD"][n % 2])
    queries()
    assert queries() == few


def test_italian_writes_months_small_within_tables_and_pictures(a_year: Cast, come_in: Any) -> None:
    a_year.ugo.language = "it"
    a_year.ugo.save(update_fields=["language"])
    with clock.at(NOW):
        page = text(come_in(a_year.ugo).get("/figures/"))
    assert ">nov 2026<" in page
    assert "Nov" not in page.partition("<main")[2]
