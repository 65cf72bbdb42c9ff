"""The sentences of entries about the account's settings."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from custode.accounts.models import RequiredOf
from custode.web.security.reading import Told
from custode.web.security.signin_sentences import Sentence

_NUMBERS: Final = {
    "trash_days": _("%(who)s set the days in the trash from %(before)s to %(after)s."),
    "idle_hours": _(
        "%(who)s set the hours after which an unused session ends from %(before)s to %(after)s."
    ),
    "session_days": _(
        "%(who)s set the days that a session lasts at most from %(before)s to %(after)s."
    ),
    "sessions_kept_months": _(
        "%(who)s set the months for which past sessions are kept from %(before)s to %(after)s."
    ),
}
_REQUIRED: Final = {
    RequiredOf.NOBODY: _("%(who)s no longer requires two-factor authentication of anybody."),
    RequiredOf.ADMINS: _(
        "%(who)s requires two-factor authentication of admins, with %(days)s days of grace."
    ),
    RequiredOf.ALL: _(
        "%(who)s requires two-factor authentication of everybody, with %(days)s days of grace."
    ),
}


def settings(told: Told) -> Sentence | None:
    """A setting that was changed; None for any other entry."""
    for name, words in _NUMBERS.items():
        if isinstance(moved := told.details.get(name), dict):
            values = {"before": str(moved.get("from")), "after": str(moved.get("to"))}
            return str(words), values
    moved = told.details.get("two_factor")
    if isinstance(moved, dict) and moved.get("to") in RequiredOf.values:
        words = _REQUIRED[RequiredOf(moved["to"])]
        return str(words), {"days": str(moved.get("days"))}
    return None
