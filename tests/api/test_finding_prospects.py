"""Prospects found in all lists by the API: by an e-mail address, or by what a column holds."""

from __future__ import annotations

import pytest

from custode.accounts import sharing
from custode.accounts.sharing import Sharing
from custode.prospecting import columns
from tests.api.calling import Caller
from tests.prospecting.sheets import a_list


@pytest.fixture
def key(app) -> Caller:
    """An application that reads."""
    found: Caller = app("read")
    return found


def names(answer):
    return [row["content"][0] for row in answer.json]


def test_rows_are_found_by_an_address_in_all_lists(key, people, fair):
    actor = people.actor(people.ugo)
    rows = [
        ("Mario", "Bari", "Mario Rossi <INFO@Rossi.example>, mario@rossi.example"),
        ("Told of", "write to info@rossi.example.", ""),
        ("Longer", "", "moreinfo@rossi.example"), ("Longer still", "", "info@rossi.example.com"),
        ("Other", "", "info@rossixexample"),
    ]  # fmt: skip
    a_list(actor, "Fair in Bari", rows)
    answer = key.get("/rows", email="info@rossi.example")
    assert names(answer) == ["Rossi S.r.l.", "Mario", "Told of"]
    assert answer.headers["X-TOTAL-COUNT"] == "3"
    assert answer.json[0]["column_names"] == ["Company", "City", "E-mail"]
    assert names(key.get("/rows", email="info@rossi.example", limit="1", offset="1")) == ["Mario"]
    for nothing in ("nobody@rossi.example", "fo@rossi.example", "%", "(", "\x00", "x" * 60_000):
        assert key.get("/rows", email=nothing).json == []


def test_rows_are_found_by_what_stands_in_a_column(key, people, fair):
    a_list(
        people.actor(people.ugo), "Fair in Bari", [("Torino", "Bari", ""), ("Neri", "TORINO", "")]
    )
    assert names(key.get("/rows", field_key="city", field_value="torino ")) == [
        "Rossi S.r.l.",
        "Neri",
    ]
    assert names(key.get("/rows", field_key="Company", field_value="Edile bianchi")) == [
        "Édile Bianchi"
    ]
    for field, value in (
        ("City", "Tor"),
        ("Shoe", "Torino"),
        ("Company", "Bari"),
        ("City", "x" * 60_000),
    ):
        assert key.get("/rows", field_key=field, field_value=value).json == []
    city = next(column for column in columns.of(fair) if column.name == "City")
    columns.take_out(people.actor(people.ugo), city)
    assert names(key.get("/rows", field_key="City", field_value="Torino")) == ["Neri"]


def test_looking_for_rows_takes_something_to_look_for(key, fair):
    for query, field in (({}, "email"), ({"email": ""}, "email"),
                         ({"field_key": "City"}, "field_value")):  # fmt: skip
        answer = key.get("/rows", **query)
        assert (answer.status, answer.kind, answer.json["field"]) == (
            422,
            "missing_parameter",
            field,
        )


def test_rows_of_lists_that_one_does_not_see_are_not_found(people, fair, program):
    sharing.change(people.actor(people.anna), Sharing("admins", False, "admins", "admins"))
    for query in ({"email": "info@rossi.example"}, {"field_key": "City", "field_value": "Torino"}):
        assert program(people.bruna).get("/rows", **query).json == []
        assert program(people.carla).get("/rows", **query).json == []
        assert names(program(people.ugo).get("/rows", **query)) == ["Rossi S.r.l."]
