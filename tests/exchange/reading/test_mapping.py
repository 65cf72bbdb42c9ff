"""A mapping: checked, kept as JSON, written on a command line."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custode.exchange.reading import (
    Field,
    LeadMapping,
    MappingError,
    Status,
    format_map,
    from_dict,
    from_places,
    parse_map,
    to_dict,
)

pytestmark = pytest.mark.once

HEADERS = ("account", "product", "stage", "engaged", "value", "agent")
WHOLE = LeadMapping(
    columns={
        Field.TITLE: ("account", "product"),
        Field.STEP: ("stage",),
        Field.STATUS: ("stage",),
        Field.CREATED_AT: ("engaged",),
        Field.AMOUNT: ("value",),
        Field.SKIP: ("agent",),
    },
    separator=" - ",
    ways={"engaged": "mdy", "value": "comma"},
    steps={"Won": "", "Engaging": "In trattativa"},
    statuses={"Won": Status.WON},
)


def test_a_mapping_survives_being_kept_as_json():
    assert from_dict(json.loads(json.dumps(to_dict(WHOLE))), HEADERS) == WHOLE


def test_a_mapping_survives_being_written_on_a_command_line():
    line = format_map(WHOLE)
    assert line == (
        'title=account+product:" - ";step=stage;status=stage;created_at=engaged:mdy;'
        'amount=value:comma;skip=agent;step.Won="";step.Engaging=In trattativa;status.Won=won'
    )
    assert parse_map(line, HEADERS) == WHOLE


NAME = st.text(min_size=1, max_size=8).filter(lambda name: name == name.strip())


@given(
    st.lists(NAME, min_size=2, max_size=5, unique_by=str.casefold),
    st.text(st.characters(exclude_characters="\n"), min_size=1, max_size=20),
)
def test_names_of_any_letters_survive_the_command_line(headers, separator):
    mapping = LeadMapping(
        columns={Field.TITLE: tuple(headers[1:]), Field.AMOUNT: (headers[0],)},
        separator=separator,
        ways={headers[0]: "point"},
        steps={headers[0]: headers[1]},
        statuses={headers[1]: Status.LOST},
    )
    assert parse_map(format_map(mapping), headers) == mapping


def test_columns_without_a_place_become_lines_in_the_order_of_the_file():
    mapping = LeadMapping(columns={Field.TITLE: ("product",), Field.LINE: ("product",)})
    assert mapping.lines(HEADERS) == ("account", "product", "stage", "engaged", "value", "agent")
    assert WHOLE.lines(HEADERS) == ()
    assert mapping.places(HEADERS)["product"] == (Field.TITLE, Field.LINE)


def test_a_form_with_one_row_per_column_says_a_mapping():
    places = {"account": [Field.TITLE], "product": [Field.TITLE, Field.LINE], "agent": []}
    mapping = from_places(places, WHOLE)
    assert mapping.columns == {Field.TITLE: ("account", "product"), Field.LINE: ("product",)}
    assert mapping.ways == WHOLE.ways


def test_a_line_changes_only_what_it_names():
    mapping = parse_map('owner=Agent; title=product; status."Won"=lost', HEADERS, WHOLE)
    assert mapping.of(Field.TITLE) == ("product",)
    assert mapping.of(Field.OWNER) == ("agent",)
    assert mapping.of(Field.SKIP) == ()
    assert mapping.lines(HEADERS) == ("account",)
    assert mapping.statuses == {"Won": Status.LOST}
    assert (mapping.separator, mapping.steps) == (WHOLE.separator, WHOLE.steps)
    assert mapping.one(Field.STEP) == "stage"


def test_a_place_is_emptied_by_naming_nothing():
    assert parse_map("amount=", HEADERS, WHOLE).lines(HEADERS) == ("value",)


def test_another_step_column_does_not_keep_the_old_ones_values():
    mapping = parse_map("step=agent", HEADERS, WHOLE)
    assert (mapping.steps, mapping.statuses) == ({}, WHOLE.statuses)


@pytest.mark.parametrize(
    ("line", "field", "says"),
    [
        ("title=nome", "title", "no column “nome”. Its columns: account, product"),
        ("titel=account", "titel", "“titel” is no place of a lead. Possible: title, description"),
        ("title", "title", "“title” is not of the form place=column"),
        ("title=account;amount=value+stage", "amount", "amount takes one column, not 2"),
        ("title=account+account", "title", "title names the same column twice"),
        ("title=account;amount=value:dmy", "value", "“dmy” is not a way to read column “value”"),
        ("title=account;owner=agent:dmy", "owner", "owner has no ways of writing"),
        ("title=account;status.X=maybe", "status.X", "“maybe” is not a status. Possible: todo"),
        ("title=account;owner.X=Y", "owner", "Values can be translated for step and status"),
        ("owner=agent", "title", "No column becomes the title"),
        ('title=account:"123456789012345678901"', "separator", "at most 20 characters"),
    ],
)
def test_an_error_on_the_command_line_names_what_is_wrong(line, field, says):
    with pytest.raises(MappingError) as caught:
        parse_map(line, HEADERS)
    assert says in str(caught.value)
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("data", "field", "says"),
    [
        ([], "mapping", "must be an object"),
        ({"colums": {}}, "colums", "has no part “colums”. Possible: columns, separator"),
        ({"columns": {"title": ["nome"]}}, "title", "no column “nome”"),
        ({"columns": {"title": [1]}}, "title", "must hold text"),
        ({"columns": {"titel": []}}, "titel", "is no place of a lead"),
        ({"columns": {"title": "account"}, "ways": {"value": 3}}, "ways", "must hold text"),
        ({"columns": {"title": "account"}, "statuses": {"X": "?"}}, "statuses", "is not a status"),
        ({"columns": {"title": "account"}, "separator": None}, "separator", "must hold text"),
        (
            {"columns": {"title": "account", "amount": "value"}, "ways": {"value": "mdy"}},
            "value",
            "is not a way to read column “value”. Possible: point, comma",
        ),
    ],
)
def test_an_error_in_kept_data_names_the_part(data, field, says):
    with pytest.raises(MappingError) as caught:
        from_dict(data, HEADERS)
    assert says in str(caught.value)
    assert caught.value.field == field


@given(st.text(alphabet='titleamounvw.=;+:" x'))
def test_no_line_raises_anything_but_a_sentence(line):
    try:
        mapping = parse_map(line, HEADERS)
    except MappingError as error:
        sentence = str(error)
    else:
        sentence = "Fine." if mapping.of(Field.TITLE) else ""
    assert sentence.endswith(".")
