"""The sheet of a prospecting list with 50,000 rows, compared with one of 1,000 rows.

Both are in the same account. What somebody working in it waits for (the cells of a part, others'
changes, a cell saved, 500 rows pasted) must not take longer because the list is long. Its order,
requested once when it is opened, sorted or filtered, is only reported.
"""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

from django.test import Client

from bench.ground import company, database, seconds
from bench.judging import judging
from custode.kernel import scope
from custode.kernel.actor import Actor, Entrance
from custode.people import moves as people_moves
from custode.prospecting import columns, moves, sheet
from custode.prospecting.models import Prospect, ProspectingList

FEW, MANY = 1_000, 50_000
ROUNDS = 40
PASTED = 500
LIMIT = 0.7
"""The minimum rate at many rows, as a fraction of the rate at few."""
COLUMNS = ("Company", "City", "E-mail", "Phone")


@dataclass(frozen=True)
class Ground:
    """A list, with somebody's browser."""

    one: ProspectingList
    browser: Client
    ids: list[int]

    @property
    def url(self) -> str:
        """Return the address of its sheet."""
        return f"/prospecting/{self.one.pk}"

    def ask(self, query: str) -> None:
        """Request rows."""
        if self.browser.get(f"{self.url}/rows/?{query}").status_code != 200:
            raise RuntimeError(query)

    def save(self, rows: list[int], text: str) -> None:
        """Overwrite the second column of these rows with a text."""
        account = self.one.account_id
        with scope.account(account):
            column = columns.of(self.one)[1]
            there = dict(Prospect.objects.filter(pk__anyof=rows).values_list("pk", "cells"))
        edits = [[pk, column.pk, there[pk].get(column.key, ""), text] for pk in rows]
        body = json.dumps({"edits": edits, "rows": []})
        answer = self.browser.post(f"{self.url}/write/", body, content_type="application/json")
        if answer.status_code != 200 or len(answer.json()["saved"]) != len(rows):
            raise RuntimeError(answer.content[:200])


def main() -> None:
    """Judge what one waits for in a long list, compared with a short one."""
    with database(), judging() as judge:
        actor, _ = company(1)
        few, many = _grounds(actor)
        key = _second_column(many)
        print(f"{MANY:,} rows in order: {_once(lambda: many.ask('')):.2f} s;")
        print(f"  sorted by a column: {_once(lambda: many.ask(f'sort={key}')):.2f} s;")
        print(f"  filtered: {_once(lambda: many.ask(f'in-{key[1:]}=city')):.2f} s")
        for name, act in _acts().items():
            rates = [1 / statistics.median(times) for times in _in_turn(few, many, act)]
            print(f"{name}: {rates[0]:.1f}/s at {FEW:,} rows, {rates[1]:.1f}/s at {MANY:,}")
            judge.at_least(f"{name}, as part of the rate", rates[1] / rates[0], LIMIT)


def _acts() -> dict[str, Callable[[Ground], None]]:
    numbers = count(1)

    def window(ground: Ground) -> None:
        """Request the cells of a part."""
        middle = len(ground.ids) // 2
        ground.ask("ids=" + ".".join(map(str, ground.ids[middle : middle + 200])))

    def cell(ground: Ground) -> None:
        """Save a cell."""
        ground.save([ground.ids[next(numbers) % len(ground.ids)]], f"City {next(numbers)}")

    def paste(ground: Ground) -> None:
        """Paste rows."""
        ground.save(ground.ids[-PASTED:], f"Pasted {next(numbers)}")

    return {
        "The cells of 200 rows": window,
        "No news": lambda ground: ground.ask("since=2100-01-01T00:00:00%2B00:00"),
        "A cell saved": cell,
        f"{PASTED} rows pasted": paste,
    }


def _in_turn(
    few: Ground, many: Ground, act: Callable[[Ground], None]
) -> tuple[list[float], list[float]]:
    times: tuple[list[float], list[float]] = ([], [])
    for turn in range(ROUNDS + 1):
        for ground, kept in zip((few, many), times, strict=True):
            took = _once(lambda ground=ground: act(ground))  # type: ignore[misc]  # each its own
            if turn:
                kept.append(took)
    return times


def _once(act: Callable[[], None]) -> float:
    return seconds(act)


def _second_column(ground: Ground) -> str:
    with scope.account(ground.one.account_id):
        return columns.of(ground.one)[1].key


def _grounds(actor: Actor) -> tuple[Ground, Ground]:
    user = people_moves.create(actor, first_name="Bench", email="sheet@bench.example", role="admin")
    browser = Client()
    with scope.everywhere("the benchmark signs in"):
        browser.force_login(user)
    with scope.account(actor.account_id):
        worker = user.actor(Entrance.WEB)
        few, many = (_list(worker, rows) for rows in (FEW, MANY))
        return Ground(few, browser, _ids(few)), Ground(many, browser, _ids(many))


def _list(actor: Actor, rows: int) -> ProspectingList:
    one = moves.create(actor, f"{rows} rows", COLUMNS)
    numbers = [column.pk for column in columns.of(one)]
    for start in range(0, rows, 1_000):
        texts = [
            (f"Firm {n}", f"City {n % 97}", f"info@firm{n}.example", f"+39 0555 {n:06}")
            for n in range(start, start + 1_000)
        ]
        sheet.write(actor, one, rows=[dict(zip(numbers, row, strict=True)) for row in texts])
    return one


def _ids(one: ProspectingList) -> list[int]:
    rows = Prospect.objects.filter(in_list=one).order_by("place")
    return list(rows.values_list("pk", flat=True))


if __name__ == "__main__":
    main()
