"""Password rules with our own messages: not all of Django's are translated everywhere."""

from __future__ import annotations

from django.contrib.auth.password_validation import (
    MinimumLengthValidator,
    UserAttributeSimilarityValidator,
)
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


class LongEnough(MinimumLengthValidator):
    """Requires a minimum number of characters."""

    def get_error_message(self) -> str:
        """Return what to do, in a sentence."""
        return ngettext(
            "A password has at least %(n)s character. Choose a longer one.",
            "A password has at least %(n)s characters. Choose a longer one.",
            self.min_length,
        ) % {"n": self.min_length}


class NotOneself(UserAttributeSimilarityValidator):
    """Refuses passwords similar to what everybody knows about the user."""

    def get_error_message(self) -> str:
        """Return what to do, in a sentence; `verbose_name` is filled in by Django."""
        return _("This password is too much like what others know of you: %(verbose_name)s.")
