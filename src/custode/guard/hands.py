"""Who acted, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext as _

from custode.kernel.actor import names_of


def hand(name: str) -> str:
    """The name of who acted, as it was kept; of an application that acted as a user, both."""
    user, key = names_of(name)
    return _("%(key)s, as %(user)s") % {"key": key, "user": user} if key else user
