"""Rows become drafts of leads, or reasons why not."""

from __future__ import annotations

import tracemalloc
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custode.exchange.reading import (
    Bounds,
    Field,
    LeadDraft,
    LeadMapping,
    MappingError,
    Refusal,
    Status,
    UnreadableFile,
    interpret,
    open_table,
    parse_map,
    propose,
)
from custode.kernel.text import labelled_lines
from tests.exchange.reading.making import row_xml, sheet_xml, table_of, xlsx

pytestmark = pytest.mark.once


def drafts(content, line, **options):
    """The drafts of a table without any refusal."""
    table = table_of(content)
    rows = list(interpret(table, parse_map(line, table.headers), **options))
    assert [row.refusals for row in rows] == [()] * len(rows)
    return [row.draft for row in rows]


def refusals(content, line, **options):
    """The refusals of a table, each with its line."""
    table = table_of(content)
    rows = interpret(table, parse_map(line, table.headers), **options)
    return [(row.line, *refusal) for row in rows for refusal in row.refusals]


def test_a_row_becomes_a_lead_with_all_its_values():
    content = (
        "Who;What;Stage;Value;Chance;Due;Made;Call;Agent;Tags;Star;No;City\n"
        "Rossi;Sito;Offerta;€ 1.234,50;40%;31/12/2026;20/10/2016 14:30;1/2/2027;Ada Verdi;"
        '"web, Nord;Web";x;K-7;Torino\n'
    )
    line = (
        "title=Who+What;step=Stage;amount=Value:comma;probability=Chance:percent;"
        "estimated_closing_date=Due:dmy;created_at=Made:dmy;remind_date=Call:dmy;owner=Agent;"
        "tags=Tags;starred=Star;reference=No"
    )
    assert drafts(content, line) == [
        LeadDraft(
            title="Rossi · Sito",
            description="City: Torino",
            step="Offerta",
            amount=Decimal("1234.50"),
            currency="EUR",
            probability=40,
            estimated_closing_date=date(2026, 12, 31),
            created_at=datetime(2016, 10, 20, 14, 30),  # noqa: DTZ001  # the file says no zone
            remind_date=date(2027, 2, 1),
            owner="Ada Verdi",
            tags=("web", "Nord"),
            starred=True,
            reference="K-7",
        )
    ]


def test_blank_cells_say_nothing():
    assert drafts("T,A,B,C\nx, ,,\n", "title=T;amount=A:point;tags=B;status=C") == [
        LeadDraft(title="x")
    ]


def test_a_title_of_several_columns_leaves_out_what_is_blank():
    assert [d.title for d in drafts("A,B,C\nx,,z\n,y,\n", 'title=A+B+C:" / "')] == ["x / z", "y"]


def test_columns_without_a_place_can_be_read_back_as_fields():
    content = 'T;Web: site;D\nx;"https://example.com\nsecond";"one\r\ntwo"\n'
    (draft,) = drafts(content, "title=T;description=D")
    assert draft.description == "one\ntwo\nWeb site: https://example.com / second"
    assert labelled_lines(draft.description) == {"Web site": "https://example.com / second"}


def test_a_formula_stays_the_text_it_is():
    (draft,) = drafts("T,N\n=cmd|' /C calc'!A0,@SUM(1)\n", "title=T")
    assert (draft.title, draft.description) == ("=cmd|' /C calc'!A0", "N: @SUM(1)")


def test_a_stage_can_say_step_and_status():
    line = "title=T;step=S;status=S;step.Won=;status.New=todo;status.Won=won;step.New=Nuove"
    found = drafts("T,S\na,New\nb,won \nc,Lost\n", line)
    assert [(d.step, d.status) for d in found] == [
        ("Nuove", Status.TODO),
        ("", Status.WON),
        ("Lost", Status.LOST),
    ]


def test_the_closing_date_of_an_open_lead_is_the_expected_one():
    content = "T,S,C,E\na,won,2026-01-02,\nb,todo,2026-01-02,\nc,todo,2026-01-02,2026-02-03\n"
    line = "title=T;status=S;closed_at=C:ymd;estimated_closing_date=E:ymd"
    won, open_, both = drafts(content, line)
    assert (won.closed_at, won.estimated_closing_date) == (date(2026, 1, 2), None)
    assert (open_.closed_at, open_.estimated_closing_date) == (None, date(2026, 1, 2))
    assert (both.closed_at, both.estimated_closing_date) == (None, date(2026, 2, 3))
    assert both.description == "C: 2026-01-02"


