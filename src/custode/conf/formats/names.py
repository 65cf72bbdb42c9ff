"""The names of days and months as Django asks for them, so that our catalogue can say them.

Django's Italian writes them with a capital letter, which Italian does not. A name that stands in
our own catalogue goes before Django's.
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
