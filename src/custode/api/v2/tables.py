"""Cells as programs send them: lists of lists, or the same as a text that holds JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Final

import orjson
from django.utils.translation import gettext as _
from pydantic import BeforeValidator, WithJsonSchema

from custode.api import bodies
from custode.kernel.errors import Invalid


def parsed(value: Any) -> Any:
    """What a text that holds JSON holds; all else as it is.

    Raises:
        Problem: that is nested deeper than a body may be.
    """
    if not isinstance(value, str):
        return value
    try:
        told = orjson.loads(value) if value.strip() else None
    except orjson.JSONDecodeError:
        return value
    bodies.require_shallow(told)
    return told


_CELL: Final = {"type": ["string", "number", "boolean", "null"]}
_TABLE: Final = {"type": "array", "items": {"type": "array", "items": _CELL}, "minItems": 1}
Json = Annotated[Any, BeforeValidator(parsed)]
"""Lists and objects; a text that holds JSON counts as what it holds."""
Table = Annotated[Json, WithJsonSchema({"anyOf": [_TABLE, {"type": "string", "minLength": 1}]})]
"""Rows of cells."""
Cells = Annotated[
    Json, WithJsonSchema({"anyOf": [{"type": "object"}, {"type": "string", "minLength": 1}]})
]
"""Cells by the names of their columns."""


def rows(content: Any) -> list[list[str]]:
    """Rows of cells; one row alone may come without the list around it.

    Raises:
        Invalid: it is something else.
    """
    if isinstance(content, list) and content and not any(isinstance(one, list) for one in content):
        content = [content]
    if not isinstance(content, list) or not all(isinstance(one, list) for one in content):
        raise _no_table()
    return [row(one) for one in content]


def row(cells: Any) -> list[str]:
    """The texts of a row's cells; raises `Invalid` for what is none."""
    if not isinstance(cells, list):
        raise _no_table()
    return [text(cell) for cell in cells]


def text(cell: Any) -> str:
    """What stands in a cell: nothing, a text, or a number as it is written."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, str | int | float):
        return str(cell)
    raise _no_table()


def headers(names: Sequence[str]) -> list[str]:
    """The names of new columns; one without a name is called by its place, the last ones left out.

    A name that stands twice is told by the list itself.
    """
    told = list(names)
    while told and not told[-1].strip():
        told.pop()
    return [
        name if name.strip() else _("Column %(n)s") % {"n": n}
        for n, name in enumerate(told, start=1)
    ]


def _no_table() -> Invalid:
    return Invalid(_("Send the cells of each row as a list of texts."), field="content")
