"""What is asked of a password, in our own sentences: not all of Django's are in every language."""

from __future__ import annotations

from django.contrib.auth.password_validation import (
    MinimumLengthValidator,
    UserAttributeSimilarityValidator,
)
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


class LongEnough(MinimumLengthValidator):
    """A password has a least number of characters."""

    def get_error_message(self) -> str:
        """What to do, in a sentence."""
        return ngettext(
            "A password has at least %(n)s character. Choose a longer one.",
            "A password has at least %(n)s characters. Choose a longer one.",
            self.min_length,
        ) % {"n": self.min_length}


class NotOneself(UserAttributeSimilarityValidator):
    """A password is not what everybody knows of its user."""

    def get_error_message(self) -> str:
        """What to do, in a sentence; `verbose_name` is filled in by Django."""
        return _("This password is too much like what others know of you: %(verbose_name)s.")