def test_each_refusal_names_line_column_value_and_reason():
    content = "T,A,D,P,S,C,X\nx,12k,31/02/2026,140,maybe,doubloons,perhaps\n,,,,,,\n,1,,,,,\n"
    line = (
        "title=T;amount=A:point;created_at=D:dmy;probability=P:percent;status=S;currency=C;"
        "starred=X"
    )
    assert refusals(content, line) == [
        (2, "S", "maybe", "“maybe” is not a status; say which one it means."),
        (2, "A", "12k", "“12k” is not an amount written like 1,234.50."),
        (2, "C", "doubloons", "“doubloons” is not a currency; write a code such as EUR."),
        (2, "P", "140", "“140” is outside 0 to 100 per cent."),
        (2, "D", "31/02/2026", "“31/02/2026” is not a date written as day, month, year."),
        (2, "X", "perhaps", "“perhaps” is neither yes nor no."),
        (4, "T", "", "The title is empty."),
    ]


def test_what_is_beyond_the_bounds_is_refused_never_cut():
    content = f"T,A,O,G\n{'t' * 201},{10**12},{'o' * 121},a;b;c\n"
    found = refusals(content, "title=T;amount=A:point;owner=O;tags=G", bounds=Bounds(tags=2))
    assert [(column, reason) for _line, column, _value, reason in found] == [
        ("A", "“1000000000000” is too large; amounts must stay below 1,000,000,000,000."),
        ("O", "This text has 121 characters; at most 120 fit."),
        ("G", "There are 3 tags; at most 2 fit on a lead."),
        ("T", "This text has 201 characters; at most 200 fit."),
    ]
    assert all(len(value) <= 60 for _line, _column, value, _reason in found)


def test_a_row_with_too_many_or_too_few_cells_is_refused_and_the_rest_comes_in():
    table = table_of("A,B\n1,2\n3\n4,5,6\n7,8,,\n")
    rows = list(interpret(table, parse_map("title=A", table.headers)))
    assert [row.line for row in rows if row.draft] == [2, 5]
    assert [row.refusals for row in rows if row.refusals] == [
        (Refusal("", "3", "The header names 2 columns, but this row has 1."),),
        (Refusal("", "4", "The header names 2 columns, but this row has 3."),),
    ]


def test_a_workbook_may_leave_out_blank_cells_at_the_end():
    table = table_of(xlsx({"S": sheet_xml(row_xml(1, "A", "B") + row_xml(2, "x"))}))
    (row,) = interpret(table, parse_map("title=A", table.headers))
    assert row.draft == LeadDraft(title="x")


def test_nothing_is_interpreted_before_every_way_is_settled():
    table = table_of("T,D\nx,1/2/2026\n")
    with pytest.raises(MappingError, match="Say how column “D” is written: dmy, mdy, ymd"):
        interpret(table, parse_map("title=T;created_at=D", table.headers))
    with pytest.raises(MappingError, match="No column becomes the title"):
        interpret(table, LeadMapping(columns={Field.OWNER: ("T",)}))


def test_memory_stays_flat_however_long_the_file_is(tmp_path):
    def peak(rows: int) -> int:
        path = tmp_path / f"{rows}.csv"
        with path.open("w") as file:
            file.write("Title,Amount,When\n")
            file.writelines(f"Lead {n},{n}.5,{n % 28 + 1}/12/2026\n" for n in range(rows))
        tracemalloc.start()
        count = _interpreted(path)
        reached = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert count == rows
        return reached

    assert peak(40_000) < peak(4_000) + 8 * 2**20


def _interpreted(path):
    table = open_table(path)
    mapping = parse_map("title=Title;amount=Amount:point;created_at=When:dmy", table.headers)
    return sum(row.draft is not None for row in interpret(table, mapping))


@given(st.text(alphabet='ab1";,€/-.% \n'))
def test_whatever_a_table_holds_it_can_be_proposed_and_interpreted(text):
    try:
        table = table_of("Name;Amount;Date;Stage\n" + text)
    except UnreadableFile:
        return
    proposal = propose(table)
    answers = {question.column: question.ways[0] for question in proposal.questions}
    mapping = proposal.mapping.replace(ways={**proposal.mapping.ways, **answers})
    rows = list(interpret(table, mapping))
    assert all((row.draft is None) == bool(row.refusals) for row in rows)
    assert len(rows) == table.expected_rows
