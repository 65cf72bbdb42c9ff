"""Who acts. Every move and every pass through the door names its actor; there is no default."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum


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
    """

    account_id: int
    kind: ActorKind
    id: int | None
    name: str
    is_admin: bool
    entrance: Entrance
    origin: Origin = field(default_factory=Origin)
    proved: bool = False

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
        return cls(account_id, ActorKind.SYSTEM, None, name, True, Entrance.JOB)

    @classmethod
    def operator(cls, account_id: int) -> Actor:
        """Who sits at the machine and runs a command."""
        return cls(account_id, ActorKind.OPERATOR, None, "operator", True, Entrance.CONSOLE)
