"""Writes the log entry into a workbook's properties, without changing the sheets.

The library that writes workbooks does not support this. A workbook is a zip file, in which a part
is replaced through a new directory at the end: nothing is rewritten, however large it is.
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
    """Set the entry in a workbook's properties."""
    now = clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as book:
        before = book.NameToInfo.pop(_PART, None)
        if before is not None:
            book.filelist.remove(before)
        book.writestr(_PART, _XML.format(entry=entry, now=now))


def entry_in(origin: Origin) -> int:
    """Return the entry in a workbook's properties; 0 for none.

    Raises:
        zipfile.BadZipFile, OSError: it is not a readable workbook.
    """
    with zipfile.ZipFile(origin) as book:
        if _PART not in book.NameToInfo:
            return 0
        with book.open(_PART) as part:
            found = _WORD.search(part.read(_LARGEST))
    return int(found[1]) if found else 0
