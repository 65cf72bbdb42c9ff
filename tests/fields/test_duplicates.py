"""Key fields: what is the same in them, and of which others whoever asks is told."""

from __future__ import annotations

import pytest

from custode.accounts import sharing
from custode.accounts.sharing import Sharing
from custode.fields import moves, reading, values
from custode.fields.models import Sort
from custode.guard import door
from custode.kernel.actor import Entrance
from custode.leads import moves as lead_moves
from custode.leads.models import LeadKey
from custode.people.models import User
from tests.cast import Cast
from tests.fields.made import a_field

KEYS = [
    (Sort.TEXT, "IT 0123-456", "it0123456", True),
    (Sort.TEXT, "Rossi", "Bianchi", False),
    (Sort.PHONE, "+39 02 123456", "0039 02/123456", True),
    (Sort.PHONE, "02 123456", "02 123457", False),
    (Sort.EMAIL, "Ada@firm.example", "ada@firm.example", True),
    (Sort.LINK, "https://www.firm.example/", "firm.example", True),
    (Sort.NUMBER, "1,000", "1000.0", True),
]


@pytest.mark.parametrize(("sort", "one", "other", "same"), KEYS)
def test_what_is_written_otherwise_is_the_same_key(
    ferri: Cast, sort: Sort, one: str, other: str, same: bool
) -> None:
    field = a_field(ferri, "Key", sort, key=True)
    first = ferri.lead(ferri.ugo, "First", own={field.pk: reading.read(field, one)})
    second = ferri.lead(ferri.ugo, "Second", own={field.pk: reading.read(field, other)})
    found = values.same_elsewhere(ferri.actor(ferri.ugo), second, [field])
    assert [lead for _field, lead in found] == ([first] if same else [])


def test_duplicates_are_told_of_living_leads_that_one_sees_only(ferri: Cast) -> None:
    field = a_field(ferri, "Partita IVA", key=True)
    hers = ferri.lead(ferri.bruna, "Hers", own={field.pk: "01234567897"})
    mine = ferri.lead(ferri.ugo, "Mine", own={field.pk: "01234567897"})
    ugo, anna = ferri.actor(ferri.ugo), ferri.actor(ferri.anna)
    assert [lead for _f, lead in values.same_elsewhere(ugo, mine, [field])] == [hers]
    sharing.change(anna, Sharing("admins", False, "admins", "everybody"))
    ugo = User.objects.get(pk=ferri.ugo.pk).actor(Entrance.WEB)
    assert values.same_elsewhere(ugo, mine, [field]) == []
    assert [lead for _f, lead in values.same_elsewhere(anna, mine, [field])] == [hers]
    door.delete(anna, [hers])
    assert values.same_elsewhere(anna, mine, [field]) == []


def test_a_field_that_becomes_a_key_knows_what_leads_have_already(ferri: Cast) -> None:
    anna, field = ferri.actor(ferri.anna), a_field(ferri, "Partita IVA")
    one = ferri.lead(ferri.ugo, "One", own={field.pk: "01234567897"})
    two = ferri.lead(ferri.ugo, "Two", own={field.pk: "01234567897"})
    gone = door.delete(anna, [one]).entry
    assert not LeadKey.objects.exists()
    moves.change(anna, field, field.name, is_key=True)
    assert gone
    door.restore(anna, gone.pk)
    (field,) = moves.offered("lead")
    assert [lead for _f, lead in values.same_elsewhere(anna, two, [field])] == [one]
    lead_moves.edit(anna, two, own={field.pk: None})
    assert LeadKey.objects.count() == 1
    moves.change(anna, field, field.name, is_key=False)
    assert not LeadKey.objects.exists()
