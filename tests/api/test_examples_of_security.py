"""The examples of the document about the account's security are run, and each route has one."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from string import Template
from typing import Any

import pytest

from custode.exchange import making
from custode.guard import door
from custode.kernel import scope
from custode.signin.models import Session
from tests.api.calling import Caller, token_for
from tests.api.routes_of_security import LINES
from tests.cast import Cast
from tools.paths import ROOT

PAGE = (ROOT / "docs" / "api-security.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^    (curl .+)$", PAGE, re.MULTILINE)


@dataclass(frozen=True)
class Command:
    """What an example would have curl do."""

    method: str
    path: str
    body: str | None
    headers: tuple[str, ...]


def read(text: str) -> Command:
    """An example taken apart; what is not known of curl here fails."""
    words = shlex.split(text)[1:]
    method, body, headers, paths = "GET", None, [], []
    while words:
        word = words.pop(0)
        if word == "-X":
            method = words.pop(0)
        elif word == "-d":
            body = words.pop(0)
        elif word == "-H":
            headers.append(words.pop(0))
        elif word not in {"-O", "-J"}:
            assert not word.startswith("-"), word
            paths.append(word)
    (path,) = paths
    return Command(method, path.removeprefix("$URL"), body, tuple(headers))


@pytest.fixture
def world(people: Cast, app: Any) -> dict[str, str]:
    """What the examples speak of."""
    gone = people.lead(people.ugo, "Printer")
    people.lead(people.ugo, "Scanner")
    act = door.delete(people.actor(people.ugo), [gone])
    token_for(people.ugo)
    key = app(name="Zapp").key
    begun = Caller(key=key).post("/exports", {"kind": "lead"}).json["id"]
    making.make(people.ferri.account.pk, begun)
    with scope.account(people.ferri.account.pk):
        return {
            "KEY": key, "GONE": str(gone.pk), "ACT": str(act.seq), "EXPORT": str(begun),
            "ENTRY": str(act.entry.pk if act.entry else 0),
            "SESSION": str(Session.objects.latest("pk").pk),
        }  # fmt: skip


@pytest.mark.parametrize("text", EXAMPLES)
def test_an_example_does_what_it_says(text: str, world: dict[str, str]):
    command = read(text)
    filled = [Template(one).substitute(world) for one in (command.path, *command.headers)]
    headers = dict(header.split(": ", 1) for header in filled[1:])
    body = None if command.body is None else Template(command.body).substitute(world)
    # So curl sends what `-d` has.
    kind = "application/x-www-form-urlencoded" if body else ""
    answer = Caller(**headers).call(command.method, filled[0], body, kind=kind)
    assert answer.status == (201 if command.path == "/exports" and body else 200), answer.content


def test_every_route_has_an_example():
    def plain(method: str, path: str) -> tuple[str, str]:
        return method, re.sub(r"\{\w+\}|\$\w+|export:lead", "{}", path.partition("?")[0])

    told = {plain(one.method, one.path) for one in map(read, EXAMPLES)}
    assert told == {plain(line.method, line.path) for line in LINES}
