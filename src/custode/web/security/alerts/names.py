"""The names of the standard alert rules."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy

NAMES: Final = {
    "watch": gettext_lazy("What watches over the account was changed"),
    "made_admin": gettext_lazy("Somebody was made an admin"),
    "lost_admin": gettext_lazy("An admin was shut out"),
    "two_factor_off": gettext_lazy("A second factor was removed"),
    "new_ways": gettext_lazy("A program was given a way in or out"),
    "guessing": gettext_lazy("A password or code was being guessed"),
    "purge": gettext_lazy("Something was deleted for ever"),
    "many": gettext_lazy("Many were deleted at once"),
    "emptied": gettext_lazy("Many fields were emptied"),
    "overwritten": gettext_lazy("Many rows, leads or folders were written over"),
    "exports": gettext_lazy("Users who are not admins export much"),
    "exported_by_keys": gettext_lazy("Applications export much"),
    "privacy": gettext_lazy("Privacy settings were changed"),
    "refusals": gettext_lazy("Somebody is refused again and again"),
}
"""The standard rules' names in the interface."""
