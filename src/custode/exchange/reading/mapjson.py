"""A mapping as plain data, stored as JSON between a screen and a job."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _

from .cells import shorten
from .errors import MappingError
from .fields import SEVERAL, Field
from .mapping import SEPARATOR, LeadMapping, field_named, status_named

_KEYS: Final = ("columns", "separator", "ways", "steps", "statuses", "own")


def to_dict(mapping: LeadMapping) -> dict[str, Any]:
    """Return only dicts, lists and texts; the order of columns is kept."""
    return {
        "columns": {
            place.value: list(columns) if place in SEVERAL else columns[0]
            for place, columns in mapping.columns.items()
            if columns
        },
        "separator": mapping.separator,
        "ways": dict(mapping.ways),
        "steps": dict(mapping.steps),
        "statuses": {value: status.value for value, status in mapping.statuses.items()},
        "own": {name: list(columns) for name, columns in mapping.own.items()},
    }


def from_dict(data: object, headers: Sequence[str]) -> LeadMapping:
    """Return the mapping that `to_dict` stored, checked against the file's columns.

    Raises:
        MappingError: it does not have that form; `field` names the key, column or place.
    """
    whole = _texts_by(data, "mapping")
    for key in whole:
        if key not in _KEYS:
            raise MappingError(
                _("A mapping has no part “%(key)s”. Possible: %(keys)s.")
                % {"key": shorten(key), "keys": ", ".join(_KEYS)},
                shorten(key),
            )
    statuses = _text_to_text(whole.get("statuses", {}), "statuses")
    mapping = LeadMapping(
        columns=_columns(whole.get("columns", {})),
        separator=_text(whole.get("separator", SEPARATOR), "separator"),
        ways=_text_to_text(whole.get("ways", {}), "ways"),
        steps=_text_to_text(whole.get("steps", {}), "steps"),
        statuses={value: status_named(name, "statuses") for value, name in statuses.items()},
        own=_own(whole.get("own", {})),
    )
    mapping.check(headers)
    return mapping


def _columns(data: object) -> dict[Field, tuple[str, ...]]:
    columns: dict[Field, tuple[str, ...]] = {}
    for name, chosen in _texts_by(data, "columns").items():
        place = field_named(name)
        listed = chosen if isinstance(chosen, (list, tuple)) else [chosen]
        columns[place] = tuple(_text(column, name) for column in listed)
    return columns


def _own(data: object) -> dict[str, tuple[str, ...]]:
    own: dict[str, tuple[str, ...]] = {}
    for name, chosen in _texts_by(data, "own").items():
        listed = chosen if isinstance(chosen, (list, tuple)) else [chosen]
        own[name] = tuple(_text(column, "own") for column in listed)
    return own


def _texts_by(data: object, key: str) -> Mapping[str, object]:
    if not isinstance(data, Mapping) or not all(isinstance(name, str) for name in data):
        raise MappingError(_("“%(key)s” must be an object with names.") % {"key": key}, key)
    return data


def _text_to_text(data: object, key: str) -> dict[str, str]:
    return {name: _text(value, key) for name, value in _texts_by(data, key).items()}


def _text(value: object, key: str) -> str:
    if not isinstance(value, str):
        raise MappingError(_("“%(key)s” must hold text.") % {"key": key}, key)
    return value
