"""Build an example response from a shape; it is the same every time."""

from __future__ import annotations

import re
from typing import Any, Final

Shape = dict[str, Any]

_QUOTED: Final = re.compile("`([^`]+)`|“([^”]+)”")
"""The part of a description that serves as an example."""
_AT: Final = "2026-11-30T09:00:00.000Z"
_DAY: Final = "2026-12-15"
_NAMED: Final[dict[str, Any]] = {
    "title": "Scanner for the archive",
    "name": "Rossi S.r.l.",
    "firstname": "Ada",
    "lastname": "Marini",
    "email": "ada@marini.example",
    "pipeline": "Sales",
    "step": "Offer",
    "status": "todo",
    "currency": "EUR",
    "amount": 1200.5,
    "probability": 60,
    "remind_date": _DAY,
    "remind_time": "14:30",
    "due_date": _DAY,
    "estimated_closing_date": _DAY,
    "description": "Email: info@rossi.example",
    "content": "Called; wants an offer.",
    "raw_content": "Called; wants an offer.",
    "kind": "lead",
    "tags": ["fair"],
    "created_from": "api",
    "locale": "en",
    "time_zone": "Europe/Rome",
    "ip": "192.0.2.7",
    "device": "Chrome on Windows",
    "event": "lead.creation",
    "target_type": "url",
    "target": "https://rossi.example/hook",
    "subject": "Our offer",
    "permalink": "https://your.custode.example/leads/42/",
    "url": "https://your.custode.example/api/v2/files/…",
    "type": "lead",
    "message": "It is done.",
    "color": "#d3d3d3",
    "choices": ["Steel", "Wood"],
    "column_names": ["Company", "Email"],
    "names": ["Scanner for the archive"],
    "content_type": "application/pdf",
    "filter": "",
    "format": "csv",
    "html_description": "<p>Email: info@rossi.example</p>",
    "reason": "",
    "why": "",
    "sentence": "Ada Marini deleted 1 lead",
    "started_ip": "192.0.2.7",
    "to": "info@rossi.example",
    "user_name": "Ada Marini",
}
"""Example values by field name, used if the shape accepts them."""
_TYPED: Final[dict[str, Any]] = {
    "string": "…",
    "integer": 42,
    "number": 1200.5,
    "boolean": False,
    "null": None,
}


def sample(shape: Shape, shapes: dict[str, Shape], name: str = "") -> Any:
    """Return an example value of a shape.

    Args:
        shapes: the shapes to which it may refer, by name.
        name: the field's name, which may say more than the shape.
    """
    if "$ref" in shape:
        return sample(shapes[shape["$ref"].rpartition("/")[2]], shapes, name)
    if "anyOf" in shape:
        # An optional value is null unless a better example is known.
        empty = {"type": "null"} in shape["anyOf"] and name not in _NAMED
        return None if empty else sample(shape["anyOf"][0], shapes, name)
    if "const" in shape or "enum" in shape:
        return shape.get("const", shape.get("enum", [None])[0])
    return _of_type(shape, shapes, name)


def _of_type(shape: Shape, shapes: dict[str, Shape], name: str) -> Any:
    kind = shape.get("type")
    if kind == "object":
        members = shape.get("properties", {})
        return {one: sample(told, shapes, one) for one, told in members.items()}
    if kind == "string" and (word := _QUOTED.search(shape.get("description", ""))):
        return word[1] or word[2]
    if _fits(_NAMED.get(name), kind):
        return _NAMED[name]
    if kind == "array":
        return [sample(shape["items"], shapes)] if shape.get("items") else []
    if kind == "string" and (name == "at" or name.endswith("_at")):
        return _AT
    if kind == "integer" and name.endswith("count"):
        return 1
    return _TYPED.get(str(kind))


def _fits(value: Any, kind: Any) -> bool:
    types = {"string": str, "integer": int, "number": float, "array": list}
    return isinstance(value, types.get(str(kind), ()))
