"""Amounts as a person types them: `1.234,50` in Italian, `1,234.50` in English. Exact decimals."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from django.utils import formats
from django.utils.translation import gettext as _

from custode.kernel import money
from custode.kernel.errors import Invalid
from custode.leads import checks

CURRENCIES: Final = (
    "EUR", "USD", "GBP", "CHF", "JPY", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "RON", "TRY",
    "CAD", "AUD", "CNY", "INR", "BRL",
)  # fmt: skip

_BLANKS: Final = re.compile(r"[\s\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}'’]|[€$£¥]")


def parse(text: str, currency: str) -> int | None:
    """Return the amount in minor units; None for an empty text. It may include the currency.

    Raises:
        Invalid: it is not an amount in the person's format, is too precise for the currency, or
            too large.
    """
    if not text.strip():
        return None
    bare = _BLANKS.sub("", text).upper().removesuffix(currency).removeprefix(currency)
    point, thousand = (re.escape(mark) for mark in _marks())
    if not re.fullmatch(rf"-?(\d+|\d{{1,3}}({thousand}\d{{3}})+)({point}\d+)?", bare):
        raise Invalid(
            _("“%(text)s” is not an amount. Write it like %(example)s.")
            % {"text": text.strip()[:40], "example": written(123450, "EUR")},
            field="amount",
        )
    return checks.amount(_decimal(bare), currency)


def written(minor: int | None, currency: str) -> str:
    """Return the amount as the person would type it; "" for None."""
    if minor is None:
        return ""
    digits = 0 if minor % 10 ** money.exponent(currency) == 0 else money.exponent(currency)
    amount = money.from_minor(minor, currency)
    return str(formats.number_format(amount, digits, use_l10n=True, force_grouping=True))


def checked_currency(text: str, known: str) -> str:
    """Return a currency that can be chosen, or the lead's own; otherwise raise `Invalid`."""
    if text in CURRENCIES or text == known:
        return text
    raise Invalid(_("Choose a currency from the list."), field="currency")


def _marks() -> tuple[str, str]:
    point: str = formats.get_format("DECIMAL_SEPARATOR")
    thousand: str = formats.get_format("THOUSAND_SEPARATOR")
    return point, thousand


def _decimal(bare: str) -> Decimal:
    point, thousand = _marks()
    return Decimal(bare.replace(thousand, "").replace(point, "."))
