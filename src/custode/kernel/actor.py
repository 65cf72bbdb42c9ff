"""Who acts. Every move and every pass through the door names its actor; there is no default."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

_AS: Final = "\x1f"
"""What stands between two names that act as one: no name has it (`text.line`), and no language."""


def acting(user: str, key: str) -> str:
    """The name under which an application acts as a user: both, to be worded when it is read."""
    return f"{user.replace(_AS, ' ')}{_AS}{key.replace(_AS, ' ')}"[:200]


def names_of(name: str) -> tuple[str, str]:
    """The name of who acted, and that of the application that acted as them; "" for none."""
    user, _as, key = name.partition(_AS)
    return user, key


OPERATOR: Final = "operator"
"""What is kept as the name of who runs commands; people read it in words."""


class ActorKind(StrEnum):
    """What sort of someone acts."""

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
    """A circle of people, from the narrowest to the widest."""

    OWN = "own"
    """Oneself."""
    MANAGED = "managed"
    """Oneself, and the members of the teams that one manages."""
    MEMBERS = "members"
    """Oneself, and the members of the teams that one is in."""
    ALL = "all"
    """Everybody of the account."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far somebody's rights go; what nobody has widened goes no further than themselves.

    Args:
        sees: whose things they see.
        edits: whose things they change and delete.
        assigns: to whom they may give things; OWN says that they give and take nothing.
    """

    sees: Whose = Whose.OWN
    edits: Whose = Whose.OWN
    assigns: Whose = Whose.OWN


class Scope(StrEnum):
    """What the key of an application is good for; each is given or not, none includes another."""

    READ = "read"
    """Seeing what the account has."""
    WRITE = "write"
    """Ordinary changes: new leads, edits, comments."""
    DELETE = "delete"
    """Moving to the trash, where the account's rules allow it."""
    EXPORT = "export"
    """Taking data out as files, where the account's rules allow it."""
    ADMIN = "admin"
    """What only admins may."""


EVERYWHERE: Final = Reach(Whose.ALL, Whose.ALL, Whose.ALL)
"""How far an admin's rights go."""


@dataclass(frozen=True, slots=True)
class Origin:
    """From where an act came; empty for jobs and commands."""

    ip: str = ""
    device: str = ""
    session: str = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """Someone who acts within one account.

    `name` is copied into the log, so that an entry outlives its actor; that of an application which
    acts as a user holds both names (`names_of`). `proved` says that a user
    has proved within the last minutes who they are (`guard.policy.require_proof`).
    `reach` says whose things they see, change and assign, besides what nobody owns. `scopes` are
    what an application's key is good for; None for whoever is limited by no key. `as_key` is the
    number of the key by which an application acts as this user; else None.
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
    def hand(self) -> tuple[ActorKind, int | None]:
        """Whose hand it is, to count by: of what is done in a user's name, the application's."""
        return (self.kind, self.id) if self.as_key is None else (ActorKind.KEY, self.as_key)

    def has(self, scope: Scope) -> bool:
        """Whether the key by which one acts is good for this; whoever acts by none has all."""
        return self.scopes is None or scope in self.scopes

    def through(self, entrance: Entrance) -> Actor:
        """The same actor, coming in by another entrance (a job that goes on for a user)."""
        return replace(self, entrance=entrance)

    @classmethod
    def system(cls, account_id: int, name: str) -> Actor:
        """The system itself, acting by the job called `name`."""
        return cls(account_id, ActorKind.SYSTEM, None, name, True, Entrance.JOB, reach=EVERYWHERE)

    @classmethod
    def operator(cls, account_id: int) -> Actor:
        """Who sits at the machine and runs a command."""
        return cls(
            account_id, ActorKind.OPERATOR, None, OPERATOR, True, Entrance.CONSOLE,
            reach=EVERYWHERE,
        )  # fmt: skip
