"""Workbooks: values, sheets, and files made to do harm."""

from __future__ import annotations

import io
import resource
import zipfile
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal

import pytest
import rustpy_xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from custode.exchange.reading import Kind, Limits, Row, UnreadableFile, propose
from tests.exchange.reading.making import MAIN, cells_of, row_xml, sheet_xml, table_of, xlsx, zipped

pytestmark = pytest.mark.once

PLAIN = row_xml(1, "Name", "City") + row_xml(2, "Ada", "Torino")


def test_a_workbook_as_programs_write_it_is_read():
    moment = datetime(2016, 10, 20, 14, 30)  # noqa: DTZ001  # workbooks know no zones
    rows = [{"Name": "Èva", "Amount": 1234.56, "When": moment, "Open": True, "N": 7, "None": None}]
    buffer = io.BytesIO()
    rustpy_xlsxwriter.write_worksheet(rows, buffer)
    table = table_of(buffer.getvalue())
    assert (table.kind, table.sheet, table.expected_rows) == (Kind.XLSX, "Sheet1", 1)
    assert list(table.rows()) == [
        Row(2, ["Èva", Decimal("1234.56"), moment, True, Decimal(7)]),
    ]


def test_numbers_are_exact_as_shown_and_dates_follow_their_style():
    formats = (
        '<numFmts><numFmt numFmtId="164" formatCode="[$-410]dd/mm/yyyy"/>'
        '<numFmt numFmtId="165" formatCode="&quot;days&quot; 0.00"/></numFmts>'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="22"/><xf numFmtId="9"/>'
        '<xf numFmtId="165"/></cellXfs>'
    )
    values = [(0, "1234.5599999999999"), (1, "42663"), (2, "42663.604166666664"), (3, "0.4"),
              (4, "42663"), (1, "0.5"), (0, "1E+3")]  # fmt: skip
    cells = "".join(f'<c s="{style}"><v>{value}</v></c>' for style, value in values)
    header = row_xml(1, *"abcdefg")
    book = xlsx({"S": sheet_xml(f"{header}<row>{cells}</row>")}, styles=formats)
    assert cells_of(table_of(book)) == [
        [
            Decimal("1234.56"),
            date(2016, 10, 20),
            datetime(2016, 10, 20, 14, 30),  # noqa: DTZ001  # workbooks know no zones
            "40%",
            Decimal(42663),
            "12:00",
            Decimal(1000),
        ]
    ]


def test_dates_of_a_workbook_made_on_an_old_macintosh_are_right():
    styles = '<cellXfs><xf numFmtId="14"/></cellXfs>'
    rows = row_xml(1, "When") + '<row r="2"><c r="A2"><v>41201</v></c></row>'
    book = xlsx({"S": sheet_xml(rows)}, styles=styles, from_1904=True)
    assert cells_of(table_of(book)) == [[date(2016, 10, 20)]]


def test_shared_rich_and_escaped_texts_are_whole():
    rows = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row>'
        '<row r="5"><c r="A5" t="str"><f>A1</f><v>x_x000A_y</v></c>'
        '<c r="C5" t="e"><v>#N/A</v></c></row>'
    )
    shared = ["<t>Na</t>", "<r><t>Ci</t></r><r><t>ty</t></r><rPh><t>hint</t></rPh>"]
    table = table_of(xlsx({"S": sheet_xml(rows)}, shared=shared))
    assert table.headers == ("Na", "Column 2", "City")
    assert list(table.rows()) == [Row(5, ["x\ny", "", "#N/A"])]


def test_prefixed_names_of_other_programs_are_understood():
    sheet = (
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="1"><x:c r="A1" t="inlineStr">'
        "<x:is><x:t>Name</x:t></x:is></x:c></x:row></x:sheetData></x:worksheet>"
    )
    assert table_of(xlsx({"S": sheet})).headers == ("Name",)


def test_the_first_visible_sheet_that_holds_anything_is_read():
    sheets = {"Empty": sheet_xml(""), "Old": sheet_xml(row_xml(1, "old")), "New": sheet_xml(PLAIN)}
    table = table_of(xlsx(sheets, hidden=["Old"]))
    assert (table.sheet, table.sheets) == ("New", ("Empty", "Old", "New"))


def test_a_sheet_can_be_asked_for_by_name():
    book = xlsx({"One": sheet_xml(PLAIN), "Due": sheet_xml(row_xml(1, "altro"))})
    assert table_of(book, sheet="due").headers == ("altro",)
    with pytest.raises(UnreadableFile, match=r"no sheet “tre”.*“One”, “Due”"):
        table_of(book, sheet="tre")


def test_a_workbook_is_proposed_like_a_text_file():
    rows = row_xml(1, "Titolo", "Importo") + row_xml(2, "Uno", "1.234,50")
    mapping = propose(table_of(xlsx({"S": sheet_xml(rows)}))).mapping
    assert mapping.ways == {"Importo": "comma"}


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ({"word/document.xml": ""}, "Word document.*save it as XLSX"),
        ({"xl/workbook.bin": ""}, "XLSB"),
        ({"content.xml": "", "mimetype": ""}, "OpenDocument"),
        ({"photo.jpg": ""}, "ZIP archive"),
        ({"xl/workbook.xml": ""}, "damaged"),
        ({"xl/workbook.xml": "<workbook><sheets>"}, "damaged"),
    ],
)
def test_other_packages_are_refused_with_the_way_on(parts, says):
    with pytest.raises(UnreadableFile, match=says):
        table_of(zipped(parts))


