"""The document of all routes: its examples are sent, and what it says of keys is what they meet."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from jsonschema import Draft202012Validator
from ninja import Schema

from custode.api.documents import documents
from custode.api.v2.params import Given
from tests.api.calling import Caller
from tests.api.routes import Line
from tests.api.test_routes import LINES, filled, world

pytestmark = pytest.mark.dealt
__all__ = ["world"]
ROUTES = {
    (method.upper(), re.sub(r"\{\w+\}", "{}", path.removeprefix("/api/v2"))): (document, operation)
    for document in documents().values()
    for path, methods in document["paths"].items()
    for method, operation in methods.items()
}
NUMBERS = {"ids", "user_id", "from_user_id", "client_id", "email_template_id"}
NUMBERS |= {"post_sales_template_id", "activity_id", "step"}
"""What an example names by a number that stands for one of the tests' world."""


def route_of(line: Line) -> dict[str, Any]:
    """What the document says of a route."""
    path = re.sub(r"\{\w+\}", "{}", line.path.partition("?")[0])
    found: dict[str, Any] = ROUTES[line.method, path][1]
    return found


def body_of(route: dict[str, Any]) -> dict[str, Any]:
    """What the document says of a body in JSON; nothing where a route takes none."""
    found: dict[str, Any] = (
        route.get("requestBody", {}).get("content", {}).get("application/json", {})
    )
    return found


WITH_BODY = [line for line in LINES if body_of(route_of(line))]
every_body = pytest.mark.parametrize(
    "line", WITH_BODY, ids=[f"{line.method} {line.path}" for line in WITH_BODY]
)
every = pytest.mark.parametrize("line", LINES, ids=[f"{line.method} {line.path}" for line in LINES])


@every_body
def test_an_example_is_done_as_the_document_says(app, world, line):
    route = route_of(line)
    told = body_of(route)["example"]
    if isinstance(told, dict):
        told = told | {name: line.body[name] for name in told if name in NUMBERS}
    body = filled(json.dumps(told), world)
    answer = app().call(line.method, filled(line.path, world), body)
    assert 200 <= answer.status < 300, answer.content
    assert "$ref" not in route["responses"][answer.status]


@pytest.mark.parametrize("act", ["add_tag", "add_activity", "move_to_step", "send_email"])
def test_an_example_of_an_address_is_done(app, world, act):
    (line,) = [one for one in LINES if one.path.partition("?")[0].endswith(f"/{act}")]
    values = {
        one["name"]: one["example"] for one in route_of(line)["parameters"] if one["in"] == "query"
        and "example" in one
    }  # fmt: skip
    assert values
    here = {"activity_id": world["activity"], "step": world["step"], "from_user_id": world["ugo"]}
    values |= {name: here[name] for name in values if name in here}
    answer = app().get(filled(line.path.partition("?")[0], world), **values)
    assert answer.status == 200, answer.content


def test_files_go_as_the_document_says(app, world):
    (line,) = [
        one for one in LINES if (one.method, one.path) == ("POST", "/leads/{lead}/attachments")
    ]
    assert list(route_of(line)["requestBody"]["content"]) == ["multipart/form-data"]
    caller = app()
    response = caller.client.post(
        f"/api/v2{filled(line.path, world)}",
        {"file": SimpleUploadedFile("offer.txt", b"1200")},
        headers=caller.headers,
    )
    assert response.status_code == 201


@every
def test_a_route_says_which_scopes_and_whom_it_takes(line):
    route = route_of(line)
    # The rows of the tests' world are Ugo's, which takes an admin; the route itself takes none.
    needed = {line.takes, *line.also} - {"", "admin"} | ({"admin"} if line.admins else set())
    assert set(route["x-scopes"]) == needed
    ways = {name for one in route["security"] for name in one}
    assert ways == ({"Basic"} if line.open else {"ByKey"} if line.keys else {"ByKey", "ByToken"})


@every
def test_the_examples_fit_their_shapes(line):
    path = re.sub(r"\{\w+\}", "{}", line.path.partition("?")[0])
    document, route = ROUTES[line.method, path]
    told = [body_of(route)] if body_of(route) else []
    for response in route["responses"].values():
        name = response.get("$ref", "").rpartition("/")[2]
        meant = document["components"]["responses"][name] if name else response
        told += [one for one in meant.get("content", {}).values() if "example" in one]
    for one in told:
        schema = {**one["schema"], "components": document["components"]}
        mistakes = list(Draft202012Validator(schema).iter_errors(one["example"]))
        assert not mistakes, mistakes


def test_no_two_routes_have_one_name_and_every_way_in_is_declared():
    for document in documents().values():
        told = [one for methods in document["paths"].values() for one in methods.values()]
        names = [one["operationId"] for one in told]
        assert len(names) == len(set(names))
        ways = {name for one in told for way in one["security"] for name in way}
        assert ways <= set(document["components"]["securitySchemes"])


def test_the_document_is_written_once(monkeypatch):
    first = [Caller().get(f"/api/{one}/openapi.json") for one in ("v2", "simple")]
    monkeypatch.setattr("custode.api.answers.orjson.dumps", lambda *told, **more: 1 / 0)
    again = [Caller().get(f"/api/{one}/openapi.json") for one in ("v2", "simple")]
    assert [one.status for one in again] == [200, 200]
    assert [one.content for one in again] == [one.content for one in first]


def test_no_two_shapes_have_one_name():
    # The document names them by it: the second would stand where the first is meant.
    def below(model):
        for one in model.__subclasses__():
            yield one
            yield from below(one)

    ours = {*below(Schema), *below(Given)}
    told = sorted((one.__name__, one.__module__) for one in ours if "custode" in one.__module__)
    names = Counter(name for name, _module in told)
    assert [one for one in told if names[one[0]] > 1] == []
    assert len(told) > 50
