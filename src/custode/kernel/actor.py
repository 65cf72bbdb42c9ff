"""Actors. Every move and every pass through the door names its actor; there is no default."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

_AS: Final = "\x1f"
"""Separates the two names of a combined actor; no name (`text.line`) or language contains it."""


def acting(user: str, key: str) -> str:
    """Return the name of an application acting as a user: both names, formatted when it is read."""
    return f"{user.replace(_AS, ' ')}{_AS}{key.replace(_AS, ' ')}"[:200]


def names_of(name: str) -> tuple[str, str]:
    """Return an actor's name, and that of the application that acted as them; "" for none."""
    user, _as, key = name.partition(_AS)
    return user, key


OPERATOR: Final = "operator"
"""What is kept as the name of who runs commands; people read it in words."""


class ActorKind(StrEnum):
    """The sort of an actor."""

    USER = "user"
    KEY = "key"
    OPERATOR = "operator"
    SYSTEM = "system"


class Entrance(StrEnum):
    """The entrance through which an act came in."""

    WEB = "web"
    API = "api"
    CONSOLE = "console"
    JOB = "job"


class Whose(StrEnum):
    """A group of people around an actor, from the narrowest to the widest."""

    OWN = "own"
    """Only the actor."""
    MANAGED = "managed"
    """The actor, and the members of the teams that they manage."""
    MEMBERS = "members"
    """The actor, and the members of the teams that they are in."""
    ALL = "all"
    """Everybody in the account."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far an actor's rights extend; unless widened, only to the actor's own things.

    Args:
        sees: whose things they see.
        edits: whose things they change and delete.
        assigns: to whom they may assign things; OWN means that they may neither give nor take
            anything.
    """

    sees: Whose = Whose.OWN
    edits: Whose = Whose.OWN
    assigns: Whose = Whose.OWN


class Scope(StrEnum):
    """What an application's key permits; each scope is given or not, none includes another."""

    READ = "read"
    """Reading the account's data."""
    WRITE = "write"
    """Ordinary changes: new leads, edits, comments."""
    DELETE = "delete"
    """Moving to the trash, where the account's rules allow it."""
    EXPORT = "export"
    """Taking data out as files, where the account's rules allow it."""
    ADMIN = "admin"
    """What is reserved to admins."""


EVERYWHERE: Final = Reach(Whose.ALL, Whose.ALL, Whose.ALL)
"""The reach of an admin."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an act came from; empty for jobs and commands."""

    ip: str = ""
    device: str = ""
    session: str = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """Someone who acts within one account.

    `name` is copied into the log, so that an entry outlives its actor; that of an application which
    acts as a user holds both names (`names_of`). `proved` tells whether a user has proved their
    identity within the last minutes (`guard.policy.require_proof`). `reach` tells whose things they
    see, change and assign, besides what nobody owns. `scopes` are what an application's key
    permits; None for an actor not limited by a key. `as_key` is the number of the key by which an
    application acts as this user; else None.
    """

    account_id: int
    kind: ActorKind
    id: int | None
    name: str
    is_admin: bool
    entrance: Entrance
    origin: Origin = field(default_factory=Origin)
    proved: bool = False
    reach: Reach = Reach()
    scopes: frozenset[Scope] | None = None
    as_key: int | None = None

    @property
    def user_id(self) -> int | None:
        """The user's id when a user acts, else None."""
        return self.id if self.kind is ActorKind.USER else None

    @property
    def key(self) -> int | None:
        """The number of the key by which an application acts, as itself or as a user; else None."""
        return self.id if self.kind is ActorKind.KEY else self.as_key

    @property
    def counted_as(self) -> tuple[ActorKind, int | None]:
        """The actor to count by: the application, for what is done on a user's behalf."""
        return (self.kind, self.id) if self.as_key is None else (ActorKind.KEY, self.as_key)

    def has(self, scope: Scope) -> bool:
        """Return whether the actor's key has this scope; an actor without a key has all."""
        return self.scopes is None or scope in self.scopes

    def through(self, entrance: Entrance) -> Actor:
        """Return the same actor with another entrance (a job that continues for a user)."""
        return replace(self, entrance=entrance)

    @classmethod
    def system(cls, account_id: int, name: str) -> Actor:
        """Return the system itself as the actor, running the job called `name`."""
        return cls(account_id, ActorKind.SYSTEM, None, name, True, Entrance.JOB, reach=EVERYWHERE)

    @classmethod
    def operator(cls, account_id: int) -> Actor:
        """Return the operator, who runs commands on the machine, as the actor."""
        return cls(
            account_id, ActorKind.OPERATOR, None, OPERATOR, True, Entrance.CONSOLE,
            reach=EVERYWHERE,
        )  # fmt: skip
