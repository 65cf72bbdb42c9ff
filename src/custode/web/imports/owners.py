"""The questions of the mapping's screen about the names in the column of owners."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from custode.exchange.importing.choices import NEW, NONE, Choices
from custode.exchange.importing.names import Names, who
from custode.exchange.importing.owners import Owner, Spellings, owners_of
from custode.exchange.importing.studies import Study
from custode.exchange.reading import LeadMapping
from custode.kernel.actor import Actor
from custode.people.models import User
from custode.web.imports.forms import owner_field
from custode.web.imports.selects import Options, options


@dataclass(frozen=True, slots=True)
class Owners:
    """The owners in a file about whom a person must decide."""

    told: Study
    mapping: LeadMapping
    choices: Choices
    actor: Actor
    names: Names
    spellings: Spellings

    def asked(self) -> list[dict[str, Any]]:
        """Return the names that fit several people, who must be told apart."""
        return [
            self._shown(number, owner, [*self._fitting(owner), *self._decisions()])
            for number, owner in self._numbered()
            if len(owner.fits) > 1
        ]

    def strangers(self) -> list[dict[str, Any]]:
        """Return the names that the account lacks, each with what becomes of it."""
        labels = self._labels()
        users = [(user.pk, labels[user.pk]) for user in self.names.users if user.is_active]
        usual = [("", _("as said above")), *self._decisions(), *users]
        return [
            self._shown(number, owner, usual)
            for number, owner in self._numbered()
            if not owner.fits
        ]

    def others(self) -> Options:
        """Return what becomes of unknown owners who are not decided one by one."""
        return options(self._decisions(), self.choices.others)

    def _numbered(self) -> list[tuple[int, Owner]]:
        return list(enumerate(owners_of(self.spellings, self.names.people())))

    def _shown(self, number: int, owner: Owner, choices: list[tuple[Any, str]]) -> dict[str, Any]:
        decided = {who(name): what for name, what in self.choices.owners.items()}
        chosen = decided.get(owner.key, "")
        return {
            "owner": owner,
            "field": owner_field(self.told, self.mapping, number),
            "options": options(choices, chosen),
            "is_open": not chosen,
        }

    def _fitting(self, owner: Owner) -> list[tuple[Any, str]]:
        """Return first the people whom the name fits, then all others."""
        labels, fits = self._labels(), {user.pk for user in owner.fits}
        users = sorted(self.names.users, key=lambda user: user.pk not in fits)
        shown = [user for user in users if user.pk in fits or user.is_active]
        return [("", _("Choose who is meant")), *((user.pk, labels[user.pk]) for user in shown)]

    def _decisions(self) -> list[tuple[str, str]]:
        new = [(NEW, _("a new person without sign-in"))] if self.actor.is_admin else []
        return [*new, (NONE, _("unassigned"))]

    def _labels(self) -> dict[int, str]:
        """Return everybody's name, with more detail where several have the same."""
        many = Counter(who(user.get_full_name()) for user in self.names.users)
        return {
            user.pk: _told_apart(user) if many[who(user.get_full_name())] > 1 else str(user)
            for user in self.names.users
        }


def _told_apart(user: User) -> str:
    day = formats.date_format(timezone.localtime(user.created_at), "SHORT_DATE_FORMAT")
    names = {"name": user, "email": user.email, "day": day}
    if not user.is_active:
        return _("%(name)s (disabled, here since %(day)s)") % names
    if not user.email:
        return _("%(name)s (without sign-in, here since %(day)s)") % names
    return _("%(name)s (%(email)s)") % names
