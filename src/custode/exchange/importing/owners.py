"""Who is meant by an owner column: one person for all spellings of one name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from custode.exchange.importing.choices import NEW, NONE, Choices
from custode.exchange.importing.names import Names, who
from custode.exchange.importing.studies import Study
from custode.exchange.models import ImportRun
from custode.exchange.reading import Field, LeadMapping, from_dict
from custode.people.models import User
from custode.people.moves import LONGEST_NAME

Spellings = Mapping[str, int]
"""Each spelling in the owner column -> the number of rows."""


@dataclass(frozen=True, slots=True)
class Owner:
    """A name with all its spellings.

    Args:
        key: the normalised form of the spellings (`names.who`).
        spellings: as written, the most natural one first.
        rows: the number of rows that name it.
        fits: the users it may mean.
    """

    key: str
    spellings: tuple[str, ...]
    rows: int
    fits: tuple[User, ...]

    @property
    def parts(self) -> tuple[str, str]:
        """First and last name; a comma in one of the spellings marks the boundary."""
        for spelling in self.spellings:
            last, _comma, first = (part.strip() for part in spelling.partition(","))
            if first and last and who(f"{first} {last}") == self.key:
                return _fitting(first, last)
        return _parted(self.spellings[0].replace(",", " ").split())

    @property
    def name(self) -> str:
        """First and last name."""
        return " ".join(filter(None, self.parts))

    @property
    def turned(self) -> str:
        """The last name first, so that the boundary is unambiguous."""
        first, last = self.parts
        return f"{last}, {first}" if last else first

    def __str__(self) -> str:
        return self.name

    @property
    def other_spellings(self) -> tuple[str, ...]:
        """The other spellings."""
        return tuple(one for one in self.spellings if one != self.name)


def owners_of(spellings: Spellings, people: Mapping[str, Sequence[User]]) -> list[Owner]:
    """Return the names of a column, the most frequent first.

    Args:
        people: the users that a name may mean (`Names.people`).
    """
    found: dict[str, dict[str, int]] = {}
    for spelling, rows in spellings.items():
        found.setdefault(who(spelling), {})[spelling] = rows
    owners = [
        Owner(key, _best_first(written), sum(written.values()), tuple(people.get(key, ())))
        for key, written in found.items()
        if key
    ]
    return sorted(owners, key=lambda owner: (-owner.rows, owner.key))


def _best_first(written: Mapping[str, int]) -> tuple[str, ...]:
    """Sort all-capital, all-lower-case and reversed names after others."""
    return tuple(
        sorted(
            written,
            key=lambda name: ("," in name, name.isupper() or name.islower(), -written[name], name),
        )
    )


def _parted(words: Sequence[str]) -> tuple[str, str]:
    """Split after the first word; in a long name, later if the rest would be too long."""
    for n in range(1, len(words)):
        first, last = " ".join(words[:n]), " ".join(words[n:])
        if len(last) <= LONGEST_NAME:
            return _fitting(first, last)
    return _fitting(" ".join(words), "")


def _fitting(first: str, last: str) -> tuple[str, str]:
    return first[:LONGEST_NAME].strip(), last[:LONGEST_NAME].strip()


@dataclass(frozen=True, slots=True)
class Fates:
    """The decision on each owner in a file.

    Args:
        users: owner (`names.who`) -> the matching user.
        new: owners to be created as users.
        nobody: owners whose leads belong to nobody.
        asked: names that match several people, so that a person must decide.
    """

    users: dict[str, User]
    new: list[Owner]
    nobody: list[Owner]
    asked: list[Owner]


def fates(
    spellings: Spellings, names: Names, choices: Choices, made: Mapping[str, int | None]
) -> Fates:
    """Return the decision on each owner, by the choices and the existing users.

    Args:
        made: what was settled when the import started: owner -> a user's number, None for nobody.
    """
    told = Fates({}, [], [], [])
    decided = {who(name): what for name, what in choices.owners.items()}
    by_id = {str(user.pk): user for user in names.users}
    for owner in owners_of(spellings, names.people()):
        if owner.key in made:
            user = by_id.get(str(made[owner.key]))
            _settle(told, owner, user, "" if user else NONE)
        else:
            what = decided.get(owner.key, "")
            user = by_id.get(what)
            if user is None and len(owner.fits) == 1 and what in {"", NEW}:
                user = owner.fits[0]
            _settle(told, owner, user, what or ("" if owner.fits else choices.others))
    return told


def _settle(told: Fates, owner: Owner, user: User | None, what: str) -> None:
    if user is not None:
        told.users[owner.key] = user
    elif what == NEW:
        told.new.append(owner)
    elif what:
        told.nobody.append(owner)
    else:
        told.asked.append(owner)


def question(asked: Sequence[Owner]) -> str:
    """Return the sentence that asks who is meant."""
    names = [f"“{owner}”" for owner in asked[:5]] + (["…"] if len(asked) > 5 else [])
    return ngettext(
        "Several people fit the name %(names)s. Say who is meant.",
        "Several people fit each of the names %(names)s. Say who is meant.",
        len(asked),
    ) % {"names": get_text_list(names, _("and"))}


def named_in(run: ImportRun, told: Study, mapping: LeadMapping) -> Spellings:
    """Return the spellings in the mapped owner column, as far as they are known.

    For a column with very many values they are known only after a trial.
    """
    name = mapping.one(Field.OWNER)
    column = next((one for one in told.columns if one.name == name), None)
    if column is None:
        return {}
    if column.values is not None:
        return column.values
    tried = from_dict(run.mapping, told.headers).one(Field.OWNER) == name
    found: Spellings = run.forecast.get("owners", {}) if tried else {}
    return found
