"""The option `--owner` of `custode import leads`: who is meant by a name in the file."""

from __future__ import annotations

from collections.abc import Iterable

from custode.exchange.importing.choices import NEW, NONE, Choices
from custode.exchange.importing.names import Names, who
from custode.exchange.importing.owners import Owner, fates, owners_of, question
from custode.exchange.models import ImportRun
from custode.kernel.errors import Invalid
from custode.people.models import User


def read(told: Iterable[str], names: Names) -> dict[str, str]:
    """Return the decisions of `NAME=WHO`, as `Choices.owners` has them.

    Raises:
        Invalid: one does not have this form, or names nobody.
    """
    found = {}
    for one in told:
        name, _sign, meant = (part.strip() for part in one.rpartition("="))
        if not who(name) or not meant:
            raise Invalid(f"--owner is written NAME=WHO, not “{one}”.")
        found[who(name)] = meant if meant in {NEW, NONE} else str(_user(meant, names).pk)
    return found


def _user(meant: str, names: Names) -> User:
    for user in names.users:
        if meant == str(user.pk) or meant.lower() == (user.email or "").lower():
            return user
    raise Invalid(
        f"Nobody here has the address or the number “{meant}”. After --owner NAME= follows one of"
        f" these, or {NEW}, or {NONE}."
    )


def require_answers(brought: ImportRun, names: Names, choices: Choices) -> None:
    """Raise `Invalid` if a name fits several people, or an answer fits no name in the file."""
    spellings = brought.forecast.get("owners", {})
    if not spellings:
        return
    owners = {owner.key: owner for owner in owners_of(spellings, names.people())}
    for key, decided in choices.owners.items():
        if key not in owners:
            raise Invalid(f"No owner in the file is called “{key}”, as --owner says.")
        if decided == NEW and len(owners[key].fits) == 1:
            raise Invalid(f"“{owners[key]}” is here already: {_told(owners[key])}")
    asked = fates(spellings, names, choices, {}).asked
    if asked:
        whom = "\n".join(f"“{owner}” fits {_told(owner)}" for owner in asked)
        raise Invalid(
            f"{question(asked)}\n{whom}\nAnswer with --owner, for example"
            f" --owner '{asked[0]}={_answer(asked[0].fits[0])}' (or ={NEW}, or ={NONE})."
        )


def _told(owner: Owner) -> str:
    return (
        ", ".join(
            f"{user} ({user.email or f'without e-mail address, number {user.pk}'})"
            for user in owner.fits
        )
        + "."
    )


def _answer(user: User) -> str:
    return user.email or str(user.pk)
