"""Creating and revoking keys: acts of admins, through the door."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from custode.guard import door
from custode.guard.kinds import Verb
from custode.kernel import clock
from custode.kernel.actor import Actor, ActorKind, Scope
from custode.kernel.errors import AllInvalid, Gone, Invalid
from custode.kernel.text import line
from custode.signin import sealing
from custode.signin.api_keys.models import ApiKey
from custode.signin.models import AS_KEY, Ended, Session
from custode.signin.sessions import moves as session_moves

BEGINS: Final = "custode"
"""The beginning of every key, so that scanners for leaked secrets recognise it."""
SHOWN: Final = 4
"""How many characters of the secret part stay visible."""
MOST: Final = 50
"""The maximum number of usable keys of an account."""


def digest_of(text: str) -> str:
    """Return what the database stores of a key."""
    return hashlib.sha256(text.encode()).hexdigest()


def make(
    actor: Actor,
    name: str,
    scopes: Collection[Scope],
    *,
    description: str = "",
    expires_at: datetime | None = None,
    recoverable: bool = False,
) -> tuple[ApiKey, str]:
    """Create a key for an application.

    Args:
        recoverable: also store it encrypted, for programs that check the old signature of
            webhooks, which is made with the key itself.

    Returns:
        The row, and the key, which is shown only this once.

    Raises:
        Refused: the actor is no admin.
        ProofNeeded: the actor must prove their identity first.
        Invalid: the name is empty or too long, no scope is chosen, or the day has passed.
    """
    name, description = line(name), line(description)
    good_for = [scope for scope in Scope if scope in scopes]
    told = ",".join(scope.value for scope in good_for)
    details = {"made": told, "recoverable": recoverable}
    with door.sensitive_act(actor, Verb.KEYS, details=details, labels=[name]):
        check(name, description, good_for)
        require_to_come(expires_at)
        _require_room()
        secret = secrets.token_urlsafe(32)
        text = f"{BEGINS}_{actor.account_id}_{secret}"
        row = ApiKey.objects.create(
            account_id=actor.account_id,
            name=name,
            description=description,
            digest=digest_of(text),
            prefix=text[: -len(secret) + SHOWN],
            scopes=told,
            secret=sealing.seal(text) if recoverable else "",
            made_by_id=actor.user_id,
            made_by_name=actor.name[:200],
            expires_at=expires_at,
        )
    return row, text


def check(name: str, description: str, scopes: Collection[Scope]) -> None:
    """Raise `AllInvalid` for the fields of a key that are not acceptable."""
    wrong = (
        (not name, _("A key needs a name: that of the application."), "name"),
        (len(name) > 80, _("A name has at most 80 characters."), "name"),
        (len(description) > 300, _("A description has at most 300 characters."), "description"),
        (not scopes, _("Choose at least one scope."), "scopes"),
    )
    if errors := [Invalid(words, field=field) for is_so, words, field in wrong if is_so]:
        raise AllInvalid(errors)


def require_to_come(expires_at: datetime | None) -> None:
    """Raise `Invalid` for a moment in the past."""
    if expires_at is not None and expires_at <= clock.now():
        raise Invalid(_("Choose a future date."), field="expires")


def _require_room() -> None:
    living = ApiKey.objects.filter(revoked_at=None)
    if sum(not one.is_over for one in living) >= MOST:
        raise Invalid(_("There are 50 keys already. Revoke one that is not used any more."))


def revoke(actor: Actor, key: ApiKey) -> None:
    """Revoke a key, effective from its next request; its encrypted copy is removed too.

    The sessions in which it acts as users end with it; the entry says how many.

    A key may revoke itself, whatever its scopes: that gives no rights to anybody.

    Raises:
        Refused: the actor is no admin.
        ProofNeeded: the actor must prove their identity first.
        Gone: it has been revoked in the meantime.
    """
    if actor.kind is ActorKind.KEY and actor.id == key.pk:
        actor = replace(actor, is_admin=True, scopes=frozenset(Scope))
    details = {"revoked": key.pk}
    acting = Session.objects.filter(way=f"{AS_KEY}{key.pk}", ended_at=None)
    if count := acting.count():
        details["sessions"] = count
    with door.sensitive_act(actor, Verb.KEYS, details=details, labels=[key.name]):
        done = ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(
            revoked_at=clock.now(), revoked_by=actor.name[:200], secret=""
        )
        if not done:
            raise Gone(_("This key has been revoked in the meantime."))
        session_moves.ended(acting, Ended.KEY, by=actor.name)
