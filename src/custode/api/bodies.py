"""Read request bodies as programs send them: JSON of any content type, forms, files, nothing.

Programs written for the reference send a GET with an empty JSON object, a POST without a content
type, JSON as a form, and parameters in the address. None of that may be refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

import orjson
from django.core.exceptions import BadRequest
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from ninja.parser import Parser

from custode.api.errors import Problem

_FORM = "application/x-www-form-urlencoded"
FILES: Final = "multipart/form-data"
_BEGINS_JSON: Final = (b"{", b"[", b'"')
_WITHIN: Final = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\]){1,3})")
"""A name with places inside it: `tags[]`, `tags[0]`, `fields[City]`, `content[0][1]`."""
_PLACE: Final = re.compile(r"\[([^\[\]]*)\]")
DEEPEST: Final = 20
"""The maximum nesting of lists and objects.

Nothing that the API accepts has half as many levels.
"""


def read(request: HttpRequest) -> Any:
    """Return what a request says: its query parameters, overridden by its body.

    Returns:
        A dict of names and values, or a list if the body is a list.

    Raises:
        BadRequest: the body is not valid JSON.
        Problem: the body is nested deeper than `DEEPEST`.
    """
    said = _body(request)
    require_shallow(said)
    if not isinstance(said, dict):
        return said
    return {**named(request.GET), **said}


def require_shallow(said: Any) -> None:
    """Raise `Problem` (400) if lists and objects are nested deeper than `DEEPEST`.

    The code that reads them later (a digest, the text of a value) recurses once per level.
    """
    level = [said]
    for _depth in range(DEEPEST + 1):
        deeper = [one for one in level if isinstance(one, dict | list)]
        if not deeper:
            return
        level = [part for one in deeper for part in _parts(one)]
    message = _("What was sent is nested deeper than %(most)s levels.") % {"most": DEEPEST}
    raise Problem(400, "bad_request", message)


def _parts(one: dict[str, Any] | list[Any]) -> Iterable[Any]:
    return one.values() if isinstance(one, dict) else one


def named(query: MultiValueDict[str, Any]) -> dict[str, Any]:
    """Return a form's names and values; a name that occurs several times has a list.

    Libraries write lists and objects in forms and query strings in different ways: `tags[]` (axios,
    Rails), `tags[0]` (PHP), `fields[City]` (both). None of them may be ignored: a filter that is
    not understood would match everything.
    """
    found: dict[str, Any] = {}
    for name in query:
        values = query.getlist(name)
        value = values if len(values) > 1 else values[-1] if values else ""
        within = _WITHIN.fullmatch(name)
        if within is None:
            found[name] = value
            continue
        *places, last = _PLACE.findall(within[2])
        if last:
            places.append(last)
        else:
            value = values
        if "" not in places:
            _put(found, [within[1], *places], value)
    return {name: _listed(value) for name, value in found.items()}


def _put(tree: dict[str, Any], places: list[str], value: Any) -> None:
    """Set a value at its place in nested objects, replacing whatever is in its way."""
    for place in places[:-1]:
        inner = tree.get(place)
        if not isinstance(inner, dict):
            inner = tree[place] = {}
        tree = inner
    tree[places[-1]] = value


def _listed(value: Any) -> Any:
    """Return the list that an object stands for if its keys are the numbers from 0."""
    if not isinstance(value, dict):
        return value
    inner = {name: _listed(one) for name, one in value.items()}
    if set(inner) == {str(n) for n in range(len(inner))}:
        return [inner[str(n)] for n in range(len(inner))]
    return inner


def _body(request: HttpRequest) -> Any:
    kind = (request.content_type or "").lower()
    if kind == FILES:
        return named(request.POST)
    raw = request.body.strip()
    if not raw:
        return {}
    if kind == _FORM and not raw.startswith(_BEGINS_JSON):
        return named(QueryDict(raw, encoding="utf-8"))
    try:
        said = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        if "json" not in kind and b"=" in raw and not raw.startswith(_BEGINS_JSON):
            return named(QueryDict(raw, encoding="utf-8"))
        raise BadRequest(_("The body is not valid JSON.")) from error
    if said is not None and not isinstance(said, dict | list):
        raise BadRequest(_("The body is neither a JSON object nor a list."))
    return {} if said is None else said


class Lenient(Parser):
    """A parser that hands ninja the body already read and drops empty query parameters."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Return the body that the entrance has read."""
        return request.told  # type: ignore[attr-defined]  # set by the entrance

    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        """Return the query parameters without empty ones; files as they are."""
        found = {name: value for name, value in named(data).items() if value not in ("", [])}
        for name in list_fields:
            if name in found and not isinstance(found[name], list):
                found[name] = [found[name]]
        return found
