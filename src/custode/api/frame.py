"""The frame that all routes stand in: who may call them, how errors look, what the document says.

`api = Frame(...)` is made once in `v2`; a file of routes makes a `Router` and is added there.
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
from custode.api.takes import scopes_of
from custode.guard import policy, scraping
from custode.kernel.actor import Scope
from custode.kernel.errors import Refused

Route = Callable[..., HttpResponseBase]
R = TypeVar("R", bound=Route)


class Number:
    """A row's number in an address: what no database takes is nothing that is there."""

    regex = "[0-9]{1,18}"

    def to_python(self, text: str) -> int:
        """The number."""
        return int(text)

    def to_url(self, number: int) -> str:
        """Its text."""
        return str(number)


register_converter(Number, "id")


class ByKey(APIKeyHeader):
    """An application, by its key."""

    param_name = "X-API-KEY"

    def authenticate(self, request: HttpRequest, key: str | None) -> Caller | None:
        """Who calls, as the entrance has found out; None when nobody came in there."""
        return getattr(request, "caller", None)


class ByToken(ByKey):
    """A user's program, by a token of `/auth/login`."""

    param_name = "X-USER-TOKEN"


def the_door_decides(route: R) -> R:
    """Mark a route whose act passes the door: it refuses, and logs that it did.

    Deleting is such an act always. Everything else that is not a GET takes the scope `write`.
    """
    route.needs = None  # type: ignore[attr-defined]  # the mark itself
    return route


def any_key(route: R) -> R:
    """Mark a route that shows and changes nothing of the account."""
    route.needs = None  # type: ignore[attr-defined]  # the mark itself
    return route


def needs(scope: Scope) -> Callable[[R], R]:
    """Mark a route that takes another scope than its method says (a GET that changes something)."""

    def mark(route: R) -> R:
        route.needs = scope  # type: ignore[attr-defined]  # the mark itself
        return route

    return mark


def by_key_only(route: R) -> R:
    """Mark a route that takes an application's key, and no user's token."""
    route.by_key_only = True  # type: ignore[attr-defined]  # the mark itself
    return route


def scope_of(route: Route, method: str) -> Scope | None:
    """The scope that a route takes before it is asked anything; None when the door decides."""
    usual = {"GET": Scope.READ, "DELETE": None}.get(method, Scope.WRITE)
    return getattr(route, "needs", usual)


def _sees(caller: Caller, method: str, scope: Scope | None) -> bool:
    """Whether the caller is told what an answer says besides a number.

    Whoever decides about the act, the door or the gate: what an act answers is read by `read`
    alone. Of the GETs that take another scope, only those of exports show what theirs is for.
    """
    shows = method == "GET" and scope in {Scope.READ, Scope.EXPORT}
    return shows or caller.actor.has(Scope.READ)


def _watched(
    caller: Caller, scope: Scope | None, do: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    """An answer, unless it tells more than a program may read in an hour.

    Raises:
        Refused: it does, and nothing was asked for but that.
    """
    done = None
    try:
        with scraping.watching(caller.actor):
            done = do()
    except Refused:
        if done is None or scope is Scope.READ:
            raise
        # The act is done: what became of it is told by its number.
        return without_content(done)
    return done


def _gate(run: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Before a route looks at its parameters: is the caller's key good for it?"""
    operation: Operation = run.__self__  # type: ignore[attr-defined]  # a bound method, says ninja
    route, method = operation.view_func, operation.methods[0]

    @wraps(run)
    def gated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        caller: Caller | None = getattr(request, "caller", None)
        if caller is not None:
            try:
                if getattr(route, "by_key_only", False) and caller.key is None:
                    raise not_an_api_key()
                if (scope := scope_of(route, method)) is not None:
                    policy.require_scope(caller.actor, scope)
                # Behind the gate: what was answered once is not for who may not ask it any more.
                done = _watched(
                    caller, scope, lambda: once.answered_once(
                        request, caller, lambda _: run(request, *args, **kwargs)
                    )
                )  # fmt: skip
                return done if _sees(caller, method, scope) else without_content(done)
            except Exception as error:  # noqa: BLE001 (every error is told as JSON, in one place)
                return answered(request, error)
        return run(request, *args, **kwargs)

    return gated


class Frame(NinjaAPI):
    """ninja's, with our errors, our parser and our document."""

    def __init__(self, **values: Any) -> None:
        super().__init__(
            parser=Lenient(), auth=[ByKey(), ByToken()], docs_url=None, openapi_url=None, **values
        )
        self.add_decorator(_gate, mode="view")
        self._documents: dict[str, OpenAPISchema] = {}
        self._routes: dict[str, Route] = {}
        self._texts: dict[str, bytes] = {}

    def on_exception(self, request: HttpRequest, exc: Any) -> Any:
        """Every error is told as JSON, in one place."""
        return answered(request, exc)

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The name of a route in the document, by which its marks are found again."""
        name = super().get_openapi_operation_id(operation)
        self._routes[name] = operation.view_func
        return name

    def document(self, prefix: str) -> OpenAPISchema:
        """The description of all routes (OpenAPI 3.1): with scopes, examples and errors."""
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
        """The same as JSON, made once: everybody may ask for it."""
        if prefix not in self._texts:
            self._texts[prefix] = described(self.document(prefix))
        return self._texts[prefix]
