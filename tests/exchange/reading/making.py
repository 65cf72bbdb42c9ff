"""Small files, made in memory."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from custode.exchange.reading import Limits, Table, open_table

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def table_of(
    content: str | bytes,
    encoding: str = "utf-8",
    *,
    limits: Limits | None = None,
    sheet: str | None = None,
) -> Table:
    """The table that such a file holds."""
    data = content.encode(encoding) if isinstance(content, str) else content
    return open_table(io.BytesIO(data), limits=limits, sheet=sheet)


def cells_of(table: Table) -> list[list[object]]:
    """All cells below the header."""
    return [list(row.cells) for row in table.rows()]


def column(header: str, values: Iterable[str]) -> Table:
    """A text table of one column, with a key beside it so that no row is blank."""
    return table_of("key;" + header + "\n" + "".join(f"k;{value}\n" for value in values))


def sheet_xml(rows: str, *, dimension: str = "A1") -> str:
    """A sheet around its rows."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{MAIN}">'
        f'<dimension ref="{dimension}"/><sheetData>{rows}</sheetData></worksheet>'
    )


def xlsx(
    sheets: dict[str, str],
    *,
    shared: Iterable[str] = (),
    styles: str = "",
    hidden: Iterable[str] = (),
    from_1904: bool = False,
    extra: dict[str, str] | None = None,
) -> bytes:
    """A workbook, zipped by hand.

    Args:
        sheets: name to the XML of the whole sheet.
        shared: the XML inside each `<si>`.
        styles: the XML inside `<styleSheet>`.
    """
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"'
        + (' state="hidden"' if name in hidden else "")
        + "/>"
        for n, name in enumerate(sheets, start=1)
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{LINKS}/worksheet" Target="worksheets/s{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    parts = {
        "[Content_Types].xml": "<Types/>",
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}">'
        f'<workbookPr date1904="{int(from_1904)}"/><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">{links}</Relationships>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">'
        + "".join(f"<si>{text}</si>" for text in shared)
        + "</sst>",
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>',
        **{f"xl/worksheets/s{n}.xml": xml for n, xml in enumerate(sheets.values(), start=1)},
        **(extra or {}),
    }
    return zipped(parts)


def zipped(parts: dict[str, str]) -> bytes:
    """A zip file of these parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def row_xml(line: int, *texts: str) -> str:
    """A row of texts, written in place."""
    cells = "".join(
        f'<c r="{chr(ord("A") + place)}{line}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'
        for place, text in enumerate(texts)
    )
    return f'<row r="{line}">{cells}</row>'
