"""Money as a whole number of minor units (cents) with a currency; never a float."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

# ISO 4217: the currencies whose minor unit is not a hundredth.
_EXPONENTS: Final = {
    "BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0,
    "RWF": 0, "UGX": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
    "BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
}  # fmt: skip

LARGEST_MINOR: Final = 10**15 - 1


def exponent(currency: str) -> int:
    """Return how many decimal digits the currency's minor unit represents."""
    return _EXPONENTS.get(currency, 2)


def rounded(amount: Decimal, currency: str) -> Decimal:
    """Return the amount with no more decimals than the currency has, rounded half up."""
    return amount.quantize(Decimal(1).scaleb(-exponent(currency)), ROUND_HALF_UP)


def to_minor(amount: Decimal, currency: str) -> int:
    """Return the amount in minor units, rounded half up; raise `ValueError` if it is too large."""
    minor = int(amount.scaleb(exponent(currency)).to_integral_value(ROUND_HALF_UP))
    if abs(minor) > LARGEST_MINOR:
        raise ValueError(f"{amount} is too large an amount.")
    return minor


def from_minor(minor: int, currency: str) -> Decimal:
    """Return the amount in the currency's main unit."""
    return Decimal(minor).scaleb(-exponent(currency))


def unusual() -> dict[int, list[str]]:
    """Return the currencies whose minor unit is not a hundredth, by number of decimal digits."""
    found: dict[int, list[str]] = {}
    for currency, digits in _EXPONENTS.items():
        found.setdefault(digits, []).append(currency)
    return found
