"""What a request to the API carries once it has come in, with types."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from custode.accounts.models import Account
from custode.kernel.actor import Actor
from custode.people.models import User
from custode.signin.keys.models import ApiKey
from custode.signin.models import Session
from custode.signin.sessions import tokens


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: an application by its key, or a user's program by a token.

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
        """The user as whom the token acts; None for a key."""
        return None if self.session is None else self.session.user

    @property
    def whose_words(self) -> str:
        """Whose `Idempotency-Key`s are one another's: of one key, of one user, or of both."""
        as_whom = tokens.key_of(self.session) if self.session else None
        return self.who if as_whom is None else f"{self.who}:as:{as_whom}"

    @property
    def who(self) -> str:
        """Whose requests are counted together: those of one key, or of one user."""
        return f"{self.actor.kind.value}:{self.actor.id}"


def caller_of_call(call: HttpRequest) -> Caller:
    """Who calls; only routes that need a key or a token may ask."""
    caller: Caller = call.caller  # type: ignore[attr-defined]  # set by the entrance
    return caller


def actor_of(call: HttpRequest) -> Actor:
    """Who acts by this request; only routes that need a key or a token may ask."""
    return caller_of_call(call).actor
