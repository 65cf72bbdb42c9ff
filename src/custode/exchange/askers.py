"""The requester of a file that a job makes: a user, or an application by its key.

An application's file is its own: no user finds it among theirs, and it is never handed over on
anybody else's behalf. Its row refers to the user who created the key, to whom nothing of it is
shown.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

from django.db.models import Q
from django.utils.translation import gettext as _

from custode.exchange.models import ExportFile
from custode.guard import door
from custode.guard.kinds import Verb
from custode.kernel.actor import Actor, ActorKind, Entrance, Origin, Scope
from custode.kernel.errors import Refused
from custode.people.models import Role, User
from custode.signin.api_keys.models import ApiKey

KEY: Final = "key"
"""In the origin of an application's file: the number of its key."""
NAME: Final = "name"
AS_KEY: Final = "as_key"
"""In the origin: the number of the key by which a user's program asked for it."""
SCOPES: Final = "scopes"
"""In the origin: the scopes of that key, for a file that a user's program asked for."""
_ORIGIN: Final = ("ip", "device", "session")


BY_KEY: Final = Q(origin__key__isnull=False)
"""The condition on files that applications asked for as themselves."""


@dataclass(frozen=True, slots=True)
class Asker:
    """The requester of a file, with their present rights.

    Args:
        language, time_zone: the language and time zone used in the file.
        is_over: whether they may no longer act.
        lost_its_key: whether the key by which an application acted as them may no longer be used.
    """

    actor: Actor
    language: str
    time_zone: str
    is_over: bool = False
    lost_its_key: bool = False

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The time zone as a `ZoneInfo`."""
        return zoneinfo.ZoneInfo(self.time_zone)

    def require_active(self, kind: str) -> None:
        """Raise `Refused`, and log it, if the requester may no longer act.

        Args:
            kind: the kind of object that was to be exported.
        """
        if not self.is_over:
            return
        why = _("This user has been disabled.")
        if self.actor.kind is ActorKind.KEY or self.lost_its_key:
            why = _("This API key has been revoked or has run out.")
        door.refuse(self.actor, Verb.EXPORT, kind, why, because="disabled")


def origin_of(actor: Actor) -> dict[str, Any]:
    """Return the origin to store with a file: from where, and on whose behalf, it is requested."""
    found: dict[str, Any] = {name: getattr(actor.origin, name) for name in _ORIGIN}
    if actor.kind is ActorKind.KEY:
        found[KEY] = actor.id
    elif actor.scopes is not None:
        found |= {
            NAME: actor.name, SCOPES: sorted(scope.value for scope in actor.scopes),
            AS_KEY: actor.as_key,
        }  # fmt: skip
    return found


def mine(actor: Actor) -> Q:
    """Return the condition on files that are the actor's own."""
    if actor.kind is ActorKind.KEY:
        return Q(origin__key=actor.id)
    return Q(user=actor.user_id, origin__key__isnull=True)


def programs_of(files: Iterable[ExportFile]) -> dict[int, str]:
    """Return the names of the applications that asked for some files: key's number -> name."""
    numbers = {file.origin[KEY] for file in files if KEY in file.origin}
    return dict(ApiKey.objects.filter(pk__in=numbers).values_list("pk", "name"))


def user_of(actor: Actor) -> User:
    """Return the user of a file's row: the actor, or for an application the key's creator.

    Raises:
        Refused: the account has no user to whom it could belong.
    """
    users = User.objects.all()
    if actor.kind is not ActorKind.KEY:
        return users.get(pk=actor.user_id or 0)
    made_by = ApiKey.objects.filter(pk=actor.id or 0).values_list("made_by_id", flat=True).first()
    found = users.filter(pk=made_by or 0).first()
    found = found or users.filter(role=Role.ADMIN, disabled_at=None).order_by("pk").first()
    if found is None:
        raise Refused(_("This account has no admin. Add one first."))
    return found


def asker_of(file: ExportFile) -> Asker:
    """Return the requester of a file, for the job that makes it.

    Args:
        file: with its user and that user's account.
    """
    told = file.origin
    origin = Origin(**{name: told.get(name, "") for name in _ORIGIN})
    if KEY in told:
        key, account = ApiKey.objects.get(pk=told[KEY]), file.user.account
        actor = key.actor(origin).through(Entrance.JOB)
        return Asker(actor, account.language, account.time_zone, key.is_over)
    user = file.user
    actor = user.actor(Entrance.JOB, origin)
    if SCOPES in told:
        scopes = frozenset(Scope(one) for one in told[SCOPES])
        as_key = told.get(AS_KEY)
        actor = replace(actor, name=told[NAME], scopes=scopes, as_key=as_key)
        lost = as_key is not None and _is_over(as_key)
        return Asker(actor, user.language, user.time_zone, lost or not user.is_active, lost)
    return Asker(actor, user.language, user.time_zone, not user.is_active)


def _is_over(number: int) -> bool:
    """Return whether a key may no longer be used."""
    key = ApiKey.objects.filter(pk=number).first()
    return key is None or key.is_over
