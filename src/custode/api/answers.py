"""Build JSON responses: bare objects and bare lists, as programs expect them."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any, Final

import orjson
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase

from custode.kernel import clock

TOTAL: Final = "X-TOTAL-COUNT"
"""The response header that gives the number of items before paging."""


def answer(data: Any, *, status: int = 200, total: int | None = None) -> HttpResponse:
    """Return data that a shape has made as a response.

    Args:
        total: for a list, the number of items before paging.
    """
    body = orjson.dumps(data, default=_plain, option=orjson.OPT_PASSTHROUGH_DATETIME)
    response = HttpResponse(body, status=status, content_type="application/json")
    response["Cache-Control"] = "no-store"
    if total is not None:
        response[TOTAL] = str(total)
    return response


def without_body(response: HttpResponseBase) -> HttpResponse:
    """Return the response to HEAD: the GET's status, headers and Content-Length, without a body."""
    bare = HttpResponse(status=response.status_code, headers=dict(response.items()))
    if isinstance(response, HttpResponse) and "Content-Length" not in response:
        bare["Content-Length"] = str(len(response.content))
    if isinstance(response, FileResponse) and response.file_to_stream is not None:
        # Nobody will read the body. Closing the response itself would end the request here.
        response.file_to_stream.close()
    return bare


def described(document: Any) -> bytes:
    """Serialize an OpenAPI document; its status codes are numbers, which JSON needs as strings."""
    return orjson.dumps(document, default=_plain, option=orjson.OPT_NON_STR_KEYS)


def without_content(response: HttpResponseBase) -> HttpResponseBase:
    """Reduce a response to its `id`, for a caller who may change something but not read it.

    For a list, each item is reduced to its `id`. An object without one reveals nothing about a
    record (a count of what was ended, a token) and stays as it is.
    """
    if not isinstance(response, HttpResponse) or response.status_code >= 300:
        return response
    told = orjson.loads(response.content)
    response.content = orjson.dumps(_number_of(told))
    return response


def _number_of(told: Any) -> Any:
    if isinstance(told, list):
        return [_number_of(one) for one in told]
    return {"id": told["id"]} if isinstance(told, dict) and "id" in told else told


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return clock.iso(value)
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)
