"""Columns of a file become default fields: proposed, read as they are written, refused by row."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from custode.exchange.importing import runs
from custode.exchange.importing.choices import Choices
from custode.exchange.importing.deciding import decide
from custode.exchange.importing.names import Names
from custode.exchange.importing.studies import Study
from custode.exchange.models import ImportRun, RefusedRow, RunState
from custode.exchange.reading import MappingError, format_map, from_dict, parse_map, to_dict
from custode.fields import moves, values
from custode.guard import door
from custode.leads.models import Lead, LeadKey
from tests.cast import Cast
from tests.exchange.bringing import brought, started, worked
from tests.fields.made import a_field

FILE = """title;partita iva;Region;Machines;Since;Website;City
One;01234567897;North;1.234,5;31/12/2025;firm.example;Asti
Two;;South;12;15/03/2026;;
Three;1;East;2;01/01/2026;;
Four;2;North;three;01/01/2026;javascript:x;
Five;IT01234567897;;;;;
"""


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DATA", tmp_path)


@pytest.fixture
def furnished(ferri: Cast) -> Cast:
    """A field of several sorts."""
    a_field(ferri, "Partita IVA", key=True)
    a_field(ferri, "Region", "choice", "North", "South")
    a_field(ferri, "Machines", "number")
    a_field(ferri, "Since", "date")
    a_field(ferri, "Website", "link")
    return ferri


def mapped(run: ImportRun) -> dict[str, tuple[str, ...]]:
    return dict(from_dict(run.mapping, Study.from_dict(run.study).headers).own)


def test_columns_of_the_same_name_are_proposed_if_what_they_hold_fits(furnished: Cast) -> None:
    run = brought(furnished, furnished.anna, FILE)
    assert mapped(run) == {
        "Partita IVA": ("partita iva",), "Region": ("Region",), "Machines": ("Machines",),
        "Since": ("Since",), "Website": ("Website",),
    }  # fmt: skip
    run = brought(furnished, furnished.anna, "title;Since;Machines\nOne;soon;many\n")
    assert mapped(run) == {}


def test_what_does_not_fit_is_refused_with_row_field_and_reason(furnished: Cast) -> None:
    run = worked(started(furnished, furnished.anna, FILE))
    assert (run.state, run.imported, run.refused) == (RunState.DONE, 3, 2)
    one, two, five = (Lead.objects.get(title=title) for title in ("One", "Two", "Five"))
    assert values.lines("lead", one.field_values) == {
        "Partita IVA": "01234567897", "Region": "North", "Machines": "1234.5",
        "Since": "31 Dec 2025", "Website": "https://firm.example",
    }  # fmt: skip
    assert one.fields == {"City": "Asti"}
    assert values.lines("lead", two.field_values)["Machines"] == "12"
    told = [(row.line, row.column, row.value) for row in RefusedRow.objects.order_by("pk")]
    assert told == [
        (4, "Region", "East"), (5, "Machines", "three"), (5, "Website", "javascript:x"),
    ]  # fmt: skip
    assert "no choice “East”. Possible: North, South" in RefusedRow.objects.all()[0].reason
    # The leads of a file know each other by their key as others do.
    assert LeadKey.objects.count() == 2
    field = moves.offered("lead")[0]
    anna = furnished.actor(furnished.anna)
    assert values.same_elsewhere(anna, five, [field]) == [(field, one)]
    assert run.seq is not None
    door.undo(anna, run.seq)
    assert values.same_elsewhere(anna, five, [field]) == []


def test_how_a_date_or_a_number_is_written_is_asked_when_it_is_not_clear(furnished: Cast) -> None:
    run = brought(furnished, furnished.anna, "title;Since;Machines\nOne;01/02/2026;1.234\n")
    told, names = Study.from_dict(run.study), Names.load(furnished.actor(furnished.anna))
    mapping = from_dict(run.mapping, told.headers)
    asked = decide(mapping, told, names, Choices(**run.choices)).questions
    assert sorted((question.column, question.own) for question in asked) == [
        ("Machines", "Machines"), ("Since", "Since"),
    ]  # fmt: skip
    assert all(question.own in question.sentence for question in asked)
    said = parse_map("field.Since=Since:mdy;field.Machines=Machines:point", told.headers, mapping)
    decided = decide(said, told, names, Choices(**run.choices))
    assert decided.questions == ()
    runs.set_mapping(run, decided.mapping, Choices(**run.choices))
    worked(run)
    runs.start(run, furnished.actor(furnished.anna))
    worked(run)
    lines = values.lines("lead", Lead.objects.get().field_values)
    assert lines == {"Machines": "1.234", "Since": "2 Jan 2026"}


def test_a_line_gives_a_column_to_a_field_and_takes_it_from_where_it_was(furnished: Cast) -> None:
    run = brought(furnished, furnished.anna, "title;VAT;Region;Note\nOne;1;North;x\n")
    headers = Study.from_dict(run.study).headers
    base = from_dict(run.mapping, headers)
    said = parse_map('field."Partita IVA"=VAT;description=Region+Note', headers, base)
    assert dict(said.own) == {"Partita IVA": ("VAT",)}
    assert parse_map(format_map(said), headers).own == said.own
    assert from_dict(to_dict(said), headers).own == said.own
    assert dict(parse_map('field."Region"=', headers, base).own) == {}
    with pytest.raises(MappingError, match="no column “Nothing”"):
        parse_map("field.Region=Nothing", headers, base)


def test_a_field_that_is_out_of_use_by_then_stops_the_import_with_a_word(furnished: Cast) -> None:
    run = brought(furnished, furnished.anna, "title;Region\nOne;North\n")
    field = next(one for one in moves.offered("lead") if one.name == "Region")
    moves.retire(furnished.actor(furnished.anna), field, True)
    worked(run)
    mapping = from_dict(run.mapping, ("title", "Region"))
    runs.set_mapping(run, mapping, Choices(**run.choices))
    worked(run)
    assert run.state == RunState.MAPPING
    assert "There is no default field “Region” of leads." in run.why
    assert not Lead.with_trashed.exists()


def test_two_columns_do_not_fill_one_field(furnished: Cast) -> None:
    run = brought(furnished, furnished.anna, "title;Region;Other\nOne;North;South\n")
    mapping = from_dict(run.mapping, ("title", "Region", "Other"))
    with pytest.raises(MappingError, match="takes one column, not 2"):
        mapping.replace(own={"Region": ("Region", "Other")}).check(("title", "Region", "Other"))
