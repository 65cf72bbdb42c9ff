"""How the tables of routes are written, and read.

Each line is one address:

    address | GET | POST | what the log tells | exceptions, one after the other

GET and POST are words of six letters, one for each role in the order of `world.ROLES`: admin,
manager of the owner, owner, colleague, another account's admin, signed out. The letters:

    y  it is done, or shown                n  refused: 403, and the log tells who tried what
    i  one may, but not so: 400 to 422     0  not found: 404
    >  led on to another page              s  led to the page for signing in
    -  this way of asking does not exist   *  as for the same person without this line's exception

An address may be tried in several ways: `leads/bulk/ (give)`, each with what `things` sends for it.
A word `-` alone stands for `-----s`: an address for forms only (GET), or for looking (POST). A `\\`
at the end of a line goes on with the next.
What the log tells is of whoever did it, one entry after the other with `, ` between; of who is
refused it tells `refused` with the verb and kind of the first of them, unless `no:` says otherwise
(`no: -` is an ordinary edit, whose refusal is no matter for the log). Exceptions:

    rule delete:lead ynnnis     the word while this rule is ticked, for the way that does it
    essentials ynnnis           the word for POST in Sales Essentials
    look essentials yyyyyy      the word for GET in Sales Essentials
    no: refused undo lead       what the log tells of a refusal
    all: >nnnns                 the word for POST while all rules are ticked: `>` changes nothing
    rests: ynnnis               the same in Sales Essentials, where they hold until they rest

In Sales Essentials, which has no teams, a manager is answered as a colleague is, where no exception
says otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from tests.proof.matrix.world import ROLES

LETTERS: Final = frozenset("yni0>s-*")
ALONE: Final = "-----s"
MANAGER, COLLEAGUE = ROLES.index("manager"), ROLES.index("colleague")


@dataclass(frozen=True)
class Route:
    """One line of a table."""

    address: str
    look: str
    send: str
    told: list[str]
    refusal: list[str]
    rules: dict[str, str] = field(default_factory=dict)
    essentials: str = ""
    look_essentials: str = ""
    all_ruled: str = ""
    resting: str = ""

    @property
    def where(self) -> str:
        """The address itself, in whichever way it is tried."""
        return self.address.partition(" (")[0]

    @property
    def acts(self) -> str:
        """By which way of asking it is done: a file is had by looking."""
        return "get" if self.told and self.send == ALONE else "post"

    def letter(self, method: str, role: str, edition: str, rules: tuple[str, ...]) -> str:
        """What the table says of one cell.

        Args:
            rules: the rules that are ticked.
        """
        at = ROLES.index(role)
        essentials = edition == "sales_essentials"
        if method == "get":
            word = self._of(at, self.look, self.look_essentials if essentials else "", essentials)
        else:
            word = self._of(at, self.send, self.essentials if essentials else "", essentials)
        if method != self.acts:
            return word
        if len(rules) > 1 and essentials and self.resting:
            return self.resting[at]
        if len(rules) > 1 and self.all_ruled:
            return self.all_ruled[at]
        for rule, ruled in self.rules.items():
            if rule in rules and ruled[at] != "*":
                return ruled[at]
        return word

    def _of(self, at: int, word: str, exception: str, essentials: bool) -> str:
        if exception and exception[at] != "*":
            return exception[at]
        return word[COLLEAGUE if essentials and at == MANAGER else at]


def read(text: str) -> list[Route]:
    """The routes of a table."""
    lines = [line.strip() for line in text.replace("\\\n", "").strip().splitlines()]
    return [_route(line) for line in lines if line and not line.startswith("#")]


def _route(line: str) -> Route:
    address, look, send, *more = [part.strip() for part in line.split("|")]
    told = [one.strip() for one in more[0].split(",") if one.strip()] if more else []
    words = told[0].removesuffix(" started").split()[:-1] if told else []
    refusal = [f"refused {' '.join(words)}"] if told else []
    rules: dict[str, str] = {}
    others = {"essentials": "", "look": "", "all:": "", "rests:": ""}
    for first, *rest in (one.split() for one in more[1:]):
        if first == "rule":
            rules[rest[0]] = _word(rest[1])
        elif first == "no:":
            refusal = [] if rest == ["-"] else [" ".join(rest)]
        else:
            others[first] = _word(rest[-1])
    return Route(
        address, _word(look), _word(send), told, refusal, rules,
        others["essentials"], others["look"], others["all:"], others["rests:"],
    )  # fmt: skip


def _word(word: str) -> str:
    word = ALONE if word == "-" else word
    assert len(word) == len(ROLES), word
    assert set(word) <= LETTERS, word
    return word
