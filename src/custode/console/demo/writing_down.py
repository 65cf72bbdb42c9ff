"""The demo's default fields, made before anything is sold."""

from __future__ import annotations

import random
from typing import Final

from custode.clients.models import ClientFolder
from custode.fields import moves, values
from custode.fields.models import DefaultField, Sort
from custode.fields.reading import Value
from custode.kernel.actor import Actor
from custode.kernel.text import labelled_lines
from custode.leads.models import Lead

SECTORS: Final = ("Alimentare", "Meccanica", "Legno e arredo", "Edilizia", "Grafica")
_BOTH: Final = (("Partita IVA", Sort.TEXT, (), True), ("PEC", Sort.EMAIL, (), False))
_OF_LEADS: Final = (*_BOTH, ("Settore", Sort.CHOICE, SECTORS, False))
_OF_FOLDERS: Final = (
    *_BOTH,
    ("Settore", Sort.CHOICE, SECTORS, False),
    ("Cliente dal", Sort.DATE, (), False),
    ("Sito", Sort.LINK, (), False),
)


def make_fields(boss: Actor) -> None:
    """Create the fields."""
    for kind, fields in ((Lead.kind.name, _OF_LEADS), (ClientFolder.kind.name, _OF_FOLDERS)):
        for name, sort, choices, is_key in fields:
            moves.create(boss, kind, name, sort, choices, is_key=is_key)


def told(
    chance: random.Random, fields: list[DefaultField], description: str
) -> tuple[str, dict[int, Value | None]]:
    """Return a description without the lines of default fields, and those fields' values."""
    own, used = values.from_lines(fields, labelled_lines(description))
    kept = [line for line in description.splitlines() if line.partition(":")[0] not in used]
    for field in fields:
        if field.sort == Sort.CHOICE and chance.random() < 0.7:
            own[field.pk] = chance.choice(field.offered_choices).pk
    return "\n".join(kept), own
