"""The people and things on which the matrix of who may do what is tried.

Everything is Bruna's. Ugo manages the team she is in; Elsa is in none; Anna is the admin. All see
each other's leads, and managers edit what their members have. Carla is the admin of another
company, and somebody has not signed in.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction

from custode.accounts import moves as account_moves
from custode.accounts import sharing
from custode.accounts.sharing import Sharing
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry
from custode.kernel import scope
from custode.kernel.actor import Actor
from custode.people.models import User
from tests.cast import Cast
from tests.teams import North, north

ROLES: Final = ("admin", "manager", "owner", "colleague", "other account's admin", "signed out")
"""In the order of the letters in the tables' words."""
EDITIONS: Final = ("dream_team", "sales_essentials")
# The seed's eight sentences: "Only admins can …".
RULES: Final = (
    "export:prospecting_list",
    "export:lead",
    "export:client_folder",
    "delete:prospecting_list",
    "delete:lead",
    "delete:client_folder",
    "delete:comment",
    "delete:process",
)


@dataclass(frozen=True)
class People:
    """Who stands for which role."""

    house: North
    by_role: dict[str, User]

    @property
    def cast(self) -> Cast:
        """The cast that they are of."""
        return self.house.cast

    def user(self, role: str) -> User:
        """Somebody, as they are now."""
        with scope.everywhere("a test reads somebody anew"):
            return User.objects.select_related("account").get(pk=self.by_role[role].pk)

    def actor(self, role: str) -> Actor:
        """Somebody, acting as they are now, who has just proved who they are."""
        return self.cast.actor(self.user(role))


def gathered(cast: Cast) -> People:
    """Everybody in their places."""
    house = north(cast)
    sharing.change(cast.actor(cast.anna), Sharing("shared", True, "managers", "everybody"))
    names = {"admin": "Anna", "manager": "Ugo", "owner": "Bruna", "colleague": "Elsa"}
    roles = {role: house.people[name] for role, name in names.items()}
    return People(house, {**roles, "other account's admin": cast.carla})


@contextmanager
def taken_back() -> Iterator[None]:
    """Whatever happens within the block leaves nothing behind."""
    block: Any = transaction.atomic()
    # What Django's own test case says of its outermost block: the door may be the next.
    block._from_testcase = True
    with block:
        yield
        transaction.set_rollback(True)


def settle(people: People, edition: str, rules: tuple[str, ...]) -> None:
    """Tick rules, and move the account to an edition, in which they go on protecting."""
    anna = people.cast.actor(people.cast.anna)
    for rule in rules:
        verb, _colon, kind = rule.partition(":")
        account_moves.set_privacy(anna, Verb(verb), kind, True)
    account_moves.set_edition(anna, edition)


def last_entry() -> int:
    """The number of the latest entry in Ferri's log."""
    latest = LogEntry.objects.order_by("-seq").values_list("seq", flat=True).first()
    return latest or 0


def entries_since(seq: int, *, actor: User | None = None, entrance: str = "web") -> list[str]:
    """The entries after a number, as the tables write them: `delete lead 1`, `refused purge`.

    Args:
        actor: who must have been it; any other actor, or entrance, is told besides.
    """
    told = []
    for entry in LogEntry.objects.filter(seq__gt=seq).order_by("seq"):
        words = [entry.verb, entry.kind, str(entry.count)]
        if entry.outcome == "refused":
            words = ["refused", entry.verb, entry.kind]
        elif entry.outcome != "done":
            words.append(entry.outcome)
        if actor is not None and (entry.actor_id, entry.entrance) != (actor.pk, entrance):
            words.append(f"by {entry.actor_kind} {entry.actor_id} at {entry.entrance}")
        told.append(" ".join(word for word in words if word))
    return told
