"""The API's errors: all of them are turned into JSON here and nowhere else.

`type` is a word for programs and never changes; `message` is for people, in their language.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeVar

from django.core.exceptions import (
    BadRequest,
    ObjectDoesNotExist,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFilesSent,
)
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from ninja.errors import AuthenticationError, HttpError, ValidationError

from custode.api.answers import answer
from custode.kernel.errors import (
    CustodeError,
    Gone,
    Invalid,
    NothingLeft,
    ProofNeeded,
    Refused,
    TooMany,
)

MISSING: Final = "missing api_key or user token"
"""The reference's own wording, which programs check for: never translated."""
T = TypeVar("T")
_log = logging.getLogger(__name__)
_BECAUSE: Final = {"admins": "unauthorized_non_admin", "edition": "other_edition"}
"""The `type` of refusals because of a missing right, where it is not the usual one."""
_UNREADABLE: Final = (
    BadRequest, SuspiciousOperation, HttpError, UnicodeError, MultiPartParserError,
    UnreadablePostError,
)  # fmt: skip
"""Errors raised by requests that make no sense or are cut off."""


class Problem(CustodeError):
    """An error raised by the API itself.

    Args:
        status: the HTTP status.
        kind: the error's `type`.
        more: further members of the response.
    """

    def __init__(self, status: int, kind: str, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind
        self.more = more


class Unauthorized(Problem):
    """The error for a request without a valid key or token."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(401, kind, message)


def not_found() -> Problem:
    """Return the error for something that does not exist or that this caller may not see."""
    return Problem(404, "record_not_found", _("There is nothing here, or you may not see it."))


def or_404(found: T | None) -> T:
    """Return what was found; raise `Problem` (404) if it is None."""
    if found is None:
        raise not_found()
    return found


def not_an_api_key() -> Unauthorized:
    """Return the error for a user's token where only an application's key is accepted."""
    return Unauthorized("not_api_key", _("This takes the API key of an application."))


def missing(name: str) -> Problem:
    """Return the error for a missing parameter."""
    message = _("The parameter “%(name)s” is missing.") % {"name": name}
    return Problem(422, "missing_parameter", message, field=name)


@contextmanager
def calling(**names: str) -> Iterator[None]:
    """Rename fields in validation errors to the program's parameters: `calling(sort="type")`.

    Args:
        names: the field's own name -> the parameter's.
    """
    try:
        yield
    except Invalid as error:
        error.field = names.get(error.field, error.field)
        raise


def answered(request: HttpRequest, error: Exception) -> HttpResponse:
    """Return the response to any error; an unforeseen one is logged and reveals nothing."""
    problem = _problem(error)
    if problem is None:
        _log.error("%s %s", request.method, request.path, exc_info=error)
        problem = Problem(500, "internal_error", _("Something went wrong on our side."))
    told = {"error": problem.status, "type": problem.kind, "message": str(problem)}
    response = answer({**told, **problem.more}, status=problem.status)
    if isinstance(error, TooMany):
        response["Retry-After"] = response["API-RETRY-AFTER"] = str(error.wait)
    return response


def _problem(error: Exception) -> Problem | None:
    """Return the `Problem` for an error; None if the error is a bug in Custode."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, Refused):
        return Problem(
            403, _refusal(error), error.why, **({"rule": error.rule} if error.rule else {})
        )
    if isinstance(error, Invalid):
        more = {"field": error.field} if error.field else {}
        return Problem(422, "invalid_parameter", str(error), **more)
    if isinstance(error, NothingLeft):
        return Problem(409, "nothing_to_undo", str(error))
    if isinstance(error, Gone | Http404 | ObjectDoesNotExist):
        return not_found()
    if isinstance(error, TooMany):
        return Problem(429, "too_many_requests", str(error))
    if isinstance(error, ProofNeeded):
        message = _(
            "Acts of this kind take a fresh sign-in: make a new token (/auth/login). For ten"
            " minutes it proves that it is you."
        )
        return Problem(403, "proof_needed", message)
    return _of_the_frame(error)


def _refusal(error: Refused) -> str:
    """Return the `type` of a refusal, according to the rule or the missing right."""
    because = str(error.facts.get("because", ""))
    if error.rule:
        return "refused_by_rule"
    if because in _BECAUSE:
        return _BECAUSE[because]
    return "missing_scope" if because.startswith("scope_") else "refused"


def _of_the_frame(error: Exception) -> Problem | None:
    if isinstance(error, ValidationError):
        return _invalid(error.errors[0] if error.errors else {})
    if isinstance(error, AuthenticationError):
        return Unauthorized("unauthorized_missing_token", MISSING)
    if isinstance(error, RequestDataTooBig | TooManyFilesSent):
        return Problem(413, "too_large", _("The request is too large."))
    if isinstance(error, _UNREADABLE):
        return Problem(400, "bad_request", _("What was sent could not be read."))
    return None


def _invalid(first: dict[str, Any]) -> Problem:
    """Return the error for the first invalid parameter, in words."""
    place = [str(part) for part in first.get("loc", ()) if not isinstance(part, int)]
    name = place[-1] if place else ""
    if first.get("type") == "missing":
        return missing(name)
    message = _("The parameter “%(name)s” cannot be taken: %(why)s") % {
        "name": name, "why": first.get("msg", ""),
    }  # fmt: skip
    return Problem(422, "invalid_parameter", message, field=name)
