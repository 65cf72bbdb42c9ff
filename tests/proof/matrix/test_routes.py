"""Every address × way of asking × role × edition × rule: the answer, and the entries in the log.

The answers are the tables of `routes_of_work` and `routes_of_order`, written by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponseBase
from django.test import Client

from custode.kernel import scope
from tests.cast import Cast
from tests.house.tally import Tally
from tests.proof.matrix import routes_of_order, routes_of_work
from tests.proof.matrix.sent import path_of, sent_to
from tests.proof.matrix.table import Route, read
from tests.proof.matrix.things import things
from tests.proof.matrix.world import (
    EDITIONS,
    ROLES,
    RULES,
    People,
    entries_since,
    gathered,
    last_entry,
    settle,
    taken_back,
)

pytestmark = [pytest.mark.proof, pytest.mark.dealt, pytest.mark.django_db]

TABLES = {**routes_of_work.TABLES, **routes_of_order.TABLES}
NOBODY = "signed out"


class Browsers:
    """A browser of each role."""

    def __init__(self, people: People) -> None:
        self._of = {role: Client() for role in ROLES}
        with scope.everywhere("a test signs in"):
            for role in ROLES[:-1]:
                self._of[role].force_login(people.by_role[role])

    def ask(self, role: str, method: str, path: str, sent: dict[str, Any]) -> Any:
        """Ask for a page, or send a form; what is streamed is read to its end."""
        browser = self._of[role]
        cookies = dict(browser.cookies)
        answer = browser.get(path) if method == "get" else browser.post(path, **sent)
        if answer.streaming:
            b"".join(answer)
        # Whoever signed out, or got another cookie, is as before for the next question.
        browser.cookies.clear()
        browser.cookies.update(cookies)
        return answer


def letter(answer: HttpResponseBase) -> str:
    """An answer in one of the tables' letters."""
    status = answer.status_code
    if status in {301, 302, 303}:
        return "s" if answer.headers["Location"].startswith("/sign-in/?") else ">"
    exact = {403: "n", 404: "0", 405: "-"}
    return exact.get(status, "y" if status < 300 else "i" if 400 <= status < 500 else str(status))


@contextmanager
def kept(data: Path) -> Iterator[None]:
    """Files that an act removed are there again: only rows are rolled back by themselves."""
    there = {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}
    yield
    for path, content in there.items():
        if not path.exists():
            path.write_bytes(content)


def cells(route: Route) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """What is tried at an address in one edition: way of asking, role, and which rules hold."""
    for role in ROLES:
        yield "get" if route.acts == "post" else "post", role, ()
        if route.rules:
            # Each rule by itself: one must not stand for another.
            for rule in RULES:
                yield route.acts, role, (rule,)
        yield route.acts, role, ()
        yield route.acts, role, RULES


def wrong(
    people: People, browsers: Browsers, numbers: dict[str, Any], route: Route, edition: str,
    cell: tuple[str, str, tuple[str, ...]],
) -> str:  # fmt: skip
    """Try one cell; "" when answer and log are as the table says."""
    method, role, rules = cell
    wanted = route.letter(method, role, edition, rules)
    before = last_entry()
    path = path_of(route.address, numbers)
    who = None if role in {NOBODY, "other account's admin"} else people.by_role[role]
    answer = browsers.ask(role, method, path, sent_to(route.address, numbers))
    told = entries_since(before, actor=who)
    tells = [] if who is None or method != route.acts else (
        {"y": route.told, "n": route.refusal}.get(wanted, [])
    )  # fmt: skip
    says = letter(answer)
    fits = says == wanted or (method == "post" and wanted == "y" and says == ">")
    if fits and told == tells:
        return ""
    ticked = "all rules" if len(rules) > 1 else rules[0] if rules else "no rule"
    place = f"{method.upper()} /{route.address} × {role} × {edition} × {ticked}"
    return f"{place}: {wanted} {tells}, but was {says} ({answer.status_code}) {told}"


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("table", TABLES)
def test_every_address_answers_as_the_table_says(
    ferri: Cast, tmp_path: Path, settings: Any, matrix: Tally, table: str, edition: str
) -> None:
    settings.DATA = settings.MEDIA_ROOT = tmp_path
    people = gathered(ferri)
    numbers, browsers = things(people), Browsers(people)
    tried, found = 0, []
    routes = read(TABLES[table])
    for rules in sorted({rules for route in routes for _, _, rules in cells(route)}):
        with taken_back():
            settle(people, edition, rules)
            for route in routes:
                for cell in cells(route):
                    if cell[2] != rules:
                        continue
                    tried += 1
                    with taken_back(), kept(tmp_path):
                        found.append(wrong(people, browsers, numbers, route, edition, cell))
    found = [one for one in found if one]
    matrix.count(tried, len(found))
    assert not found, f"{len(found)} of {tried}\n" + "\n".join(found)
