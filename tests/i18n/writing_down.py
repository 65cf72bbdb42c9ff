"""Default fields in all their states, for the walk through all pages."""

from __future__ import annotations

import pytest

from custode.fields import moves as default_fields
from custode.fields import reading
from custode.fields.models import DefaultField, Sort
from custode.guard import door
from custode.kernel.errors import Refused
from custode.leads import moves
from custode.leads.models import Lead
from tests.cast import Cast

SORTS = {
    Sort.TEXT: "0123", Sort.NUMBER: "12", Sort.DATE: "2026-01-31", Sort.CHOICE: "Sud",
    Sort.EMAIL: "x@pec.example", Sort.PHONE: "02 12345", Sort.LINK: "firm.example",
}  # fmt: skip


def own_fields(ferri: Cast, pk: int) -> list[int]:
    """A field of each sort, on a lead with what seems wrong, one out of use, and a refusal."""
    anna = ferri.actor(ferri.anna)
    found: list[DefaultField] = []
    for sort, text in SORTS.items():
        choices = ("Nord", "Sud") if sort == Sort.CHOICE else ()
        key = sort in {Sort.TEXT, Sort.EMAIL}
        name = "Partita IVA" if sort == Sort.TEXT else f"Campo {len(found)}"
        made = default_fields.create(anna, "lead", name, sort, choices, is_key=key)
        default_fields.create(anna, "client_folder", name, sort, choices, is_key=key)
        own = {made.pk: reading.read(made, text)}
        for lead in Lead.objects.filter(pk__in=[pk, pk + 1]):
            moves.edit(anna, lead, own=own)
        found.append(made)
    moves.edit(anna, Lead.objects.get(pk=pk), own={found[2].pk: None})
    choice = found[3].offered_choices[1]
    default_fields.retire_choice(anna, choice, True)
    default_fields.retire_choice(anna, choice, False)
    gone = default_fields.create(anna, "lead", "Fuori uso", Sort.TEXT)
    act = default_fields.retire(anna, gone, True)
    door.undo(anna, act.seq)
    default_fields.retire(anna, gone, True)
    with pytest.raises(Refused):
        default_fields.retire(ferri.actor(ferri.ugo), gone, False)
    with pytest.raises(Refused):
        default_fields.retire_choice(ferri.actor(ferri.ugo), choice, True)
    return [found[0].pk, choice.pk]
