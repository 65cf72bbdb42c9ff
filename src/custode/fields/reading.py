"""Parsing a field's value from user input, and formatting it.

Forms, imports and prospects all use this module, so that equal input is stored equally.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Final
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import formats
from django.utils.translation import gettext as _

from custode.fields.models import LONGEST_KEY, DefaultField, Sort
from custode.kernel.errors import Invalid
from custode.kernel.text import fold, line

Value = str | int
"""A stored value: text, or for a choice its number."""

LONGEST: Final = 500
_BLANKS: Final = re.compile(r"[\s\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}'’]")
_PLAIN: Final = re.compile(r"-?\d{1,15}(\.\d{1,6})?")
_PHONE: Final = re.compile(r"\+?[\d ()/.-]{4,39}")
_ISO: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


def read(field: DefaultField, text: str) -> Value | None:
    """Parse a value, with the conventions of the user's locale; None for an empty text.

    Raises:
        Invalid: it is not a valid value; `field` is the field's name in forms.
    """
    bare = line(text)
    if not bare:
        return None
    if len(bare) > LONGEST:
        raise _wrong(field, _("This has at most %(n)s characters.") % {"n": LONGEST})
    return _READERS[Sort(field.sort)](field, bare)


def number(field: DefaultField, amount: Decimal) -> str:
    """Return a number in the stored form, exact; raise `Invalid` for one that is too long."""
    plain = f"{amount.normalize():f}"
    if not _PLAIN.fullmatch(plain):
        raise _wrong(field, _("A number has at most 15 digits, and 6 behind the decimal mark."))
    return "0" if plain == "-0" else plain


def shown(field: DefaultField, value: Value | None) -> str:
    """Return a value as people read it; "" for none, and for a choice that does not exist."""
    if value is None or value == "":
        return ""
    if field.sort == Sort.CHOICE:
        return next((one.name for one in field.choices.all() if one.pk == value), "")
    text = str(value)
    try:
        if field.sort == Sort.NUMBER:
            digits = len(text.partition(".")[2])
            return str(formats.number_format(Decimal(text), digits, use_l10n=True))
        if field.sort == Sort.DATE:
            return str(formats.date_format(date.fromisoformat(text), "SHORT_DATE_FORMAT"))
    except (ValueError, ArithmeticError):
        return text
    return text


def typed(field: DefaultField, value: Value | None) -> str:
    """Return a value as a form shows it, so that it can be parsed again."""
    return str(value or "") if field.sort == Sort.DATE else shown(field, value)


def link(field: DefaultField, value: Value | None) -> str:
    """Return the link target of a value; "" for none."""
    text = str(value or "")
    if not text:
        return ""
    if field.sort == Sort.LINK:
        return text if _is_web(text) else ""
    if field.sort == Sort.EMAIL:
        return f"mailto:{text}"
    return "tel:" + re.sub(r"[^\d+]", "", text) if field.sort == Sort.PHONE else ""


def comparable(field: DefaultField, value: Value | None) -> str:
    """Return the normalised value by which objects with a key field are compared; "" for none."""
    text = fold(str(value or ""))
    if field.sort == Sort.PHONE:
        text = re.sub(r"\D", "", text)
        text = text.removeprefix("00")
    elif field.sort == Sort.LINK:
        text = re.sub(r"^https?://(www\.)?", "", text).rstrip("/")
    elif field.sort == Sort.TEXT:
        text = "".join(c for c in text if c.isalnum())
        # An Italian VAT number is the same with the country code before it or without.
        text = re.sub(r"^it(?=\d{11}$)", "", text)
    return text[:LONGEST_KEY]


def _text(field: DefaultField, text: str) -> Value:
    return text


def _number(field: DefaultField, text: str) -> Value:
    bare = _BLANKS.sub("", text)
    point, thousand = (
        str(formats.get_format(mark)) for mark in ("DECIMAL_SEPARATOR", "THOUSAND_SEPARATOR")
    )
    p, t = re.escape(point), re.escape(thousand)
    if not re.fullmatch(rf"-?(\d+|\d{{1,3}}({t}\d{{3}})+)({p}\d+)?", bare, re.ASCII):
        example = formats.number_format(Decimal("1234.5"), 1, use_l10n=True, force_grouping=True)
        raise _wrong(
            field,
            _("“%(text)s” is not a number. Write it like %(example)s.")
            % {"text": text[:40], "example": example},
        )
    if len(bare) > 40:
        raise _wrong(field, _("A number has at most 15 digits, and 6 behind the decimal mark."))
    return number(field, Decimal(bare.replace(thousand, "").replace(point, ".")))


def _date(field: DefaultField, text: str) -> Value:
    try:
        if not _ISO.fullmatch(text):
            raise ValueError(text)
        day = date.fromisoformat(text)
    except ValueError as error:
        raise _wrong(
            field, _("“%(text)s” is not a date. Write it like 2026-12-31.") % {"text": text[:40]}
        ) from error
    if day.year < 1000:
        raise _wrong(field, _("A year has four digits."))
    return day.isoformat()


def _choice(field: DefaultField, text: str) -> Value:
    for one in field.offered_choices:
        if fold(one.name) == fold(text):
            return int(one.pk)
    raise _wrong(
        field,
        _("“%(field)s” has no choice “%(text)s”. Possible: %(names)s.")
        % {
            "field": field,
            "text": text[:40],
            "names": ", ".join(one.name for one in field.offered_choices[:20]),
        },
    )


def _email(field: DefaultField, text: str) -> Value:
    try:
        validate_email(text)
    except ValidationError as error:
        raise _wrong(
            field, _("“%(text)s” is not an e-mail address.") % {"text": text[:60]}
        ) from error
    local, _at, domain = text.rpartition("@")
    return f"{local}@{domain.lower()}"


def _phone(field: DefaultField, text: str) -> Value:
    if not _PHONE.fullmatch(text) or sum(c.isascii() and c.isdigit() for c in text) < 4:
        raise _wrong(
            field,
            _("“%(text)s” is not a phone number. Write it like +39 02 1234567.")
            % {"text": text[:40]},
        )
    return text


def _link(field: DefaultField, text: str) -> Value:
    whole = text if re.match(r"[a-z][a-z0-9+.-]*:", text, re.IGNORECASE) else f"https://{text}"
    if not _is_web(whole):
        raise _wrong(
            field,
            _("“%(text)s” is not a link. Write it like https://www.example.com.")
            % {"text": text[:40]},
        )
    return whole


_READERS: Final[Mapping[Sort, Callable[[DefaultField, str], Value]]] = {
    Sort.TEXT: _text, Sort.NUMBER: _number, Sort.DATE: _date, Sort.CHOICE: _choice,
    Sort.EMAIL: _email, Sort.PHONE: _phone, Sort.LINK: _link,
}  # fmt: skip


def _is_web(text: str) -> bool:
    """Allow these two schemes only: a link must never run anything."""
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and "." in host.strip(".") and " " not in text


def _wrong(field: DefaultField, why: str) -> Invalid:
    return Invalid(why, field=field.asked)
