"""What the document of all routes says besides what the frame reads from the code.

Every error once, and by name in every operation; an example of every body, address and answer; the
ways of signing in.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from custode.api import examples, samples

Schema = dict[str, Any]

ERRORS: Final = {
    400: "What was sent could not be read.",
    401: "There is no key and no token, or it is not good (any more).",
    403: "A rule, a role or a missing scope forbids it; the message says whom to ask.",
    404: "There is nothing here, or not for this caller.",
    405: "The address takes another method.",
    409: "It is there already, or was done before, or is still being done.",
    413: "The request is too large.",
    422: "A parameter is missing or cannot be taken.",
    429: "The requests of this hour are used up, or too many were wrong.",
    500: "A mistake of the program.",
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
    """Each route of a document: its path, its method in capitals, and what is said of it."""
    for path, methods in schema["paths"].items():
        for method in methods:
            # A route that takes two methods is said once for both; each has words of its own here.
            methods[method] = {**methods[method]}
            yield path, method.upper(), methods[method]


def complete(schema: Schema, prefix: str) -> None:
    """Add errors, examples and the ways of signing in.

    Args:
        prefix: where the routes stand, as `/api/v2/`.
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
    """A route that takes two methods has one name in the code, and needs two here."""
    if operation["operationId"] in names:
        operation["operationId"] += f"_by_{method.lower()}"
    names.add(operation["operationId"])


def _may_lack_its_body(schema: Schema, operation: Schema) -> None:
    """Where nothing must be said, a request needs no body."""
    body = operation.get("requestBody")
    sent = body["content"].get("application/json") if body else None
    if body is None or sent is None:
        return
    shape = sent["schema"]
    if "$ref" in shape:
        shape = schema["components"]["schemas"][shape["$ref"].rpartition("/")[2]]
    if shape.get("type") == "object" and not shape.get("required"):
        # A route that takes two methods shares what it takes.
        operation["requestBody"] = {**body, "required": False}


def _tell_errors(schema: Schema) -> None:
    """Declare once what can go wrong."""
    components = schema["components"]
    components["schemas"]["Error"] = {
        "type": "object",
        "required": ["error", "type", "message"],
        "properties": {
            "error": {"type": "integer", "description": "The status."},
            "type": {"type": "string", "description": "A word for programs; it never changes."},
            "message": {"type": "string", "description": "A sentence for people."},
        },
    }
    components["schemas"]["Written"] = {
        "type": "object", "required": ["id"], "additionalProperties": False,
        "properties": {"id": {"type": ["integer", "string"]}},
        "description": "What is changed by a key that may write, and not read.",
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
    """Say of an operation that a key without the scope `read` is told no more than a number."""
    for status, told in operation["responses"].items():
        content = told.get("content", {}).get("application/json")
        # A route that takes two methods shares what it answers.
        if not content or int(status) >= 300 or "anyOf" in content["schema"]:
            continue
        shape = content["schema"]
        several = shape.get("type") == "array"
        name = (shape["items"] if several else shape).get("$ref", "").rpartition("/")[2]
        members = shapes.get(name, {}).get("properties", {})
        if "id" in members and len(members) > 1:
            content["schema"] = {"anyOf": [shape, _SEVERAL if several else _WRITTEN]}


def _give_examples(schema: Schema, path: str, method: str, operation: Schema) -> None:
    """An example of what is sent, from the table, and of what is answered, from its shape."""
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
