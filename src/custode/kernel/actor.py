"""Who acts. Every move and every pass through the door names its actor; there is no default."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final


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

    `name` is copied into the log, so that an entry outlives its actor. `proved` says that a person
    at a screen has proved within the last minutes who they are (`guard.policy.require_proof`).
    `reach` says whose things they see, change and assign, besides what nobody owns.
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

    @property
    def user_id(self) -> int | None:
        """The user's id when a user acts, else None."""
        return self.id if self.kind is ActorKind.USER else None

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
            account_id, ActorKind.OPERATOR, None, "operator", True, Entrance.CONSOLE,
            reach=EVERYWHERE,
        )  # fmt: skip
