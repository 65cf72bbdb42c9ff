"""Anything sent to every route of the API, as applications of every set of scopes and as users.

What is sent is made of the documents themselves: the names that a route takes, with the numbers of
real things and with whatever else comes to hand. No answer is a mistake of the program or outside
of what the document says of it, and what is not the caller's stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custode.accounts import moves as account_moves
from custode.accounts.models import Account
from custode.api.simple import simple
from custode.api.v2 import api
from custode.exchange.webhooks.models import Webhook
from custode.fields.models import DefaultField
from custode.guard import log
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry, PrivacySetting, TrashEntry
from custode.kernel import scope
from custode.kernel.actor import Scope
from custode.leads.models import Lead, Step
from custode.people.models import Team, User
from custode.signin.api_keys.models import ApiKey
from tests.api.calling import Caller, key_for, token_for
from tests.api.test_document import NUMBERS
from tests.cast import Cast
from tests.exchange.webhooks.made import a_delivery
from tests.proof.fuzzing import examples, forgotten
from tests.proof.test_fuzz_of_forms import WORDS, guarded, meant, of_others, things

pytestmark = [pytest.mark.proof, pytest.mark.django_db]

DOCUMENTS = (api.document("/api/v2/"), simple.document("/api/simple/"))
MORE = [
    "2026-11-26 10:00:00",
    "2026-11-26T10:00:00.000Z", "9999-12-31T23:59:59Z", "0001-01-01", "asc",
    "desc", "last_update", "lead.creation", "url", "email", "as_left", "#", "lead:1", "key:1",
    "a,b",
    "Company", "export:lead", "many", "done", "past", "private",
    '[["A"],["b"]]', '{"City": "x"}', "nobody",
]  # fmt: skip
HOMES = {
    "leads": "leads", "clients": "clients", "spreadsheets": "prospecting", "rows": "prospects",
    "users": "admin-panel/users", "follow_ups": "processes", "trash": "trash",
    "sensitive_actions": "security/actions", "exports": "exports", "fields": "admin-panel/fields",
    "steps": "admin-panel/steps", "pipelines": "admin-panel/pipelines", "emails": "emails",
}  # fmt: skip
"""Under which name the numbers of real things are kept that belong into an address."""
SETS = [some for n in range(1, 6) for some in combinations([one.value for one in Scope], n)]


@dataclass(frozen=True)
class Route:
    """A route as its document tells of it: its address, and the names that it takes."""

    method: str
    path: str
    query: tuple[str, ...]
    body: tuple[str, ...]
    example: Any


def routes() -> list[Route]:
    """All routes of both documents."""
    found = []
    for document in DOCUMENTS:
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                told = operation.get("parameters", [])
                query = tuple(one["name"] for one in told if one["in"] == "query")
                content = operation.get("requestBody", {}).get("content", {})
                example = content.get("application/json", {}).get("example")
                names = names_of(document, operation)
                found.append(Route(method.upper(), path, query, names, example))
    return found


def names_of(document: Any, operation: Any) -> tuple[str, ...]:
    """The names that a route's body has."""
    content = operation.get("requestBody", {}).get("content", {})
    names: set[str] = set()
    for one in content.values():
        schema = one["schema"]
        if "$ref" in schema:
            schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        names.update(schema.get("properties", {}))
    return tuple(sorted(names))


ROUTES = routes()
numbers = st.integers(0, 30).map(lambda n: f"#{n}")
words = st.one_of(numbers, st.sampled_from(WORDS + MORE), st.text(max_size=8))
plain = st.one_of(words, words, st.none(), st.booleans(), st.integers(-2, 2**70), st.floats())
values = st.one_of(
    plain, plain, st.lists(plain, max_size=3), st.lists(st.lists(plain, max_size=3), max_size=3),
    st.dictionaries(words, plain, max_size=3),
)  # fmt: skip


@st.composite
def requests(draw: Any) -> tuple[int, Route, list[str], dict[str, str], Any]:
    """Who, by which route, with which numbers in its address, saying what."""
    route = draw(st.sampled_from(ROUTES))
    near = numbers.map(lambda n: f"@{n[1:]}")
    places = [draw(draw(st.sampled_from([near, near, near, numbers, words]))) for _n in range(3)]
    query = {name: draw(words) for name in route.query if draw(st.integers(0, 2)) == 0}
    body: Any = {name: draw(values) for name in route.body if draw(st.integers(0, 3))}
    if route.example and draw(st.integers(0, 3)):
        # As the document shows it, with one thing or another told differently.
        shown = plausible(route.example, draw(numbers))
        odd = {name: value for name, value in body.items() if draw(st.integers(0, 5)) == 0}
        body = shown | odd if isinstance(shown, dict) else shown
    if draw(st.integers(0, 12)) == 0:
        body = draw(st.one_of(values, st.binary(max_size=12)))
    return draw(st.integers(0, 200)), route, places, query, body


def plausible(shown: Any, number: str, name: str = "") -> Any:
    """An example of the document, with the number of a real thing where one belongs."""
    if isinstance(shown, dict):
        return {key: plausible(value, number, key) for key, value in shown.items()}
    if isinstance(shown, list):
        return [plausible(one, number, name) for one in shown]
    return number if name in NUMBERS else shown


Watch = Callable[[], Any]


