"""The framework around all routes: who may call them, how errors look, and the OpenAPI document.

`api = Frame(...)` is made once in `v2`; a module of routes makes a `Router`, which is added there.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import register_converter
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.security import APIKeyHeader

from custode.api import document, once
from custode.api.answers import described, without_content
from custode.api.bodies import Lenient
from custode.api.calls import Caller
from custode.api.errors import answered, not_an_api_key
from custode.api.required_scopes import scopes_of
from custode.guard import policy, scraping
from custode.kernel.actor import Scope
from custode.kernel.errors import Refused

Route = Callable[..., HttpResponseBase]
R = TypeVar("R", bound=Route)


class Number:
    """A path converter for row numbers; a number too large for the database matches no row."""

    regex = "[0-9]{1,18}"

    def to_python(self, text: str) -> int:
        """Return the number."""
        return int(text)

    def to_url(self, number: int) -> str:
        """Return the number as text."""
        return str(number)


register_converter(Number, "id")


class ByKey(APIKeyHeader):
    """Authentication of an application by its key."""

    param_name = "X-API-KEY"

    def authenticate(self, request: HttpRequest, key: str | None) -> Caller | None:
        """Return the caller whom the entrance identified; None if there is none."""
        return getattr(request, "caller", None)


class ByToken(ByKey):
    """Authentication of a user's program by a token of `/auth/login`."""

    param_name = "X-USER-TOKEN"


def the_door_decides(route: R) -> R:
    """Mark a route whose act passes the door, which refuses and logs refusals.

    Deleting always does. All other routes except GETs need the scope `write`.
    """
    route.needs = None  # type: ignore[attr-defined]  # the mark itself
    return route


def any_key(route: R) -> R:
    """Mark a route that neither shows nor changes anything of the account."""
    route.needs = None  # type: ignore[attr-defined]  # the mark itself
    return route


def needs(scope: Scope) -> Callable[[R], R]:
    """Mark a route that needs another scope than its method implies (a GET that changes data)."""

    def mark(route: R) -> R:
        """Mark one route with the scope."""
        route.needs = scope  # type: ignore[attr-defined]  # the mark itself
        return route

    return mark


def by_key_only(route: R) -> R:
    """Mark a route that accepts an application's key but no user's token."""
    route.by_key_only = True  # type: ignore[attr-defined]  # the mark itself
    return route


def scope_of(route: Route, method: str) -> Scope | None:
    """Return the scope that a route checks before it runs; None if the door decides."""
    usual = {"GET": Scope.READ, "DELETE": None}.get(method, Scope.WRITE)
    return getattr(route, "needs", usual)


def _sees(caller: Caller, method: str, scope: Scope | None) -> bool:
    """Tell whether the caller may see more of a response than an `id`.

    Whether the door or the gate decides about the act, reading its response takes the scope `read`.
    Of the GETs that need another scope, only those of exports show what their scope is for.
    """
    shows = method == "GET" and scope in {Scope.READ, Scope.EXPORT}
    return shows or caller.actor.has(Scope.READ)


def _watched(
    caller: Caller, scope: Scope | None, do: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    """Return the response, unless the program would thereby read more than it may in an hour.

    Raises:
        Refused: it would, and the request was only for reading.
    """
    done = None
    try:
        with scraping.watching(caller.actor):
            done = do()
    except Refused:
        if done is None or scope is Scope.READ:
            raise
        # The act is done: only the number of its result is told.
        return without_content(done)
    return done


def _gate(run: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Check whether the caller's key may use a route before the route's parameters are read."""
    operation: Operation = run.__self__  # type: ignore[attr-defined]  # a bound method, says ninja
    route, method = operation.view_func, operation.methods[0]

    @wraps(run)
    def gated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Run the route if the caller may use it; reduce the response if they may not read it."""
        caller: Caller | None = getattr(request, "caller", None)
        if caller is not None:
            try:
                if getattr(route, "by_key_only", False) and caller.key is None:
                    raise not_an_api_key()
                if (scope := scope_of(route, method)) is not None:
                    policy.require_scope(caller.actor, scope)
                # Behind the gate: a stored response is not for a caller who has lost the right to
                # it. What is stored is what went out, and what goes out again is cut again.
                is_all = _sees(caller, method, scope)

                def do() -> HttpResponseBase:
                    """Run the route, and cut from its response what is not for the caller."""
                    done = _watched(caller, scope, lambda: run(request, *args, **kwargs))
                    return done if is_all else without_content(done)

                done = once.answered_once(request, caller, do)
                return done if is_all else without_content(done)
            except Exception as error:  # noqa: BLE001 (every error is told as JSON, in one place)
                return answered(request, error)
        return run(request, *args, **kwargs)

    return gated


class Frame(NinjaAPI):
    """ninja's API class with Custode's errors, parser and document."""

    def __init__(self, **values: Any) -> None:
        super().__init__(
            parser=Lenient(), auth=[ByKey(), ByToken()], docs_url=None, openapi_url=None, **values
        )
        self.add_decorator(_gate, mode="view")
        self._documents: dict[str, OpenAPISchema] = {}
        self._routes: dict[str, Route] = {}
        self._texts: dict[str, bytes] = {}

    def on_exception(self, request: HttpRequest, exc: Any) -> Any:
        """Turn every error into JSON, in one place."""
        return answered(request, exc)

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """Return the name of a route in the document, by which its marks are looked up."""
        name = super().get_openapi_operation_id(operation)
        self._routes[name] = operation.view_func
        return name

    def document(self, prefix: str) -> OpenAPISchema:
        """Return the OpenAPI 3.1 description of all routes, with scopes, examples and errors."""
        if prefix not in self._documents:
            schema = self.get_openapi_schema(path_prefix=prefix.strip("/") + "/")
            for path, method, operation in document.operations(schema):
                route = self._routes[operation["operationId"]]
                operation["x-scopes"] = scopes_of(
                    scope_of(route, method), method, path.removeprefix(prefix.rstrip("/"))
                )
                if getattr(route, "by_key_only", False):
                    operation["security"] = [{ByKey.__name__: []}]
            document.complete(schema, prefix)
            self._documents[prefix] = schema
        return self._documents[prefix]

    def text(self, prefix: str) -> bytes:
        """Return the document as JSON; made only once, because anybody may ask for it."""
        if prefix not in self._texts:
            self._texts[prefix] = described(self.document(prefix))
        return self._texts[prefix]
