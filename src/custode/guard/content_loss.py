"""Judges whether an edit leaves next to nothing of a value, whatever is written in its place."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Final

from custode.guard.kinds import Kind
from custode.kernel import clock
from custode.kernel.text import fold, is_blank, labelled_values, pieces

_FEW: Final = 2
"""So few remaining letters count as nothing if there were `_TIMES` as many before."""
_TIMES: Final = 3
_TENTH: Final = 10
"""A tenth of a text counts as nothing too, and so does one letter repeated."""
_LONG: Final = 100
"""The length from which a text counts as replaced unless a `_FIFTH` of its pieces remain."""
_FIFTH: Final = 5
_MUCH: Final = 100
"""So many characters gone are much, however long the text is that stays."""
_WORD: Final = 8
"""Up to this length, a text counts as overwritten by any change."""
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d\S*")
"""A moment, as the history keeps it."""
_DESCRIPTION: Final = "description"
_FAR: Final = 3653
"""So many days from now nobody plans anything: ten years."""


def empties(kind: Kind, field: str, old: Any, new: Any) -> bool:
    """Return whether an edit empties one of a kind's fields (`Kind.content_fields`, `Kind.plans`).

    A line `Label: value` of a description counts as a field.
    """
    if field in kind.plans:
        return leaves_little(old, new) or _is_put_out_of_sight(old, new)
    if not old or not re.fullmatch(kind.content_fields, field):
        return False
    return leaves_little(old, new) or (field == _DESCRIPTION and is_line_gone(old, new))


def leaves_little(old: Any, new: Any) -> bool:
    """Return whether an edit leaves next to nothing of the old value.

    Args:
        old, new: the values; anything but text (a choice, an amount) counts as empty when absent or
            zero.
    """
    if old is None or is_blank(str(old)):
        return False
    if new is None or is_blank(str(new)):
        return True
    if not isinstance(old, str):
        return bool(new == 0)
    had, left = _said(old), _said(str(new))
    # Replacing one line of punctuation by another loses nothing meaningful.
    return bool(had) and (
        (len(left) <= _FEW and _TIMES * len(left) <= len(had))
        or _TENTH * len(left) <= len(had)
        or len(set(left)) == 1 < len(set(had))
        or _is_replaced(old, str(new))
    )


def _is_put_out_of_sight(old: Any, new: Any) -> bool:
    """Return whether a day is moved so far that nobody will ever see it."""
    if not isinstance(old, date) or not isinstance(new, date):
        return False
    today = clock.now().date()
    return abs((new - today).days) > _FAR >= abs((old - today).days)


def _said(text: str) -> str:
    """Return the letters and digits of a text, without accents and invisible characters."""
    return "".join(c for c in fold(text) if c.isalnum())


def _is_replaced(old: str, new: str) -> bool:
    """Return whether a long text is replaced by another one, however long that is."""
    if len(old) < _LONG:
        return False
    had = pieces(old)
    return _FIFTH * (had & pieces(new)).total() < had.total()


def is_line_gone(old: Any, new: Any) -> bool:
    """Return whether a `Label: value` line of a description, a field to its readers, disappears.

    It counts as kept under another label, or with another value that has content. Values that are
    blank, or that appear elsewhere in the text, are not lost.
    """
    left = str(new or "")
    labels = labelled_values(left)
    for label, values in labelled_values(str(old or "")).items():
        there = labels.get(label, [])
        lost = [at for at, value in enumerate(values) if value not in left]
        # Of several lines with one label, such as the telephones of two people, each is one.
        if lost and len(there) < len(values):
            return True
        if any(leaves_little(values[at], there[at]) for at in lost):
            return True
    return False


def is_written_over(kind: Kind, field: str, old: Any, new: Any) -> bool:
    """Return whether an edit replaces the content of a field by something else.

    For a text this is so when most of it goes, or much of a long one, or when a line `Label: value`
    of a description gets another value: correcting a word or adding to a text overwrites nothing.
    Of a moment (when a lead was created) any other is something else, however alike they read.
    """
    if not old or is_blank(str(old)) or not re.fullmatch(kind.content_fields, field):
        return False
    if not isinstance(old, str) or len(old) <= _WORD or _MOMENT.fullmatch(old):
        return fold(str(old)) != fold(str(new))
    if field == _DESCRIPTION and _has_other_values(old, str(new)):
        return True
    had = pieces(old)
    kept = (had & pieces(str(new))).total()
    return 2 * kept < had.total() or had.total() - kept >= _MUCH


def _has_other_values(old: str, new: str) -> bool:
    now = labelled_values(new)
    return any(
        label in now and not set(values) <= set(now[label])
        for label, values in labelled_values(old).items()
    )


def only_adds(old: str | None, new: str | None) -> bool:
    """Return whether an edit only added to a text: everything that was there is still there."""
    if not old or is_blank(old):
        return True
    if not new or old.isdigit():
        return False
    had = pieces(old)
    return old in new or bool(had and not had - pieces(new))
