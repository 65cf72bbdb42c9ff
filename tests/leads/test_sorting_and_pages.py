"""The order of leads is stable and the same on both databases; pages fit together."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from custode.kernel import clock
from custode.leads import pages, queries, sorting
from custode.leads.models import Lead
from custode.leads.sorting import Sort
from tests.cast import Cast


def titles(cast: Cast, sort: Sort) -> list[str]:
    """The titles of all leads in an order."""
    rows = queries.visible(cast.actor(cast.anna)).order_by(*sort.order())
    return [lead.title for lead in rows]


def test_titles_sort_without_case_and_accents(ferri: Cast) -> None:
    for title in ("zebra", "Èlite", "esca", "Alfa", "ärmel", "ENEL"):
        ferri.lead(None, title)
    ordered = ["Alfa", "ärmel", "Èlite", "ENEL", "esca", "zebra"]
    assert titles(ferri, Sort("title", down=False)) == ordered
    assert titles(ferri, Sort("title", down=True)) == ordered[::-1]


def test_spaces_and_signs_sort_alike_on_both_databases(ferri: Cast) -> None:
    ordered = ["Ab cd", "Ab-cd", "Ab_cd", "Abcd", "Àbcde"]
    for title in reversed(ordered):
        ferri.lead(None, title)
    assert titles(ferri, Sort("title", down=False)) == ordered


@pytest.mark.parametrize("by", ["amount", "reminder", "closing", "owner"])
def test_empty_values_come_last_in_both_directions(ferri: Cast, by: str) -> None:
    day = clock.now().date()
    values: dict[str, list[Any]] = {
        "amount": [{"amount_minor": n} for n in (3, 1, 2)],
        "reminder": [{"remind_date": day + timedelta(days=n)} for n in (3, 1, 2)],
        "closing": [{"estimated_closing_date": day + timedelta(days=n)} for n in (3, 1, 2)],
        "owner": [{}, {}, {}],
    }
    people = [ferri.bruna, ferri.ugo, ferri.anna]  # Sala, Conti, Ferri: c, a, b
    for name, who, value in zip("cab", people, values[by], strict=True):
        ferri.lead(who, name, **value)
    ferri.lead(None, "empty")
    assert titles(ferri, Sort(by, down=False)) == ["a", "b", "c", "empty"]
    assert titles(ferri, Sort(by, down=True)) == ["c", "b", "a", "empty"]


def test_steps_sort_by_their_place(ferri: Cast) -> None:
    for title, at in (("b", 1), ("c", 4), ("a", 0)):
        ferri.lead(None, title, step=ferri.ferri.steps[at])
    assert titles(ferri, Sort("step", down=False)) == ["a", "b", "c"]


@pytest.mark.parametrize("by", sorted(sorting.PATHS))
@pytest.mark.parametrize("down", [False, True])
def test_every_page_of_every_order_fits_to_the_next(ferri: Cast, by: str, down: bool) -> None:
    now = clock.now()
    with clock.at(now):
        for i in range(53):
            ferri.lead(None if i % 3 else ferri.ugo, "Same", amount_minor=None if i % 4 else i % 2)
    actor, sort = ferri.actor(ferri.anna), Sort(by, down)
    whole = [lead.pk for lead in queries.visible(actor).order_by(*sort.order())]
    rows = queries.visible(actor)
    got = [pages.page(actor, rows, sort, number, 10) for number in range(1, 7)]
    assert [lead.pk for page in got for lead in page.leads] == whole
    assert [(page.first, page.last) for page in got][-1] == (51, 53)
    assert (got[0].previous, got[0].next, got[-1].next) == (None, 2, None)


def test_a_page_beyond_the_last_is_the_last(ferri: Cast) -> None:
    ferri.lead(None)
    actor = ferri.actor(ferri.anna)
    page = pages.page(actor, queries.visible(actor), Sort(), 999, 50)
    assert (page.number, page.pages, len(page.leads)) == (1, 1, 1)
    empty = pages.page(actor, Lead.objects.none(), Sort(), 3, 50)
    assert (empty.number, empty.pages, empty.leads) == (1, 1, [])


@pytest.mark.parametrize(
    ("text", "sort"),
    [
        ("", Sort()),
        ("title", Sort("title", down=False)),
        ("-amount", Sort("amount", down=True)),
        ("password", Sort()),
        ("--title", Sort()),
    ],
)
def test_an_order_in_an_address(text: str, sort: Sort) -> None:
    assert sorting.read(text) == sort
    assert sorting.read(str(sort)) == sort
    assert sort.turned().turned() == sort


@pytest.mark.parametrize("count", [10, 60])
def test_a_page_asks_the_same_number_of_questions(
    ferri: Cast, count: int, django_assert_num_queries: Any
) -> None:
    for i in range(count):
        ferri.lead(ferri.ugo, f"L{i}")
    actor = ferri.actor(ferri.anna)
    rows = queries.visible(actor)
    pages.page(actor, rows, Sort(), 1)
    with django_assert_num_queries(5):  # the token's two, the numbers, the leads, their tags
        pages.page(actor, rows, Sort(), 1)
