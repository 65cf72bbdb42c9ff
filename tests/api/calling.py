"""How the tests call the API; each answer is held against the document that describes it."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

from django.test import Client
from jsonschema import Draft202012Validator

from custode.accounts.models import Account
from custode.api.simple import simple
from custode.api.v2 import api
from custode.kernel import scope
from custode.kernel.actor import Actor, Scope
from custode.signin.api_keys import moves
from custode.signin.sessions import tokens
from custode.signin.sessions.store import Arrival

ALL = tuple(one.value for one in Scope)


def key_for(account: Account, *scopes: str, name: str = "Zapp", **more: Any) -> str:
    """The text of a new key, made by the operator."""
    _row, text = moves.make(
        Actor.operator(account.pk), name, [Scope(one) for one in scopes or ALL], **more
    )
    return text


def token_for(user: Any) -> str:
    """A user's token, as `/auth/login` makes one."""
    with scope.account(user.account_id):
        return tokens.begin(user, Arrival(ip="192.0.2.7", header="Program/1"))


class Answer:
    """What came back."""

    def __init__(self, response: Any) -> None:
        self.status = response.status_code
        self.headers = response.headers
        self.content = (
            b"".join(response.streaming_content) if response.streaming else response.content
        )

    @property
    def json(self) -> Any:
        """The body."""
        return json.loads(self.content)

    @property
    def kind(self) -> str:
        """An error's `type`."""
        return str(self.json["type"])


class Caller:
    """A program with its key or its token."""

    def __init__(self, key: str = "", token: str = "", **headers: str) -> None:
        self.client = Client()
        self.key, self.token = key, token
        self.headers = {
            **({"X-API-KEY": key} if key else {}),
            **({"X-USER-TOKEN": token} if token else {}),
            **headers,
        }

    def get(self, path: str, **query: Any) -> Answer:
        """GET below `/api/v2`."""
        return self.call("GET", path, query=query)

    def post(self, path: str, body: Any = None, **headers: str) -> Answer:
        """POST a body as JSON."""
        return self.call("POST", path, body, headers=headers)

    def put(self, path: str, body: Any = None, **headers: str) -> Answer:
        """PUT a body as JSON."""
        return self.call("PUT", path, body, headers=headers)

    def delete(self, path: str, body: Any = None) -> Answer:
        """DELETE, perhaps with a body."""
        return self.call("DELETE", path, body)

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        query: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        kind: str = "application/json",
    ) -> Answer:
        """Any call; `body` as it is when it is bytes or text."""
        raw = body if isinstance(body, bytes | str) else b"" if body is None else json.dumps(body)
        url = path if path.startswith("/api") else f"/api/v2{path}"
        response = self.client.generic(
            method, url, raw, content_type=kind, query_params=query or None,
            headers={**self.headers, **(headers or {})},
        )  # fmt: skip
        answer = Answer(response)
        held_against_the_document(method, url, answer)
        return answer


def held_against_the_document(method: str, url: str, answer: Answer) -> None:
    """Fail when an answer is not what the document says of its route."""
    operation = _operation(method, url)
    if operation is None:
        return
    told = operation["responses"].get(answer.status)
    assert told is not None, f"{method} {url} answers {answer.status}, which no document tells of"
    if "$ref" in told:
        told = _document(url)["components"]["responses"][told["$ref"].rpartition("/")[2]]
    content = told.get("content", {})
    if "application/json" not in content:
        return
    schema = {**content["application/json"]["schema"], "components": _document(url)["components"]}
    for mistake in Draft202012Validator(schema).iter_errors(answer.json):
        where = "/".join(map(str, mistake.absolute_path))
        raise AssertionError(f"{method} {url}: {where}: {mistake.message}")


def _document(url: str) -> dict[str, Any]:
    return _documents()["/".join(url.split("/")[:3])]


@cache
def _documents() -> dict[str, dict[str, Any]]:
    return {
        "/api/v2": dict(api.document("/api/v2/")),
        "/api/simple": dict(simple.document("/api/simple/")),
    }


def _operation(method: str, url: str) -> dict[str, Any] | None:
    path = url.partition("?")[0]
    fits = [
        (template.count("{"), methods)
        for template, methods in _document(url)["paths"].items()
        if re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", template), path)
    ]
    for _holes, methods in sorted(fits, key=lambda pair: pair[0]):
        found: dict[str, Any] | None = methods.get(method.lower())
        return found
    return None
