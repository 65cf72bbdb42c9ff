"""Which keys work, which of them a user created, and which act on a user's behalf."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from custode.kernel import clock
from custode.signin.api_keys.models import ApiKey
from custode.signin.models import AS_KEY, Session

Keys = QuerySet[ApiKey, ApiKey]


def usable() -> Keys:
    """Return the keys of the account in scope that may be used, the latest first."""
    now = clock.now()
    living = Q(expires_at=None) | Q(expires_at__gt=now)
    return ApiKey.objects.filter(living, revoked_at=None).order_by("-pk")


def over() -> Keys:
    """Return the keys that have expired or were revoked."""
    return ApiKey.objects.filter(Q(revoked_at__isnull=False) | Q(expires_at__lte=clock.now()))


def made_by(user_id: int) -> Keys:
    """Return all keys that a user created, or that were created for them, even if over."""
    return ApiKey.objects.filter(made_by_id=user_id).order_by("-pk")


def acting_as(user_id: int) -> set[int]:
    """Return the numbers of the keys by which applications have acted as a user (`tokens.log_as`).

    Only as far back as past sessions are kept.
    """
    ways = Session.objects.filter(user=user_id, way__startswith=AS_KEY).order_by()
    return {int(way.removeprefix(AS_KEY)) for way in ways.values_list("way", flat=True).distinct()}