def settings_of(account_id: int) -> dict[str, Any]:
    """What only admins set."""
    with scope.account(account_id):
        return {
            "users": list(
                User.objects.order_by("pk").values_list("pk", "role", "disabled_at", "email")
            ),
            "teams": list(Team.objects.order_by("pk").values()),
            "rules": list(PrivacySetting.objects.values_list("verb", "kind", "ticked")),
            "account": Account.objects.values().get(pk=account_id),
            "fields": list(DefaultField.objects.order_by("pk").values()),
            "steps": list(Step.objects.order_by("pk").values_list("pk", "name")),
            "webhooks": list(Webhook.objects.order_by("pk").values()),
            "purged": list(TrashEntry.objects.filter(state="purged").values_list("pk")),
        }


def leads_of(account_id: int) -> list[Any]:
    """All leads of an account."""
    with scope.account(account_id):
        return list(Lead.with_trashed.order_by("pk").values())


def all_of(account_id: int) -> dict[str, Any]:
    """What nobody of another account may touch, or see come."""
    with scope.account(account_id):
        told = {
            "keys": list(ApiKey.objects.order_by("pk").values_list("pk", "revoked_at")),
            "log": LogEntry.objects.count(),
        }
    return {**told, **settings_of(account_id), "leads": leads_of(account_id)}


def callers(cast: Cast) -> list[tuple[Caller, Watch]]:
    """Applications of every set of scopes and users, each with what it must leave as it is."""
    ferri, lodi = cast.ferri.account, cast.lodi.account
    elsewhere, theirs = partial(all_of, lodi.pk), of_others(cast)

    def watch(scopes: tuple[str, ...]) -> dict[str, Any]:
        found: dict[str, Any] = {"elsewhere": elsewhere()}
        if "admin" not in scopes or "write" not in scopes:
            found["settings"] = settings_of(ferri.pk) | {"purged": 0}
        if not {"write", "delete"} & set(scopes):
            found["leads"] = leads_of(ferri.pk)
        return found

    found: list[tuple[Caller, Watch]] = [
        (Caller(key=key_for(ferri, *scopes)), partial(watch, scopes)) for scopes in SETS
    ]
    # The rules hold for Ugo; those who may everything are the others' to fear.
    found += [
        (Caller(token=token_for(cast.ugo)), lambda: (elsewhere(), guarded(cast, theirs)))
    ] * 12
    found += [(Caller(token=token_for(cast.bruna)), lambda: (elsewhere(), settings_of(ferri.pk)))]
    found += [(Caller(token=token_for(cast.anna)), elsewhere)] * 4
    found += [
        (Caller(token=token_for(cast.carla)), partial(all_of, ferri.pk)),
        (Caller(key=key_for(lodi)), partial(all_of, ferri.pk)),
        (Caller(), lambda: (elsewhere(), all_of(ferri.pk))),
    ] * 3
    return found


def filled(value: Any, real: dict[str, list[int]]) -> Any:
    """What is sent for a value drawn."""
    if isinstance(value, str):
        return meant(value, real)
    if isinstance(value, list):
        return [filled(one, real) for one in value]
    if isinstance(value, dict):
        return {filled(name, real): filled(one, real) for name, one in value.items()}
    return value


def address(route: Route, places: list[str], real: dict[str, list[int]]) -> str:
    """A route's address with something at each of its places: `@2` is one of what belongs there."""
    told = iter(places)
    home = HOMES.get(route.path.split("/")[3], "")

    def at(place: str) -> str:
        near = {home: real[home]} if home in real else real
        return meant(f"#{place[1:]}", near) if place[:1] == "@" else meant(place, real)

    parts = [
        (at(next(told)).replace("/", "").replace("\x00", "") or "0")
        if part.startswith("{") else part
        for part in route.path.split("/")
    ]  # fmt: skip
    return "/".join(part.replace("?", "").replace("#", "").replace("%", "") for part in parts)


def test_no_route_breaks_and_no_caller_reaches_what_is_not_theirs(
    ferri: Cast, tmp_path: Path, settings: Any
) -> None:
    settings.DATA = tmp_path
    settings.API_HOURLY = settings.API_HOURLY_ACCOUNT = 10**7
    real = {
        **things(ferri),
        **{k: [v] for k, v in a_delivery(ferri, ferri.lead(ferri.ugo)).items()},
    }
    for verb in ("export", "delete"):
        for kind in ("lead", "client_folder", "prospecting_list"):
            account_moves.set_privacy(ferri.actor(ferri.anna), Verb(verb), kind, True)
    for kind in ("comment", "process"):
        account_moves.set_privacy(ferri.actor(ferri.anna), Verb.DELETE, kind, True)
    everybody = callers(ferri)
    seen: dict[int, int] = {}

    @examples(650)
    @given(st.lists(requests(), min_size=1, max_size=5))
    def a_while(tried: list[tuple[int, Route, list[str], dict[str, str], Any]]) -> None:
        with forgotten():
            for who, route, places, query, body in tried:
                caller, watch = everybody[who % len(everybody)]
                before = watch()
                answer = caller.call(
                    route.method, address(route, places, real),
                    filled(body, real) if body or route.body else None,
                    query=filled(query, real),
                )  # fmt: skip
                seen[answer.status] = seen.get(answer.status, 0) + 1
                assert answer.status < 500, (route, places, query, body)
                assert watch() == before, (caller.headers, route, places, query, body)
            assert list(log.verify(ferri.ferri.account.pk)) == []

    a_while()
    print(f"fuzz of the API: {sum(seen.values())} requests {dict(sorted(seen.items()))}")
    assert seen[200] > 200
    assert seen[201] > 15, "what is made"
    assert seen[403] > 100
