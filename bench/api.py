"""The API compared with a bare view: the same leads by the same query, as the same bytes.

Both go through a real WSGI handler, without a network. The bare view does not authenticate, count
requests, check or log anything; it has no middleware.
"""

from __future__ import annotations

import io
import statistics
from collections.abc import Callable
from functools import partial
from typing import Any

import orjson
from django.core import signals
from django.core.handlers.wsgi import WSGIHandler
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.test.client import RequestFactory
from django.urls import path

from bench.ground import company, database, seconds
from bench.judging import judging
from custode.api.answers import answer
from custode.api.v2.shapes import leads as shapes
from custode.kernel import scope
from custode.kernel.actor import Actor, Scope
from custode.leads import queries
from custode.leads.models import Lead, Step
from custode.signin.api_keys import moves as keys

LEADS, PAGE, ROUNDS = 10_000, 50, 300
NEW = {"title": "Fornitura", "description": "Telefono: +39 02 1234567\nCittà: Forlì"}
FREE = {"API_HOURLY": 10**9, "API_HOURLY_ACCOUNT": 10**9}
_here: dict[str, Any] = {}
"""The operator and the first step, for the bare views."""


def listed(_request: HttpRequest) -> HttpResponse:
    """Return a page of leads."""
    actor: Actor = _here["actor"]
    with scope.account(actor.account_id):
        return answer(shapes.many(queries.visible(actor).order_by("-pk")[:PAGE]), total=LEADS)


def one(_request: HttpRequest, pk: int) -> HttpResponse:
    """Return one lead."""
    actor: Actor = _here["actor"]
    with scope.account(actor.account_id):
        return answer(shapes.one(actor, pk))


def made(request: HttpRequest) -> HttpResponse:
    """Create a lead, and return it as it is in the database."""
    actor, step = _here["actor"], _here["step"]
    with scope.account(actor.account_id):
        lead = Lead(account_id=actor.account_id, step=step, **orjson.loads(request.body))
        lead.save(force_insert=True)
        return answer(shapes.one(actor, lead.pk), status=201)


urlpatterns = [path("leads", listed), path("leads/<int:pk>", one), path("new", made)]


class Bare(WSGIHandler):
    """Django's handler with the views above and no middleware."""

    def resolve_request(self, request: Any) -> Any:
        """Return the bare view."""
        request.urlconf = __name__
        return super().resolve_request(request)


def main() -> None:
    """Judge each kind of request as a fraction of the bare view's rate."""
    # As behind a server that keeps its connections to the database.
    for signal in (signals.request_started, signals.request_finished):
        signal.disconnect(close_old_connections)
    with database(), judging() as judge, override_settings(**FREE):
        actor, steps = company(LEADS)
        key = _key(actor, steps[0])
        real = WSGIHandler()
        with override_settings(MIDDLEWARE=[]):
            bare = Bare()
        with scope.account(actor.account_id):
            pk = Lead.objects.latest("pk").pk
        body = orjson.dumps(NEW)
        for what, ours, theirs, told, limit in (
            ("a list of 50 leads", f"/api/v2/leads?limit={PAGE}", "/leads", b"", 0.5),
            ("one lead", f"/api/v2/leads/{pk}", f"/leads/{pk}", b"", 0.5),
            ("creation", "/api/v2/leads", "/new", body, 0.4),
        ):
            asked = partial(_ask, real, ours, told, key), partial(_ask, bare, theirs, told, "")
            if not told and asked[0]() != asked[1]():
                raise RuntimeError(f"{what}: not the same bytes")
            rates = _rates(*asked)
            print(f"{what}: {rates[0]:.0f} requests/s by the API, {rates[1]:.0f} by a bare view")
            judge.at_least(f"{what}, as part of the rate", rates[0] / rates[1], limit)


def _key(actor: Actor, step: Step) -> str:
    _here.update(actor=actor, step=step)
    with scope.account(actor.account_id):
        _row, text = keys.make(actor, "Bench", [Scope.READ, Scope.WRITE])
    return text


def _ask(handler: WSGIHandler, address: str, body: bytes, key: str) -> bytes:
    """Send a request and read the response to its last byte."""
    factory = RequestFactory(headers={"X-API-KEY": key} if key else {})
    method = "POST" if body else "GET"
    made = factory.generic(method, address, body, content_type="application/json")
    environ = {**made.environ, "wsgi.input": io.BytesIO(body)}
    told: list[Any] = []

    def begin(status: str, _headers: Any, _wrong: Any = None, /) -> Callable[[bytes], object]:
        """Start the response."""
        told.append(status)
        return told.append

    response = handler(environ, begin)
    content = b"".join(response)
    response.close()
    if not told[0].startswith("20"):
        raise RuntimeError(f"{address}: {told[0]} {content[:200]!r}")
    return content


def _rates(ours: Callable[[], object], bare: Callable[[], object]) -> tuple[float, float]:
    """Return the requests per second of both, called in turn, by the median of single ones."""
    times: tuple[list[float], list[float]] = ([], [])
    for _round in range(ROUNDS + 20):
        for ask, kept in zip((ours, bare), times, strict=True):
            kept.append(seconds(ask))
    # The first rounds are for what is computed only once.
    return 1 / statistics.median(times[0][20:]), 1 / statistics.median(times[1][20:])


if __name__ == "__main__":
    main()
