"""Complete the OpenAPI document with what the framework cannot read from the code.

Every error is declared once and referred to by every operation; every body, parameter and response
gets an example; and the ways of authenticating are described.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from custode.api import examples, samples

Schema = dict[str, Any]

ERRORS: Final = {
    400: "The request could not be parsed.",
    401: "The key or the token is missing or not valid.",
    403: "A rule, a role or a missing scope forbids it; the message says whom to ask.",
    404: "There is no such object, or this caller may not see it.",
    405: "The path does not support this method.",
    409: "It exists already, was done before, or is still being processed.",
    413: "The request is too large.",
    422: "A parameter is missing or not valid.",
    429: "The hourly limit of requests is used up, or too many attempts were wrong.",
    500: "An internal error.",
}
_TYPES: Final = {
    400: "bad_request",
    401: "unauthorized_invalid_token",
    403: "refused_by_rule",
    404: "record_not_found",
    405: "method_not_allowed",
    409: "already_exist",
    413: "too_large",
    422: "invalid_parameter",
    429: "too_many_requests",
    500: "internal_error",
}

_WRITTEN: Final = {"$ref": "#/components/schemas/Written"}
_SEVERAL: Final = {"$ref": "#/components/schemas/SeveralWritten"}


def operations(schema: Schema) -> Iterator[tuple[str, str, Schema]]:
    """Iterate over a document's operations: path, upper-case method, and the operation itself."""
    for path, methods in schema["paths"].items():
        for method in methods:
            # A route for two methods has one description for both; each needs its own copy here.
            methods[method] = {**methods[method]}
            yield path, method.upper(), methods[method]


def complete(schema: Schema, prefix: str) -> None:
    """Add errors, examples and the ways of authenticating.

    Args:
        prefix: the path below which the routes are, for example `/api/v2/`.
    """
    schema["components"]["securitySchemes"]["Basic"] = {"type": "http", "scheme": "basic"}
    _tell_errors(schema)
    names: set[str] = set()
    for path, method, operation in operations(schema):
        _name_once(operation, method, names)
        _may_lack_its_body(schema, operation)
        _give_examples(schema, path.removeprefix(prefix.rstrip("/")), method, operation)
        if method != "GET" or not {"read", "export"}.intersection(operation["x-scopes"]):
            _may_be_its_number_alone(operation, schema["components"]["schemas"])
        for status in ERRORS:
            ref = {"$ref": f"#/components/responses/Error{status}"}
            operation["responses"].setdefault(status, ref)


def _name_once(operation: Schema, method: str, names: set[str]) -> None:
    """Give each method of a route for two methods its own operation id."""
    if operation["operationId"] in names:
        operation["operationId"] += f"_by_{method.lower()}"
    names.add(operation["operationId"])


def _may_lack_its_body(schema: Schema, operation: Schema) -> None:
    """Mark a body as optional if none of its fields is required."""
    body = operation.get("requestBody")
    sent = body["content"].get("application/json") if body else None
    if body is None or sent is None:
        return
    shape = sent["schema"]
    if "$ref" in shape:
        shape = schema["components"]["schemas"][shape["$ref"].rpartition("/")[2]]
    if shape.get("type") == "object" and not shape.get("required"):
        # A route for two methods shares its parameters: change a copy.
        operation["requestBody"] = {**body, "required": False}


def _tell_errors(schema: Schema) -> None:
    """Declare the possible errors once, as components."""
    components = schema["components"]
    components["schemas"]["Error"] = {
        "type": "object",
        "required": ["error", "type", "message"],
        "properties": {
            "error": {"type": "integer", "description": "The HTTP status."},
            "type": {"type": "string", "description": "A stable identifier for programs."},
            "message": {
                "type": "string",
                "description": "A message for people, in their language.",
            },
        },
    }
    components["schemas"]["Written"] = {
        "type": "object", "required": ["id"], "additionalProperties": False,
        "properties": {"id": {"type": ["integer", "string"]}},
        "description": "The result of a change by a key that may write but not read.",
    }  # fmt: skip
    components["schemas"]["SeveralWritten"] = {"type": "array", "items": _WRITTEN}
    told = {"$ref": "#/components/schemas/Error"}
    components["responses"] = {
        f"Error{status}": {
            "description": words,
            "content": {
                "application/json": {
                    "schema": told,
                    "example": {"error": status, "type": _TYPES[status], "message": words},
                }
            },
        }
        for status, words in ERRORS.items()
    }


def _may_be_its_number_alone(operation: Schema, shapes: Schema) -> None:
    """State that an operation answers a key without the scope `read` with only an `id`."""
    for status, told in operation["responses"].items():
        content = told.get("content", {}).get("application/json")
        # A route for two methods shares its responses: change a copy.
        if not content or int(status) >= 300 or "anyOf" in content["schema"]:
            continue
        shape = content["schema"]
        several = shape.get("type") == "array"
        name = (shape["items"] if several else shape).get("$ref", "").rpartition("/")[2]
        members = shapes.get(name, {}).get("properties", {})
        if "id" in members and len(members) > 1:
            content["schema"] = {"anyOf": [shape, _SEVERAL if several else _WRITTEN]}


def _give_examples(schema: Schema, path: str, method: str, operation: Schema) -> None:
    """Add examples: of requests from the table, of responses from their shape."""
    for one in operation["parameters"]:
        if one["in"] == "path":
            one["example"] = examples.PLACES[one["name"]]
        elif one["name"] in examples.QUERIES.get(path, {}):
            one["example"] = examples.QUERIES[path][one["name"]]
    sent = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if sent is not None:
        sent["example"] = examples.BODIES[f"{method} {path}"]
    for response in operation["responses"].values():
        told = response.get("content", {}).get("application/json")
        if told is not None:
            told["example"] = samples.sample(told["schema"], schema["components"]["schemas"])
