"""Bodies as programs send them: JSON under any type, forms, files, nothing at all.

Programs written for the reference send a GET with an empty JSON object, a POST without a type, JSON
as a form and parameters in the address. None of that may be refused.
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
"""A name with places within it: `tags[]`, `tags[0]`, `fields[City]`, `content[0][1]`."""
_PLACE: Final = re.compile(r"\[([^\[\]]*)\]")
DEEPEST: Final = 20
"""So many lists and objects may stand in one another: nothing that is taken has half as many."""


def read(request: HttpRequest) -> Any:
    """What a request says: its parameters in the address, and over them its body.

    Returns:
        names -> values; or a list, where the body is one.

    Raises:
        BadRequest: the body is JSON that cannot be read.
        Problem: it is nested deeper than anybody means it.
    """
    said = _body(request)
    require_shallow(said)
    if not isinstance(said, dict):
        return said
    return {**named(request.GET), **said}


def require_shallow(said: Any) -> None:
    """Raise `Problem` (400) for lists and objects in one another deeper than `DEEPEST`.

    What reads them afterwards (a digest, a text of a value) does so level by level, on the stack.
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
    """A form's names and values: what comes several times is a list.

    Libraries write lists and objects in forms and addresses each in their way: `tags[]` (axios,
    Rails), `tags[0]` (PHP), `fields[City]` (both). None of them may be passed over: a filter that
    is not understood finds everything.
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
    """Put a value at its place in objects within objects; what was there in its way is gone."""
    for place in places[:-1]:
        inner = tree.get(place)
        if not isinstance(inner, dict):
            inner = tree[place] = {}
        tree = inner
    tree[places[-1]] = value


def _listed(value: Any) -> Any:
    """An object whose names are the numbers from 0 as the list that it stands for."""
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
    """Hands the frame what the entrance has read; an empty parameter of an address is none."""

    def parse_body(self, request: HttpRequest) -> Any:
        """What the body says."""
        return request.told  # type: ignore[attr-defined]  # set by the entrance

    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        """The parameters of the address; files as they are."""
        found = {name: value for name, value in named(data).items() if value not in ("", [])}
        for name in list_fields:
            if name in found and not isinstance(found[name], list):
                found[name] = [found[name]]
        return found
