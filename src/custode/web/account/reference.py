"""The page of the API reference: its OpenAPI documents, for people."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.module_loading import import_string
from django.views.decorators.http import require_GET

Said = dict[str, Any]

_TINTS: Final = {"GET": "bg-teal-lt", "DELETE": "bg-red-lt"}
_WAYS: Final = {
    "ByKey": "X-API-KEY", "ByToken": "X-USER-TOKEN", "Basic": "Authorization: Basic …",
}  # fmt: skip


@dataclass(frozen=True)
class Member:
    """A parameter, or a member of a body or of a response.

    Args:
        place: where it goes, for example `path`; "" in a body.
    """

    name: str
    type: str
    words: str
    is_required: bool = False
    place: str = ""
    mark = "required"
    """The mark of a required member; in English, like the document around it."""

    @property
    def where(self) -> str:
        """Return where it goes, in the document's English."""
        return f"in the {self.place}"


@dataclass(frozen=True)
class Route:
    """A route as the page shows it."""

    anchor: str
    method: str
    tint: str
    path: str
    summary: str
    words: str
    scopes: list[str]
    headers: list[str]
    parameters: list[Member]
    body: list[Member]
    answer: list[Member]
    status: str
    request: str
    answered: str


@dataclass
class Group:
    """The routes of one kind of object."""

    anchor: str
    name: str
    routes: list[Route] = field(default_factory=list)


@require_GET
def reference(request: HttpRequest) -> HttpResponse:
    """Show every route of the API, to anybody signed in: nothing here belongs to the account.

    Users' programs have access by tokens, which everybody can make; the documents are public.
    """
    groups, errors = _told(settings.URL)
    documents = [f"{prefix}openapi.json" for prefix in _documents()]
    words = {"groups": groups, "errors": errors, "documents": documents}
    return render(request, "keys/reference.html", words)


def _documents() -> dict[str, Said]:
    """Return the API's OpenAPI documents by the path below which their routes are."""
    found: dict[str, Said] = import_string(settings.API_DOCUMENTS)()
    return found


@cache
def _told(url: str) -> tuple[list[Group], list[tuple[str, str, str]]]:
    """Return the groups in the documents' order, and the errors.

    They are cached, since only code changes them.
    """
    groups: dict[str, Group] = {}
    errors: dict[str, tuple[str, str, str]] = {}
    for document in _documents().values():
        for path, methods in document["paths"].items():
            for method, said in methods.items():
                name = said.get("tags", [document["info"]["title"]])[0]
                group = groups.setdefault(name, Group(f"part-{len(groups)}", name))
                group.routes.append(_route(document, url, path, method.upper(), said))
        for name, said in document["components"]["responses"].items():
            example = said["content"]["application/json"]["example"]
            errors[name] = (str(example["error"]), example["type"], said["description"])
    return list(groups.values()), list(errors.values())


def _route(document: Said, url: str, path: str, method: str, said: Said) -> Route:
    ways = {name for one in said["security"] for name in one}
    body = said.get("requestBody", {}).get("content", {})
    status, answer = next(
        (str(number), one) for number, one in said["responses"].items() if "$ref" not in one
    )
    answered = answer.get("content", {}).get("application/json", {})
    return Route(
        anchor=said["operationId"],
        method=method,
        tint=_TINTS.get(method, "bg-orange-lt"),
        path=path,
        summary=said["summary"],
        words=said.get("description", ""),
        scopes=said["x-scopes"],
        headers=[header for way, header in _WAYS.items() if way in ways],
        parameters=[
            Member(
                one["name"], _type(one["schema"], document), one.get("description", ""),
                one.get("required", False), one["in"],
            )
            for one in said["parameters"]
        ],
        body=[member for one in body.values() for member in _members(one["schema"], document)],
        answer=list(_members(answered.get("schema", {}), document)),
        status=status,
        request=_curl(url, path, method, said),
        answered=_written(answered["example"]) if "example" in answered else "",
    )  # fmt: skip


def _meant(shape: Said, document: Said) -> Said:
    """Return the shape that is referred to, or that a list's items have."""
    while "$ref" in shape or shape.get("type") == "array":
        if "$ref" in shape:
            shape = document["components"]["schemas"][shape["$ref"].rpartition("/")[2]]
        else:
            shape = shape.get("items") or {}
    return shape


def _members(shape: Said, document: Said) -> Iterator[Member]:
    meant = _meant(shape, document)
    needed = meant.get("required", [])
    for name, one in meant.get("properties", {}).items():
        yield Member(name, _type(one, document), one.get("description", ""), name in needed)


def _type(shape: Said, document: Said) -> str:
    """Return a shape in a few words, for example `integer or null`."""
    if "anyOf" in shape:
        return " or ".join(dict.fromkeys(_type(one, document) for one in shape["anyOf"]))
    if "$ref" in shape:
        return _type(_meant(shape, document), document)
    if shape.get("type") == "array":
        return f"list of {_type(shape.get('items') or {}, document)}"
    kind = shape.get("type", "anything")
    return " or ".join(kind) if isinstance(kind, list) else str(kind)


def _curl(url: str, path: str, method: str, said: Said) -> str:
    """Return a call as a command to type, with the document's examples."""
    ways = {name for one in said["security"] for name in one}
    values = {one["name"]: one["example"] for one in said["parameters"] if "example" in one}
    places = {one["name"] for one in said["parameters"] if one["in"] == "path"}
    for name in places:
        path = path.replace(f"{{{name}}}", str(values.pop(name)))
    query = f"?{urlencode(values)}" if values else ""
    start = "curl" if method == "GET" else f"curl -X {method}"
    if "Basic" in ways:
        who = "-u ada@marini.example"
    else:
        who = '-H "X-API-KEY: $KEY"' if "ByKey" in ways else '-H "X-USER-TOKEN: $TOKEN"'
    lines = [f"{start} {who}"]
    body = said.get("requestBody", {}).get("content", {})
    if "multipart/form-data" in body:
        lines.append("-F file=@offer.pdf")
    elif "application/json" in body:
        lines.append('-H "Content-Type: application/json"')
        sent = json.dumps(body["application/json"]["example"], ensure_ascii=False)
        lines.append(f"-d {shlex.quote(sent)}")
    lines.append(shlex.quote(f"{url}{path}{query}"))
    return " \\\n    ".join(lines)


def _written(example: Any) -> str:
    return json.dumps(example, ensure_ascii=False, indent=2)