FAR = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
ENTITIES = (
    '<!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + sheet_xml("").partition("?>")[2]
)
OUTSIDE = '<!DOCTYPE w SYSTEM "file:///etc/passwd">' + sheet_xml("").partition("?>")[2]


@pytest.mark.parametrize(
    ("sheet", "says"),
    [
        (sheet_xml(row_xml(1, "a") + FAR), "Line 1048576 has more than 500 columns"),
        (sheet_xml(row_xml(2, "a") + row_xml(1, "b")), "damaged"),
        (sheet_xml('<row r="1"><c r="A1" t="s"><v>7</v></c></row>'), "damaged"),
        (sheet_xml('<row r="1"><c r="1"><v>7</v></c></row>'), "damaged"),
        (sheet_xml('<row r="x"/>'), "damaged"),
        (sheet_xml(row_xml(1, "x" * 100_001)), "cell of more than 100000"),
        (sheet_xml(row_xml(1, "x" * 5_000_000)), "Line 1 has a cell of more than"),
        ("<a>" * 100_000, "damaged"),
        (f'<a b="{"x" * 5_000_000}"', "damaged"),
        (ENTITIES, "damaged"),
        (OUTSIDE, "damaged"),
        (sheet_xml(PLAIN)[:-30], "damaged"),
    ],
)
def test_a_sheet_made_to_do_harm_is_refused(sheet, says):
    with pytest.raises(UnreadableFile, match=says):
        cells_of(table_of(xlsx({"S": sheet})))


def test_a_bomb_is_refused_before_it_is_unpacked():
    bomb = xlsx({"S": sheet_xml(PLAIN)}, extra={"xl/media/image.bin": "0" * 50_000_000})
    assert len(bomb) < 100_000
    with pytest.raises(UnreadableFile, match="grows beyond 10 MB"):
        table_of(bomb, limits=Limits(unpacked=10 * 2**20))


def test_a_text_repeated_in_every_cell_costs_no_memory():
    cells = "".join(f'<c r="{letter}%d" t="s"><v>0</v></c>' for letter in "ABCDEFGHIJ")
    rows = "".join(f'<row r="{n}">{cells.replace("%d", str(n))}</row>' for n in range(1, 5001))
    book = xlsx({"S": sheet_xml(rows)}, shared=[f"<t>{'a' * 90_000}</t>"])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert sum(len(row.cells) for row in table_of(book).rows()) == 49_990
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000


def test_a_shared_text_without_end_is_refused():
    with pytest.raises(UnreadableFile, match="damaged"):
        table_of(xlsx({"S": sheet_xml(PLAIN)}, shared=[f"<t>{'a' * 2_000_000}</t>"]))
    many = xlsx({"S": sheet_xml(PLAIN)}, shared=[f"<t>{'a' * 1_000_000}</t>"] * 3)
    with pytest.raises(UnreadableFile, match="too much text"):
        table_of(many, limits=Limits(unpacked=10_000_000))


def test_a_thousand_names_for_one_sheet_are_not_read_a_thousand_times():
    listed = "".join(f'<sheet name="{n}" sheetId="1" r:id="rId1"/>' for n in range(1001))
    index = f'<workbook xmlns="{MAIN}" xmlns:r="x"><sheets>{listed}</sheets></workbook>'
    with pytest.raises(UnreadableFile, match="damaged"):
        table_of(xlsx({"S": sheet_xml("")}, extra={"xl/workbook.xml": index}))


def test_too_many_rows_stop_the_reading():
    book = xlsx({"S": sheet_xml("".join(row_xml(n, "x") for n in range(1, 6)))})
    with pytest.raises(UnreadableFile, match="more than 3 rows"):
        cells_of(table_of(book, limits=Limits(rows=3)))


WHOLE = xlsx({"S": sheet_xml(PLAIN)}, shared=["<t>x</t>"])


@settings(deadline=None, max_examples=300)
@given(st.integers(0, len(WHOLE) - 1), st.binary(min_size=1, max_size=4))
def test_a_damaged_workbook_raises_nothing_but_a_sentence(place, bytes_there):
    data = WHOLE[:place] + bytes_there + WHOLE[place + len(bytes_there) :]
    with suppress(UnreadableFile):
        cells_of(table_of(data))


@settings(deadline=None, max_examples=200)
@given(st.text(alphabet='<>/="rcvtsi A1e-9&;#x', max_size=60))
def test_a_sheet_of_rubbish_raises_nothing_but_a_sentence(rubbish):
    with suppress(UnreadableFile):
        cells_of(table_of(xlsx({"S": sheet_xml(PLAIN + rubbish)})))


def test_a_part_packed_in_a_rare_way_is_refused():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    with pytest.raises(UnreadableFile, match="damaged"):
        table_of(buffer.getvalue())
