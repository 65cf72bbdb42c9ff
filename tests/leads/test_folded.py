"""Folding can make a text longer, up to eighteen times: everything that is kept folded holds it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from custode.leads import moves, pipelines, queries, tagging
from custode.leads.filters import Filter
from custode.leads.models import Lead, Tag
from tests.cast import Cast

# One character each that folding takes apart: into 18, 3, 3 and 2 others.
GROWING = ["\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}", "½", "…", "ß"]


@pytest.mark.parametrize("character", GROWING)
def test_a_tag_of_the_longest_name_is_made_found_and_taken_off(ferri: Cast, character: str) -> None:
    anna, lead = ferri.actor(ferri.anna), ferri.lead(ferri.ugo)
    name, alike = character * 60, character * 59 + "x"
    tags = tagging.tags_named(anna, [name, alike])
    assert [tag.name for tag in tags] == [name, alike]
    assert tagging.tags_named(anna, [name, alike]) == tags
    moves.set_tags(anna, lead, tags)
    assert set(lead.tags.all()) == set(tags)
    tags[0].refresh_from_db()
    tags[0].save()
    assert Tag.objects.get(folded=tags[0].folded) == tags[0]


@pytest.mark.parametrize("character", GROWING)
def test_a_lead_of_the_longest_title_is_made_changed_sorted_and_found(
    ferri: Cast, character: str
) -> None:
    anna, title = ferri.actor(ferri.anna), character * 200
    lead = ferri.lead(ferri.ugo, title, reference=character * 120, description=character * 9000)
    moves.edit(anna, lead, title=title[:-1] + "y")
    other = ferri.lead(ferri.ugo, "A")
    assert set(Lead.objects.order_by("title_folded", "pk")) == {other, lead}
    assert list(queries.matching(anna, Filter(q=character * 150))) == [lead]


@pytest.mark.parametrize("character", GROWING)
def test_pipelines_and_steps_of_the_longest_names_are_made(ferri: Cast, character: str) -> None:
    anna = ferri.actor(ferri.anna)
    pipeline = pipelines.create_pipeline(anna, character * 80, [character * 79 + n for n in "ab"])
    assert [len(step.name) for step in pipeline.steps.all()] == [80, 80]


def test_tags_sort_by_their_characters_on_both_databases(ferri: Cast) -> None:
    tagging.tags_named(ferri.actor(ferri.anna), ["zeta", "È", "a b", "A-c", "ab"])
    assert [tag.name for tag in Tag.objects.all()] == ["a b", "A-c", "ab", "È", "zeta"]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT collation_name FROM information_schema.columns"
                " WHERE table_name = 'leads_tag' AND column_name = 'folded'"
            )
            found: Any = cursor.fetchone()
        assert found == ("C",)
