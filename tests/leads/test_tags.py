"""Tags: a comma parts them everywhere, so no name has one."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from custode.kernel.errors import Invalid
from custode.leads import moves, tagging
from custode.leads.models import Lead, Tag
from custode.prospecting import moves as list_moves
from tests.cast import Cast
from tests.prospecting.sheets import a_list

HUNDRED = [f"T{n}" for n in range(100)]


def test_a_name_with_commas_is_several_tags(ferri: Cast) -> None:
    made = tagging.tags_named(ferri.actor(ferri.anna), ["Hot, cold,", " hot ", ",", "x, Fair"])
    assert [tag.name for tag in made] == ["Hot", "cold", "x", "Fair"]
    assert Tag.objects.count() == 4


def test_a_lead_and_a_list_have_a_hundred_tags_at_most_and_more_make_none(ferri: Cast) -> None:
    ugo, lead = ferri.actor(ferri.ugo), ferri.lead(ferri.ugo)
    one = a_list(ugo)
    for change in (
        lambda names: moves.create(ugo, title="New", tags=names),
        lambda names: moves.set_tags(ugo, lead, names),
        lambda names: list_moves.create(ugo, "New", ["Name"], tags=names),
        lambda names: list_moves.change(ugo, one, tags=names),
    ):
        with pytest.raises(Invalid, match="room for 100 tags at most") as error:
            change([*HUNDRED, "One more"])
        assert error.value.field == "tags"
    assert not Tag.objects.exists()
    assert Lead.objects.count() == 1
    # Each counts once, whatever it is written like.
    moves.set_tags(ugo, lead, [*HUNDRED, "t0", " T1 "])
    list_moves.set_tags(ugo, one, HUNDRED)
    assert lead.tags.count() == one.tags.count() == 100
    with pytest.raises(Invalid, match="100 tags"):
        moves.set_tags(ugo, lead, [*lead.tags.all(), "One more"])
    assert Tag.objects.count() == 100


def test_the_database_takes_no_comma_in_a_name(ferri: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Tag(name="Hot, cold").save()
