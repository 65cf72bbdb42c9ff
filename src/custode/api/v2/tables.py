"""Read cells as programs send them: lists of lists, or a text that holds the same as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Final

import orjson
from django.utils.translation import gettext as _
from pydantic import BeforeValidator, WithJsonSchema

from custode.api import bodies
from custode.kernel.errors import Invalid


def parsed(value: Any) -> Any:
    """Return the value in a text that holds JSON; any other value as it is.

    Raises:
        Problem: the value is nested deeper than a body may be.
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
"""Lists and objects, or a text that holds them as JSON."""
Table = Annotated[Json, WithJsonSchema({"anyOf": [_TABLE, {"type": "string", "minLength": 1}]})]
"""Rows of cells."""
Cells = Annotated[
    Json, WithJsonSchema({"anyOf": [{"type": "object"}, {"type": "string", "minLength": 1}]})
]
"""Cells by column name."""


def rows(content: Any) -> list[list[str]]:
    """Return rows of cells; a single row may come without a list around it.

    Raises:
        Invalid: the value is something else.
    """
    if isinstance(content, list) and content and not any(isinstance(one, list) for one in content):
        content = [content]
    if not isinstance(content, list) or not all(isinstance(one, list) for one in content):
        raise _no_table()
    return [row(one) for one in content]


def row(cells: Any) -> list[str]:
    """Return the texts of a row's cells; raise `Invalid` if it is not a row."""
    if not isinstance(cells, list):
        raise _no_table()
    return [text(cell) for cell in cells]


def text(cell: Any) -> str:
    """Return a cell as text: empty, a text, or a number as it is written."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, str | int | float):
        return str(cell)
    raise _no_table()


def headers(names: Sequence[str]) -> list[str]:
    """Return the names of new columns.

    An unnamed one is called by its position, trailing ones omitted.

    The list itself reports duplicate names.
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
