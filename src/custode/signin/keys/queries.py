"""Which keys work, which of them somebody made, and which act in their name."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from custode.kernel import clock
from custode.signin.keys.models import ApiKey
from custode.signin.models import AS_KEY, Session

Keys = QuerySet[ApiKey, ApiKey]


def usable() -> Keys:
    """The keys of the account in scope that may be used, the latest first."""
    now = clock.now()
    living = Q(expires_at=None) | Q(expires_at__gt=now)
    return ApiKey.objects.filter(living, revoked_at=None).order_by("-pk")


def over() -> Keys:
    """Those that have run out or were revoked."""
    return ApiKey.objects.filter(Q(revoked_at__isnull=False) | Q(expires_at__lte=clock.now()))


def made_by(user_id: int) -> Keys:
    """All keys that a user made, or that were made in their name; those that are over too."""
    return ApiKey.objects.filter(made_by_id=user_id).order_by("-pk")


def acting_as(user_id: int) -> set[int]:
    """The numbers of the keys by which applications have acted as a user (`tokens.log_as`).

    As far as past sessions are kept.
    """
    ways = Session.objects.filter(user=user_id, way__startswith=AS_KEY).order_by()
    return {int(way.removeprefix(AS_KEY)) for way in ways.values_list("way", flat=True).distinct()}
