"""Formats the name of an actor in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext as _

from custode.kernel.actor import names_of


def display_name(name: str) -> str:
    """Return the actor's name as stored; for an application acting as a user, both names."""
    user, key = names_of(name)
    return _("%(key)s, as %(user)s") % {"key": key, "user": user} if key else user
