"""Tokens: the sessions of a user's programs, which use the API.

They are rows beside the browsers' sessions, listed and ended with these. Their digests are made
differently, so that no token opens a page and no cookie opens the API.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import replace

from django.contrib.auth import HASH_SESSION_KEY
from django.utils.translation import gettext as _

from custode.guard import door
from custode.guard.kinds import Verb
from custode.kernel import clock, scope
from custode.kernel.actor import Actor, Entrance, Origin, Scope, acting
from custode.kernel.errors import Gone
from custode.people.models import User
from custode.signin import factors, guessing, required, stages
from custode.signin.api_keys.models import ApiKey
from custode.signin.letters import Letter
from custode.signin.mailing import post
from custode.signin.models import AS_KEY, BY_TOKEN, Ended, Session
from custode.signin.password import network_of
from custode.signin.sessions import moves
from custode.signin.sessions.life import is_proved, is_theirs, over
from custode.signin.sessions.store import Arrival, SessionStore, account_of


def begin(user: User, arrival: Arrival) -> str:
    """Create a token for a user who has proved their identity; it is shown only this once."""
    is_new = _is_new(user, arrival)
    row, token = _make(user, arrival, BY_TOKEN)
    if is_new:
        post(user, Letter.NEW_DEVICE, session=row.pk)
    return token


def _is_new(user: User, arrival: Arrival) -> bool:
    """Return whether this program, or this network, has not created a token for the user before.

    A browser is recognised by the mark in its cookie, which nobody can guess. A program has no
    mark, and its name is easily copied: it is recognised together with its network.
    """
    before = Session.objects.filter(user=user, way=BY_TOKEN, header=arrival.header[:300])
    places = before.order_by().values_list("started_ip", flat=True).distinct()
    return network_of(arrival.ip) not in {network_of(ip) for ip in places}


def log_as(actor: Actor, user: User, arrival: Arrival) -> str:
    """Create a token by which an application acts as a user, within its key's scopes.

    Raises:
        Refused: the key is not an admin's.
        Gone: the user is disabled.
    """
    way = f"{AS_KEY}{actor.id}"
    details = {"log_as": user.pk, "key": actor.id}
    if not Session.objects.filter(user=user, way=way).exists():
        # Alerts are to report the first time, and not every morning.
        details["first"] = True
    with door.sensitive_act(actor, Verb.KEYS, details=details, labels=[user.get_full_name()]):
        if not user.is_active:
            raise Gone(_("There is no such user."))
        return _make(user, arrival, way)[1]


def second_factor(user: User, arrival: Arrival, code: str) -> bool:
    """Return whether a code is right, and use it up; raise `TooMany` after too many tries."""
    session = SessionStore()
    session.arrival = arrival
    left = stages.spend(arrival, user)
    right = bool(stages.which(session, user, code=code))
    if not right and not left:
        guessing.tell(user, guessing.CODE, guessing.origin_of(session))
    return right


def needs_code(user: User) -> bool:
    """Return whether a token requires a code besides the password; the account is in scope."""
    return factors.are_on(user)


def found(token: str) -> tuple[Session, ApiKey | None] | None:
    """Return the row of a usable token, with its user and account; else None.

    With it comes the key by which an application acts as the user; None for a user's own.
    """
    account_id = account_of(token)
    if not account_id:
        return None
    with scope.account(account_id):
        rows = Session.objects.filter(digest=_digest(token), ended_at=None)
        row = next(iter(rows.select_related("user", "account")), None)
        if row is None or over(row) or not is_theirs(row, _password(row)):
            return None
        row.user.account = row.account
        if row.way.startswith(AS_KEY):
            return (row, key) if (key := _key(row)) is not None else None
        return None if required.is_missing(row.user) else (row, None)


def actor_of(row: Session, key: ApiKey | None, origin: Origin) -> Actor:
    """Return the actor of a token: its user; for one that a key created, both, each limiting it.

    Creating a token proves the user's identity; for one that a key created, the key is the proof.
    """
    actor = replace(row.user.actor(Entrance.API, origin), proved=is_proved(row))
    if key is None:
        return actor
    name = acting(actor.name, str(key))
    return replace(actor, name=name, scopes=key.good_for, proved=True, as_key=key.pk)


def key_of(row: Session) -> int | None:
    """Return the number of the key that created a token; None for a user's own token."""
    return int(row.way.removeprefix(AS_KEY)) if row.way.startswith(AS_KEY) else None


def end(row: Session) -> None:
    """Sign the program out."""
    moves.ended(Session.objects.filter(pk=row.pk), Ended.SIGNED_OUT)


def _make(user: User, arrival: Arrival, way: str) -> tuple[Session, str]:
    token = f"{user.account_id}-{secrets.token_urlsafe(32)}"
    now = clock.now()
    row = Session.objects.create(
        account_id=user.account_id, user=user, digest=_digest(token),
        data=json.dumps({HASH_SESSION_KEY: user.get_session_auth_hash()}), way=way,
        browser=arrival.device.browser, system=arrival.device.system, form=arrival.device.form,
        header=arrival.header[:300], ip=arrival.ip, started_ip=arrival.ip, started_at=now,
        seen_at=now, proved_at=now if way == BY_TOKEN else None,
    )  # fmt: skip
    return row, token


def _digest(token: str) -> str:
    return hashlib.sha256(f"token:{token}".encode()).hexdigest()


def _password(row: Session) -> str:
    return str(json.loads(row.data).get(HASH_SESSION_KEY, ""))


def _key(row: Session) -> ApiKey | None:
    """Return the key that created a token, as long as it may act for others."""
    key = ApiKey.objects.filter(pk=int(row.way.removeprefix(AS_KEY))).first()
    return key if key and not key.is_over and Scope.ADMIN in key.good_for else None
