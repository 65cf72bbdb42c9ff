"""The features of each edition; checked here and nowhere else.

Two-factor authentication and the trash are in every edition, the advanced security is in Dream Team
only.
"""

from __future__ import annotations

from enum import Enum

from django.db import models

from custode.kernel.errors import Refused


class Edition(models.TextChoices):
    """The editions, by their product names."""

    SALES_ESSENTIALS = "sales_essentials", "Sales Essentials"
    DREAM_TEAM = "dream_team", "Dream Team"


class Feature(Enum):
    """A feature that an edition may or may not have."""

    TRASH = "trash"
    TWO_FACTOR = "two_factor"
    PRIVACY_SETTINGS = "privacy_settings"
    SENSITIVE_ACTIONS = "sensitive_actions"
    USER_SESSIONS = "user_sessions"
    TEAMS = "teams"


_IN_ALL = frozenset({Feature.TRASH, Feature.TWO_FACTOR})
_HAS = {Edition.SALES_ESSENTIALS: _IN_ALL, Edition.DREAM_TEAM: frozenset(Feature)}


def has(edition: str, feature: Feature) -> bool:
    """Return whether the edition has the feature."""
    return feature in _HAS[Edition(edition)]


def require(edition: str, feature: Feature, why: str) -> None:
    """Raise `Refused` with the sentence `why` unless the edition has the feature."""
    if not has(edition, feature):
        raise Refused(why, because="edition")
