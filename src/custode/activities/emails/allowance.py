"""How many e-mails one may send within an hour."""

from __future__ import annotations

from custode.kernel.actor import Actor, ActorKind
from custode.signin import limits


def spend(actor: Actor, writer: int | None) -> None:
    """Count an e-mail for its author, and for the application, in whoever's name it sends.

    Args:
        writer: the number of the author; None when an application sends in its own name.

    Raises:
        TooMany: one of the two has sent many within an hour.
    """
    if actor.key is not None:
        limits.spend(limits.EMAILS, actor.account_id, f"{ActorKind.KEY}:{actor.key}")
    if writer is not None:
        limits.spend(limits.EMAILS, actor.account_id, writer)
