"""Text files: encodings, delimiters, quotes, lines; and what is refused."""

from __future__ import annotations

import codecs
import csv
import io
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custode.exchange.reading import Kind, Limits, Row, UnreadableFile, open_table
from tests.exchange.reading.making import cells_of, table_of

pytestmark = pytest.mark.once

PRICES = "Nome;Importo\nCaffè Nero;€ 5\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (PRICES.encode(), "utf-8"),
        (codecs.BOM_UTF8 + PRICES.encode(), "utf-8-sig"),
        (PRICES.encode("utf-16"), "utf-16"),
        (codecs.BOM_UTF16_BE + PRICES.encode("utf-16-be"), "utf-16"),
        (PRICES.encode("cp1252"), "cp1252"),
    ],
)
def test_an_encoding_is_known_by_the_bytes(data, encoding):
    table = table_of(data)
    assert (table.encoding, table.headers) == (encoding, ("Nome", "Importo"))
    assert cells_of(table) == [["Caffè Nero", "€ 5"]]


def test_what_an_export_made_harmless_is_read_as_it_was():
    table = table_of(b"Tel;Nota\n'+39 035 555;L'altro\n'=1+1;'90s\n")
    assert cells_of(table) == [["+39 035 555", "L'altro"], ["=1+1", "'90s"]]


def test_one_byte_at_the_end_of_a_long_file_decides_its_encoding():
    table = table_of(b"a,b\n" + b"1,2\n" * 600_000 + "è,3\n".encode("cp1252"))
    assert table.encoding == "cp1252"
    *_, last = table.rows()
    assert last == Row(600_002, ["è", "3"])


def test_a_byte_that_windows_1252_leaves_undefined_shows_as_replaced():
    assert cells_of(table_of(b"a,b\n\xe8,\x81\n")) == [["è", "\N{REPLACEMENT CHARACTER}"]]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_delimiter_is_known_by_the_table_it_makes(delimiter):
    rows = ["Name", "Note", "Amount"], ["Ada", "a, b; c | d", "1,5"], ["Bo", 'say "hi"\nnow', "2,5"]
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter).writerows(rows)
    table = table_of(written.getvalue())
    assert table.delimiter == delimiter
    assert cells_of(table) == [list(row) for row in rows[1:]]


def test_decimal_commas_do_not_pass_for_delimiters():
    assert table_of("Nome;Importo\nAda;1,50\nBea;2,50\n").delimiter == ";"


def test_the_line_that_excel_writes_first_names_the_delimiter():
    table = table_of("sep=;\r\nName;Note\r\nAda;a,b\r\n")
    assert (table.delimiter, table.headers) == (";", ("Name", "Note"))
    assert list(table.rows()) == [Row(3, ["Ada", "a,b"])]


def test_a_row_knows_the_physical_line_where_it_begins():
    table = table_of('\n\nName,Note\nAda,"one\ntwo"\n\nBea,x\n')
    assert [row.line for row in table.rows()] == [4, 7]
    assert table.expected_rows == 2


def test_headers_are_trimmed_named_and_made_unique():
    table = table_of(" Name ,Name,,Name\n1,2,3,4\n")
    assert table.headers == ("Name", "Name (2)", "Column 3", "Name (3)")


def test_a_table_can_be_read_again_even_while_it_is_being_read():
    table = table_of("a,b\n1,2\n3,4\n")
    first, second = table.rows(), table.rows()
    assert next(first) == next(second) == Row(2, ["1", "2"])
    assert [row.line for row in first] == [row.line for row in second] == [3]


def test_a_path_is_read_like_an_upload(tmp_path):
    path = tmp_path / "no-name-that-helps.xlsx"
    path.write_text("a,b\n1,2\n")
    assert open_table(path).kind is Kind.TEXT
    with pytest.raises(UnreadableFile, match="cannot be opened"):
        open_table(tmp_path / "not-there.csv")


def test_formulas_are_data_and_stay_untouched():
    assert cells_of(table_of("a,b\n=cmd|' /C calc'!A0,@x\n")) == [["=cmd|' /C calc'!A0", "@x"]]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty"),
        (b"\n \n\n", "holds no row"),
        (b"%PDF-1.7\n...", "is a PDF"),
        (b"\x89PNG\r\n\x1a\n....", "is a picture"),
        (b"\x1f\x8b\x08\0\0", "packed archive"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "Excel before 2007"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"<html><table><tr><td>1</td></tr></table>", "is a web page"),
        (b'[{"name": "Ada"}]', "JSON"),
        (bytes(range(32)) * 9, "no text that can be read"),
        (b"a,b\n" * 99 + b"1,\x00\n", "Line 100 holds a NUL"),
        ("a,b\n1,\0\n".encode("utf-16"), "Line 2 holds a NUL"),
        (b'a,b\n1,2\n3,"4\n5,6\n', "opens on line 3 .* never closes"),
        (b'a,b\n1,"' + b"x" * 10_000_000, "Line 2 has more than 1048576 characters"),
        (b'a,b\n1,"' + b"x\n" * 5_000_000, "Line 2 has a cell of more than 100000 characters"),
        (b'a,b\n"' + b'","\n' * 3_000_000, "opens on line 2 .* never closes"),
        (b"a,b\n1," + b"x" * 100_001, "Line 2 has a cell of more than 100000 characters"),
        (b",".join([b"a"] * 501), "Line 1 has more than 500 columns"),
        (b"a,b\n1" + b"," * 501, "Line 2 has more than 500 columns"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(data, says):
    with pytest.raises(UnreadableFile, match=says) as caught:
        table_of(data)
    assert str(caught.value).endswith(".")


def test_a_file_beyond_a_limit_is_refused_at_opening():
    with pytest.raises(UnreadableFile, match="at most 1 MB"):
        table_of(b"a\n" * 2**20, limits=Limits(size=2**20))
    with pytest.raises(UnreadableFile, match="more than 2 rows"):
        table_of("a,b\n1,1\n2,2\n3,3\n", limits=Limits(rows=2))


READABLE = st.characters(min_codepoint=32, exclude_categories=["Cs"]) | st.sampled_from("\t\r\n")
CELL = st.text(READABLE, max_size=20)


@settings(deadline=None)
@given(
    rows=st.integers(2, 5).flatmap(
        lambda width: st.lists(
            st.lists(CELL, min_size=width, max_size=width), min_size=1, max_size=6
        )
    ),
    delimiter=st.sampled_from(",;\t|"),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_what_was_written_is_read_back(rows, delimiter, quoting, encoding):
    written = io.StringIO()
    writer = csv.writer(written, delimiter=delimiter, quoting=quoting)
    writer.writerow([f"Header {place}" for place in range(len(rows[0]))])
    writer.writerows(rows)
    named = f"sep={delimiter}\r\n" + written.getvalue()
    kept = [row for row in rows if any(cell.strip() for cell in row)]
    assert cells_of(table_of(named, encoding)) == kept


@settings(deadline=None, max_examples=300)
@given(st.one_of(st.binary(), st.text(alphabet='a1";,\t|\n\r =è\0').map(str.encode)))
def test_no_bytes_raise_anything_but_a_sentence(data):
    with suppress(UnreadableFile):
        assert all("\0" not in str(cell) for row in cells_of(table_of(data)) for cell in row)
