"""The possible actors, for the filters of the log and of alerts, and for alert rules."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.db.models import DateTimeField, QuerySet, Value
from django.utils.translation import gettext as _

from custode.guard.erasures import Erasures
from custode.kernel import scope
from custode.kernel.actor import ActorKind
from custode.kernel.address import whole
from custode.people.models import User
from custode.signin.api_keys.models import ApiKey

Choices = list[tuple[str, str]]
MOST: Final = 500
"""The maximum number of people offered, and of applications."""


def groups() -> list[tuple[str, Choices]]:
    """Return the possible actors by kind: key and name, under a heading."""
    # People erased from the log must not be found in it by name either.
    gone = [pk for kind, pk in Erasures(scope.current()).persons if kind == ActorKind.USER]
    users = User.objects.exclude(pk__in=gone).order_by("last_name", "first_name")[:MOST]
    people, keys = _read(users.values("pk"))
    found = [
        (_("People"), [(f"{ActorKind.USER}:{user.pk}", user.get_full_name()) for user in people]),
        (_("Applications"), _named(keys)),
        (
            _("Others"),
            [("system:", _("Custode")), ("operator:", _("The operator of this installation"))],
        ),
    ]
    return [(name, choices) for name, choices in found if choices]


def _read(users: QuerySet[User, Any]) -> tuple[list[User], list[ApiKey]]:
    """Return users and keys in a single query: the log's page makes only a few."""
    people = User.objects.filter(pk__in=users).order_by()
    programs = ApiKey.objects.filter(pk__in=_latest()).order_by()
    none = Value(None, output_field=DateTimeField())
    rows = people.annotate(is_key=Value(0), over=none, end=none).values_list(
        "is_key", "pk", "last_name", "first_name", "over", "end"
    ).union(
        programs.annotate(is_key=Value(1), none=Value("")).values_list(
            "is_key", "pk", "name", "none", "revoked_at", "expires_at"
        ),
        all=True,
    )  # fmt: skip
    found = sorted(rows, key=lambda row: (row[2].casefold(), row[3].casefold(), row[1]))
    return (
        [
            User(pk=pk, last_name=a, first_name=b)
            for is_key, pk, a, b, *_rest in found
            if not is_key
        ],
        [
            ApiKey(pk=pk, name=a, revoked_at=over, expires_at=end)
            for is_key, pk, a, _b, over, end in found
            if is_key
        ],
    )


def applications() -> Choices:
    """Return the applications that have or had a key, those with access first."""
    return _named(ApiKey.objects.filter(pk__in=_latest()).order_by("name", "pk"))


def _latest() -> QuerySet[ApiKey, Any]:
    return ApiKey.objects.order_by("-pk").values("pk")[:MOST]


def _named(keys: Iterable[ApiKey]) -> Choices:
    ordered = sorted(keys, key=lambda key: key.is_over)
    return [(f"{ActorKind.KEY}:{key.pk}", name_of(key)) for key in ordered]


def name_of(key: ApiKey) -> str:
    """Return an application's name, and whether its access has ended."""
    if key.revoked_at is not None:
        return _("%(name)s (revoked)") % {"name": key}
    return _("%(name)s (expired)") % {"name": key} if key.is_over else str(key)


def unlisted(who: str, offered: list[tuple[str, Choices]]) -> str:
    """Return the name of a requested actor who is not offered; "" for one who is."""
    if not who or any(who == key for _name, choices in offered for key, _words in choices):
        return ""
    key = application(who)
    if key is not None:
        return name_of(key)
    return _("An application") if _kind(who) == ActorKind.KEY else _("An erased person")


def application(who: str) -> ApiKey | None:
    """Return the key of the requested application; None for any other actor."""
    if _kind(who) != ActorKind.KEY:
        return None
    return ApiKey.objects.filter(pk=whole(who.partition(":")[2])).first()


def leaver(who: str, oneself: int | None) -> User | None:
    """Return the requested user, unless they are looking at their own acts or have left."""
    pk = whole(who.partition(":")[2])
    if _kind(who) != ActorKind.USER or pk == oneself:
        return None
    return User.objects.filter(pk=pk, disabled_at=None).first()


def _kind(who: str) -> str:
    return who.partition(":")[0]
