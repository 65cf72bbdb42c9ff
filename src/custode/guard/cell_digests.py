"""Short keyed digests of cells, which identify the export that a found file came from.

A cell has many spellings: a spreadsheet program drops zeros and plus signs and writes amounts and
dates in its country's format, and we put an apostrophe before what it would take for a formula.
What is digested is what all spellings of a value have in common (its *form*). The digest of a cell
is its CRC-32, encrypted with a key of the account's that is derived from the installation's secret
key: whoever has only the database can neither read nor guess what has been deleted permanently.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final, TypeAlias
from zlib import crc32

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.crypto import salted_hmac

from custode.guard.kinds import Column

Digests: TypeAlias = "array[int]"
"""One 32-bit digest for each row."""

_BEGINNING: Final = 80
"""The number of characters of a text that are digested, from its first line."""
_LINE: Final = 2 * _BEGINNING
_JUNK: Final = (
    " \t\r\n\v\f'\"=+-@0.,＝＋－＠\N{MINUS SIGN}\N{NO-BREAK SPACE}\N{ZERO WIDTH SPACE}\ufeff"
)
"""Characters that spreadsheets and our own guard against formulas add or strip at the ends of
texts.
"""
_MADE_HARMLESS: Final = re.compile(
    "([,;\t\r\n][\\s\"'\u200b\ufeff]*)'(?=[=+\\-@＝＋－＠\N{MINUS SIGN}])"
)
_HOUR: Final = re.compile(r"(\d{1,2})[:.](\d{2})")
_DIGITS: Final = re.compile(r"\d+")


class Form(StrEnum):
    """The part of a cell that stays the same however it is spelled."""

    TEXT = "text"
    AMOUNT = "amount"
    DAY = "day"
    MINUTE = "minute"
    """For a moment, the minute within its hour, which is the same in nearly all time zones."""
    HOUR = "hour"
    """For a time of day, hour and minute."""


def field_of(model: Any, path: str) -> Any:
    """Return the field at the end of a path along relations; None when there is none."""
    name, _sign, rest = path.partition("__")
    try:
        field = model._meta.pk if name == "pk" else model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    return field_of(field.related_model, rest) if rest else field


def form_of(model: type[models.Model], column: Column) -> Form | None:
    """Return the form of a column; None for few different values, which identify no rows."""
    if column.money_of:
        return Form.AMOUNT
    field = None if column.many or column.keys else field_of(model, column.path)
    if isinstance(field, models.BooleanField) or (field is not None and field.choices):
        return None
    if isinstance(field, models.DateTimeField):
        return Form.MINUTE
    if isinstance(field, models.TimeField):
        return Form.HOUR
    return Form.DAY if isinstance(field, models.DateField) else Form.TEXT


class Digester:
    """Computes the digests of an account.

    Args:
        name: identifies the key; digests made with another key cannot be compared.
    """

    def __init__(self, account_id: int) -> None:
        # The salts are of this module's first name: with others, kept digests would fit no file.
        key = salted_hmac("custode.guard.imprints", str(account_id), algorithm="sha256").digest()
        # Single blocks, so that equal values have equal digests: ECB's weakness is what is
        # needed here.
        self._cipher = Cipher(algorithms.AES(key), modes.ECB())  # noqa: S305 (see above)
        self.name = salted_hmac("custode.guard.imprints.name", settings.SECRET_KEY).hexdigest()[:16]

    def of(self, forms: Sequence[str]) -> Digests:
        """Return the digests of the forms of some cells."""
        blocks = array("Q", bytes(16 * len(forms)))
        blocks[::2] = array("Q", _checksums(forms))
        return array("I", self._cipher.encryptor().update(blocks.tobytes()))[::4]

    def of_values(self, form: Form, values: Sequence[Any]) -> Digests:
        """Return the digests of a column's values; repeated values are computed once."""
        different = dict.fromkeys(values)
        if 2 * len(different) > len(values):
            return self.of(forms(form, values))
        few = list(different)
        known = dict(zip(few, self.of(forms(form, few)), strict=True))
        return array("I", map(known.__getitem__, values))


def _checksums(forms: Sequence[str]) -> list[int]:
    try:
        return [crc32(form.encode()) for form in forms]
    except UnicodeEncodeError:
        # Lone surrogates, which a file cannot contain either.
        return [crc32(form.encode("utf-8", "replace")) for form in forms]


def text(value: str) -> str:
    """Return the form of a text."""
    # Stripped before it is cut: a leading apostrophe must not move the end.
    return value[:_LINE].partition("\n")[0].strip(_JUNK)[:_BEGINNING]


def _texts(values: Sequence[Any]) -> list[str]:
    try:
        # The same as `text`, without a function call for each.
        return [
            value[:_LINE].partition("\n")[0].strip(_JUNK)[:_BEGINNING] if value else ""
            for value in values
        ]
    except TypeError:
        return [str(value).strip("-0") if type(value) is int else _plain(value) for value in values]


def _plain(value: Any) -> str:
    return "" if value is None else text(str(value))


def _amounts(values: Sequence[int | None]) -> list[str]:
    return ["" if minor is None else str(minor).strip("-0") for minor in values]


@lru_cache(10_000)
def _day(value: date | str) -> str:
    """Return day, month and two-digit year sorted by size: their order is unknown."""
    numbers = [int(one[-9:]) % 100 for one in _DIGITS.findall(str(value)[:40])[:3]]
    return "-".join(map(str, sorted(numbers)))


def _days(values: Sequence[date | str | None]) -> list[str]:
    return [_day(value) if value else "" for value in values]


def _minutes(values: Sequence[datetime | str | None]) -> list[str]:
    return [
        "" if value is None
        else value[14:16] if isinstance(value, str)
        else f"{value.minute:02d}"
        for value in values
    ]  # fmt: skip


def _hours(values: Sequence[time | str | None]) -> list[str]:
    return [text(str(value)[:5]) if value is not None else "" for value in values]


_OF_VALUES: Final[dict[Form, Callable[[Sequence[Any]], list[str]]]] = {
    Form.TEXT: _texts,
    Form.AMOUNT: _amounts,
    Form.DAY: _days,
    Form.MINUTE: _minutes,
    Form.HOUR: _hours,
}


def forms(form: Form, values: Sequence[Any]) -> list[str]:
    """Return the forms of a column's values, as the database driver or Django returns them."""
    return _OF_VALUES[form](values)


def form_of_cell(form: Form, cell: str | Decimal | bool | date) -> str:
    """Return the form of a cell that was found in a file."""
    if form is Form.MINUTE:
        return _minute_of(cell)
    written = format(cell, "f") if isinstance(cell, Decimal) else str(cell).strip()
    if form is Form.AMOUNT:
        return "".join(_DIGITS.findall(written)).strip("0")
    if form is Form.HOUR:
        hour = _HOUR.search(written)
        return text(f"{hour[1]}:{hour[2]}") if hour else ""
    if form is Form.DAY:
        return _day(written.partition(" ")[0] if isinstance(cell, date) else written)
    return text(_MADE_HARMLESS.sub(r"\1", written))


def _minute_of(cell: str | Decimal | bool | date) -> str:
    if isinstance(cell, datetime):
        return f"{cell.minute:02d}"
    if isinstance(cell, date):
        return "00"  # midnight, which a spreadsheet does not distinguish from a day
    found = _HOUR.search(str(cell))
    return found[2] if found else ""
