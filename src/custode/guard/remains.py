"""What an edit leaves of what stood there: next to nothing, by whatever is written in its place."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Final

from custode.guard.kinds import Kind
from custode.kernel import clock
from custode.kernel.text import fold, is_blank, labelled_lines, pieces

_FEW: Final = 2
"""So many letters say next to nothing, where there were so many times as many:"""
_TIMES: Final = 3
_TENTH: Final = 10
"""So does a tenth of a text, and one letter over and over."""
_LONG: Final = 100
"""Of a text of so many characters something remains if one piece of so many does:"""
_FIFTH: Final = 5
_WORD: Final = 8
"""So short a text is another one when anything of it is."""
_DESCRIPTION: Final = "description"
_FAR: Final = 3653
"""So many days from now nobody plans anything: ten years."""


def empties(kind: Kind, field: str, old: Any, new: Any) -> bool:
    """Whether an edit empties a field of a kind that says something (`Kind.says`, `Kind.plans`).

    A line `Label: value` of a description is a field to those who read it.
    """
    if field in kind.plans:
        return leaves_little(old, new) or _is_put_out_of_sight(old, new)
    if not old or not re.fullmatch(kind.says, field):
        return False
    return leaves_little(old, new) or (field == _DESCRIPTION and is_line_gone(old, new))


def leaves_little(old: Any, new: Any) -> bool:
    """Whether an edit leaves next to nothing of what stood there.

    Args:
        old, new: the values; of what is no text (a choice, an amount) its absence counts, and zero.
    """
    if old is None or is_blank(str(old)):
        return False
    if new is None or is_blank(str(new)):
        return True
    if not isinstance(old, str):
        return bool(new == 0)
    had, left = _said(old), _said(str(new))
    # One line of signs for another is nothing that said something.
    return bool(had) and (
        (len(left) <= _FEW and _TIMES * len(left) <= len(had))
        or _TENTH * len(left) <= len(had)
        or len(set(left)) == 1 < len(set(had))
        or _is_replaced(old, str(new))
    )


def _is_put_out_of_sight(old: Any, new: Any) -> bool:
    """Whether a day is put off, or back, to where nobody will ever see it."""
    if not isinstance(old, date) or not isinstance(new, date):
        return False
    today = clock.now().date()
    return abs((new - today).days) > _FAR >= abs((old - today).days)


def _said(text: str) -> str:
    """The letters and digits of a text: no signs, no accents, nothing that is not seen."""
    return "".join(c for c in fold(text) if c.isalnum())


def _is_replaced(old: str, new: str) -> bool:
    """Whether another text stands in the place of a long one, however long it is itself."""
    if len(old) < _LONG:
        return False
    had = pieces(old)
    return _FIFTH * (had & pieces(new)).total() < had.total()


def is_line_gone(old: Any, new: Any) -> bool:
    """Whether a `Label: value` line of a description goes, which people read as a field.

    It stays under another label, and with another value that says something. Of values that are
    blank, or written on elsewhere in the text, nothing goes.
    """
    left = str(new or "")
    labels = labelled_lines(left)
    return any(
        value not in left and (label not in labels or leaves_little(value, labels[label]))
        for label, value in labelled_lines(str(old or "")).items()
    )


def is_written_over(kind: Kind, field: str, old: Any, new: Any) -> bool:
    """Whether an edit puts something else in the place of what a field said.

    Of a text that is when most of it goes, or when a line `Label: value` of a description has
    another value: whoever corrects a word, or writes on, writes nothing over.
    """
    if not old or is_blank(str(old)) or not re.fullmatch(kind.says, field):
        return False
    if not isinstance(old, str) or len(old) <= _WORD:
        return fold(str(old)) != fold(str(new))
    if field == _DESCRIPTION:
        now = labelled_lines(str(new))
        if any(now.get(label, value) != value for label, value in labelled_lines(old).items()):
            return True
    had = pieces(old)
    return 2 * (had & pieces(str(new))).total() < had.total()


def only_adds(old: str | None, new: str | None) -> bool:
    """Whether an edit only wrote on: all that stood there, if anything, stands there still."""
    if not old or is_blank(old):
        return True
    if not new or old.isdigit():
        return False
    had = pieces(old)
    return old in new or bool(had and not had - pieces(new))
