"""Leads found by an address and by tags: exactly those, at a price that a filter may have."""

from __future__ import annotations

import pytest

from custode.accounts import sharing
from custode.accounts.sharing import Sharing
from custode.activities import moves as comments
from custode.kernel import scope
from custode.leads import moves, tagging
from tests.api.calling import Caller
from tests.api.conftest import Calling

ADA = "ada@marini.example"


@pytest.fixture
def key(app: Calling) -> Caller:
    """An application that may everything."""
    return app()


def titles(answer):
    return [one["title"] for one in answer.json]


@pytest.mark.parametrize(
    "text",
    [
        f"Email: {ADA}", f"<{ADA}>", f"Write to {ADA}.", f"mailto:{ADA}?subject=x",
        "ADA@Marini.Example", f"'{ADA}', or her brother", f"first\n{ADA}\nlast",
    ],
)  # fmt: skip
def test_a_lead_is_found_by_an_address_that_stands_in_its_description(key, people, text):
    people.lead(people.ugo, "Hers", description=text)
    people.lead(people.ugo, "Nobody's")
    assert titles(key.get("/leads", email=ADA)) == ["Hers"]
    assert titles(key.get("/leads", email=f" {ADA.upper()} ")) == ["Hers"]


@pytest.mark.parametrize(
    "text",
    [
        "nada@marini.example", f"{ADA}.org", "x.ada@marini.example", "ada@mariniXexample",
        "ada@marini.example-shop.example", "ada+news@marini.example", "ada@marini. example",
    ],
)  # fmt: skip
def test_a_stranger_whose_address_holds_another_is_not_found_by_it(key, people, text):
    lead = people.lead(people.ugo, "A stranger's", description=f"Email: {text}")
    with scope.account(people.ferri.account.pk):
        comments.write(people.actor(people.ugo), lead, f"They wrote from {text}")
    answer = key.get("/leads", email=ADA)
    assert (titles(answer), answer.headers["X-TOTAL-COUNT"]) == ([], "0")


def test_a_lead_is_found_by_an_address_in_what_is_said_about_it(key, people, program):
    hers, other = people.lead(people.ugo, "Hers"), people.lead(people.ugo, "Other")
    with scope.account(people.ferri.account.pk):
        comments.write(people.actor(people.ugo), hers, f"She is {ADA}, he is not")
        comments.write(people.actor(people.ugo), other, "n" + ADA)
    assert titles(key.get("/leads", email=ADA)) == ["Hers"]
    assert titles(program(people.bruna).get("/leads", email=ADA)) == ["Hers"]


def test_what_is_no_address_finds_nothing_by_it(key, people):
    people.lead(people.ugo, "Hers", description=f"Ada: {ADA}")
    for told in ("ada", "@", "marini.example", f"{ADA} more", "@marini.example", "@" * 60_000):
        assert titles(key.get("/leads", email=told)) == [], told[:20]
    assert titles(key.get("/leads", email="\0 ")) == ["Hers"]


def test_an_address_finds_no_lead_that_a_user_does_not_see(people, program):
    sharing.change(people.actor(people.anna), Sharing("admins", False, "admins", "admins"))
    lead = people.lead(people.ugo, "Ugo's", description=ADA)
    with scope.account(people.ferri.account.pk):
        comments.write(people.actor(people.ugo), lead, ADA)
    assert titles(program(people.ugo).get("/leads", email=ADA)) == ["Ugo's"]
    assert titles(program(people.bruna).get("/leads", email=ADA)) == []


def test_another_companys_leads_are_found_by_no_address(app, people):
    people.lead(people.ugo, "Hers", description=ADA)
    assert titles(app(where="lodi").get("/leads", email=ADA)) == []


def test_fifty_tags_are_looked_for_and_one_more_is_not(key, people):
    lead, names = people.lead(people.ugo, "Tagged"), [f"t{n}" for n in range(51)]
    other = people.lead(people.ugo, "Other")
    with scope.account(people.ferri.account.pk):
        actor = people.actor(people.anna)
        moves.set_tags(actor, lead, tagging.tags_named(actor, names))
        moves.set_tags(actor, other, tagging.tags_named(actor, names[:49]))
    assert titles(key.get("/leads", tags=",".join(names[:50]))) == ["Tagged"]
    assert len(key.get("/leads", tags=",".join(names[:49])).json) == 2
    many = key.get("/leads", tags=",".join(names))
    assert (many.status, many.json["field"]) == (422, "tags")
    assert many.json["message"] == "Name at most 50 at once."


def test_a_tag_that_is_named_twice_is_one_and_one_that_is_not_there_fits_nothing(key, people):
    lead = people.lead(people.ugo, "Tagged")
    with scope.account(people.ferri.account.pk):
        actor = people.actor(people.anna)
        moves.set_tags(actor, lead, tagging.tags_named(actor, ["Hot", "Big"]))
    assert titles(key.get("/leads", tags=",".join(["hot", "HOT", "big"] * 30))) == ["Tagged"]
    assert titles(key.get("/leads", tags="hot,unheard")) == []
