"""Typed access to what the entrance attaches to a request: the caller and the actor."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from custode.accounts.models import Account
from custode.kernel.actor import Actor
from custode.people.models import User
from custode.signin.api_keys.models import ApiKey
from custode.signin.models import Session
from custode.signin.sessions import tokens


@dataclass(frozen=True, slots=True)
class Caller:
    """The caller: an application with its key, or a user's program with a token.

    Args:
        key: None for a token.
        session: the token's row; None for a key. Its user is `user`.
    """

    actor: Actor
    account: Account
    key: ApiKey | None = None
    session: Session | None = None

    @property
    def user(self) -> User | None:
        """Return the user for whom the token acts; None for a key."""
        return None if self.session is None else self.session.user

    @property
    def whose_words(self) -> str:
        """Return the namespace of `Idempotency-Key`s: a key, a user, or a key acting as a user."""
        as_whom = tokens.key_of(self.session) if self.session else None
        return self.who if as_whom is None else f"{self.who}:as:{as_whom}"

    @property
    def who(self) -> str:
        """Return the name under which requests are counted: one key's or one user's."""
        return f"{self.actor.kind.value}:{self.actor.id}"


def caller_of_call(call: HttpRequest) -> Caller:
    """Return the caller; only for routes that require a key or a token."""
    caller: Caller = call.caller  # type: ignore[attr-defined]  # set by the entrance
    return caller


def actor_of(call: HttpRequest) -> Actor:
    """Return the actor of this request; only for routes that require a key or a token."""
    return caller_of_call(call).actor
