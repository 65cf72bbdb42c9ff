"""The properties of a workbook that name the entry of the log it came from; the sheets stay.

The program that writes workbooks knows no properties. It is a zip file, in which a part is put in
the place of another by a new directory at its end: nothing is written again, however large it is.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Final

from custode.exchange.reading.source import Origin
from custode.kernel import clock

_PART: Final = "docProps/core.xml"
_LARGEST: Final = 10_000
_WORD: Final = re.compile(rb"custode-export-(\d{1,18})\b")
_XML: Final = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<cp:coreProperties\
 xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"\
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"\
 xmlns:dcmitype="http://purl.org/dc/dcmitype/"\
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\
<dc:creator>Custode</dc:creator><cp:keywords>custode-export-{entry}</cp:keywords>\
<dcterms:created xsi:type="dcterms:W3CDTF">{now}</dcterms:created>\
</cp:coreProperties>"""


def name_entry(path: Path, entry: int) -> None:
    """Have a workbook's properties name the entry."""
    now = clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as book:
        before = book.NameToInfo.pop(_PART, None)
        if before is not None:
            book.filelist.remove(before)
        book.writestr(_PART, _XML.format(entry=entry, now=now))


def entry_in(origin: Origin) -> int:
    """The entry that a workbook's properties name; 0 for none.

    Raises:
        zipfile.BadZipFile, OSError: it is no workbook that can be read.
    """
    with zipfile.ZipFile(origin) as book:
        if _PART not in book.NameToInfo:
            return 0
        with book.open(_PART) as part:
            found = _WORD.search(part.read(_LARGEST))
    return int(found[1]) if found else 0
