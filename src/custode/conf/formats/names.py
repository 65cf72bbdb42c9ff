"""Marks the names of days and months that Django uses, for translation in our catalogue.

Django's Italian capitalises them, which Italian does not. Our own catalogue takes precedence over
Django's.
"""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_noop as _

DAYS: Final = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)
MONTHS: Final = (
    _("January"),
    _("February"),
    _("March"),
    _("April"),
    _("May"),
    _("June"),
    _("July"),
    _("August"),
    _("September"),
    _("October"),
    _("November"),
    _("December"),
)
