"""Determines the type of a file by its content; its name is ignored."""

from __future__ import annotations

import codecs
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext as _

from .errors import UnreadableFile
from .package import names_in
from .source import Source

HEAD: Final = 2**16

_PICTURES: Final = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*")
_ARCHIVES: Final = (b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!\x1a", b"BZh91AY", b"\xfd7zXZ", b"PK\x05\x06")
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_WIDE_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)
_BLANKS: Final = b" \t\r\n\v\f"
_TEXT_CONTROLS: Final = frozenset(b"\t\n\v\f\r\x1a\x1b")


class Kind(StrEnum):
    """The two types of files that can be read."""

    TEXT = "text"
    XLSX = "xlsx"


def kind_of(source: Source) -> Kind:
    """Return the type of the file.

    Raises:
        UnreadableFile: it is neither type; says what to do about it.
    """
    head = source.head(HEAD)
    if head.startswith(b"PK\x03\x04"):
        return _kind_of_zip(source)
    if refusal := _foreign(source, head):
        raise UnreadableFile(refusal)
    if not head.startswith(_WIDE_MARKS) and _is_binary(head):
        raise UnreadableFile(
            _("The file holds no text that can be read as a table. %(way)s") % {"way": _way_on()}
        )
    return Kind.TEXT


def _way_on() -> str:
    return _("Open it in a spreadsheet program and save it as XLSX or as CSV.")


def _kind_of_zip(source: Source) -> Kind:
    names = names_in(source)
    if "xl/workbook.xml" in names:
        return Kind.XLSX
    if "xl/workbook.bin" in names:
        what = _("The file is a binary Excel workbook (XLSB).")
    elif "word/document.xml" in names:
        what = _("The file is a Word document.")
    elif "ppt/presentation.xml" in names:
        what = _("The file is a presentation.")
    elif "content.xml" in names and "mimetype" in names:
        what = _("The file is an OpenDocument file.")
    else:
        raise UnreadableFile(
            _("The file is a ZIP archive. Unpack it and choose the table that is inside.")
        )
    raise UnreadableFile(f"{what} {_way_on()}")


def _foreign(source: Source, head: bytes) -> str:
    """Return the message for a known type that is no table, or ""."""
    text = head.removeprefix(codecs.BOM_UTF8).lstrip(_BLANKS)[:64].lower()
    if head.startswith(b"%PDF"):
        return _(
            "The file is a PDF. Export the table as XLSX or CSV from the program that made it."
        )
    if head.startswith(_PICTURES):
        return _("The file is a picture. Choose the table itself, as XLSX or CSV.")
    if head.startswith(_ARCHIVES):
        return _("The file is a packed archive. Unpack it and choose the table that is inside.")
    if head.startswith(_OLD_OFFICE):
        return _old_office(source)
    if text.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<meta")):
        return _("The file is a web page, whatever its name says. %(way)s") % {"way": _way_on()}
    if text.startswith((b"<?xml", b"{\\rtf", b'{"', b'[{"')):
        return _("The file is XML, RTF or JSON, not a table. %(way)s") % {"way": _way_on()}
    return ""


def _old_office(source: Source) -> str:
    with source.open() as file:
        protected = any(_ENCRYPTED in piece for piece in iter(lambda: file.read(2**20), b""))
    if protected:
        return _(
            "The workbook is protected by a password. "
            "Save a copy without password and choose that one."
        )
    return _("The file is in the format of Excel before 2007 (XLS). %(way)s") % {"way": _way_on()}


def _is_binary(head: bytes) -> bool:
    """Return whether more than one in a hundred bytes is a control character, unlike in text."""
    controls = sum(head.count(byte) for byte in range(32) if byte not in _TEXT_CONTROLS)
    return controls * 100 > len(head)
