"""The list: what it shows, to whom, and with how many questions to the database."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from custode.accounts import moves as account_moves
from custode.guard.kinds import Verb
from custode.leads import moves, tagging
from tests.cast import Cast

HTMX = {"HX-Request": "true"}


def text(client: Client, path: str, **headers: Any) -> str:
    """A page that must be there."""
    answer = client.get(path, headers=headers.get("headers"))
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_an_empty_account_is_told_how_to_begin(anna: Client) -> None:
    page = text(anna, "/leads/")
    assert "No leads yet" in page
    assert "No lead matches" in text(anna, "/leads/?q=nothing")


def test_the_address_decides_what_is_shown(ferri: Cast, anna: Client) -> None:
    ferri.lead(ferri.ugo, "Alpha")
    ferri.lead(ferri.ugo, "Beta", starred=True)
    page = text(anna, "/leads/?starred=1")
    assert "Beta" in page
    assert "Alpha" not in page
    assert "Remove this part of the filter" in page
    page = text(anna, "/leads/?sort=-title")
    assert page.index(">Beta<") < page.index(">Alpha<")


def test_nonsense_in_the_address_is_explained(ferri: Cast, anna: Client) -> None:
    ferri.lead(ferri.ugo, "Alpha")
    page = text(
        anna, "/leads/?step=x&amount_from=y&created_to=z&page=-4&size=7&sort=nothing&cols=q"
    )
    assert page.count("was left out") == 3
    assert "Alpha" in page


@pytest.mark.parametrize("name", ["owner", "step", "tag", "status", "amount_from", "page", "size"])
@pytest.mark.parametrize("value", ["0" * 4400 + "7", "7" * 5000, "1" * 25, "-1", "٣", "%00"])
def test_no_number_in_the_address_is_too_large(
    ferri: Cast, anna: Client, name: str, value: str
) -> None:
    ferri.lead(ferri.ugo)
    assert anna.get(f"/leads/?{name}={value}").status_code == 200


def test_htmx_gets_the_results_alone_and_the_address_they_have(ferri: Cast, anna: Client) -> None:
    ferri.lead(ferri.ugo, "Alpha")
    path = "/leads/?q=alpha&sort=-updated&size=50&amount_from=&created_from=&tag=&reminder="
    answer = anna.get(path, headers=HTMX)
    assert answer["HX-Push-Url"] == "/leads/?q=alpha"
    assert "<html" not in answer.content.decode()


def test_another_account_sees_nothing_of_it(ferri: Cast, carla: Client) -> None:
    ferri.lead(ferri.ugo, "Alpha")
    step = ferri.ferri.steps[0].pk
    for path in ("/leads/", f"/leads/?step={step}", f"/leads/?owner={ferri.ugo.pk}"):
        page = text(carla, path)
        assert "Alpha" not in page
        assert "Ugo Conti" not in page


def test_columns_are_chosen_and_remembered(ferri: Cast, anna: Client) -> None:
    ferri.lead(ferri.ugo, "Alpha", amount_minor=123_00, probability=40)
    page = text(anna, "/leads/?cols=weighted&cols=probability")
    assert 'data-name="weighted"' in page
    assert 'data-name="step"' not in page
    assert 'data-name="weighted"' in text(anna, "/leads/")
    assert "data-name=" not in text(anna, "/leads/?cols=")


@pytest.mark.parametrize("path", ["/leads/", "/board/"])
def test_ten_or_two_hundred_leads_ask_the_same(
    ferri: Cast, anna: Client, django_assert_num_queries: Any, path: str
) -> None:
    actor, steps = ferri.actor(ferri.anna), ferri.ferri.steps
    tags = tagging.tags_named(actor, ["Hot", "Cold"])

    def more(count: int) -> None:
        for i in range(count):
            owner = (ferri.ugo, ferri.bruna, None)[i % 3]
            lead = ferri.lead(owner, f"L{i}", step=steps[i % 5])
            if i % 4 == 0:
                moves.set_tags(actor, lead, tags)

    more(10)
    anna.get(path)
    with CaptureQueriesContext(connection) as few:
        anna.get(path)
    asked = len(few)
    more(190)
    anna.get(path)
    with django_assert_num_queries(asked):
        anna.get(path)


def test_a_rule_shows_a_shield_that_explains(ferri: Cast, ugo: Client) -> None:
    ferri.lead(ferri.ugo, "Alpha")
    assert 'name="delete"' in text(ugo, "/leads/")
    account_moves.set_privacy(ferri.actor(ferri.anna), Verb.DELETE, "lead", True)
    page = text(ugo, "/leads/")
    assert 'name="delete"' not in page
    assert "Only admins can delete leads. You can ask Anna Ferri." in page


def test_long_and_many(ferri: Cast, anna: Client) -> None:
    lead = ferri.lead(ferri.ugo, "x" * 200, amount_minor=999_999_999_999_99)
    names = [f"tag number {i}" for i in range(40)]
    moves.set_tags(ferri.actor(ferri.anna), lead, names)
    assert "+38" in text(anna, "/leads/")
    assert "+37" in text(anna, "/board/")
    assert "999,999,999,999.99" in text(anna, f"/leads/{lead.pk}/")


def test_pages(ferri: Cast, anna: Client) -> None:
    for i in range(60):
        ferri.lead(ferri.ugo, f"L{i:02}")
    page = text(anna, "/leads/?sort=title&page=2&size=25")
    assert ">L25<" in page
    assert ">L24<" not in page
    assert "Page 2 of 3" in page
    assert ">L59<" in text(anna, "/leads/?sort=title&page=99")
