"""Warnings about values that may be wrong: shown beside them, without refusing them."""

from __future__ import annotations

import re
from typing import Final

from django.utils.translation import gettext as _

from custode.fields.models import DefaultField, Sort
from custode.kernel.text import fold

_VAT: Final = frozenset({"partita iva", "p.iva", "p. iva", "piva", "vat number", "vat id"})


def hint(field: DefaultField, text: str) -> str:
    """Return a sentence about what seems wrong with a value; "" for nothing."""
    if text and field.sort == Sort.TEXT and fold(field.name) in _VAT and not _is_vat(text):
        return _("This does not look like an Italian VAT number: its check digit does not fit.")
    return ""


def _is_vat(text: str) -> bool:
    """Return whether the check digit of eleven digits is right; foreign numbers are not judged."""
    bare = re.sub(r"[\s.]", "", text.upper()).removeprefix("IT")
    if not (bare.isascii() and bare.isdigit()):
        return bool(re.match(r"[A-Z]{2}", bare))
    if len(bare) != 11:
        return False
    doubled = [int(c) * (1 + n % 2) for n, c in enumerate(bare)]
    return sum(one // 10 + one % 10 for one in doubled) % 10 == 0
