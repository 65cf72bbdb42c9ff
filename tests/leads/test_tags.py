"""Tags: a comma parts them everywhere, so no name has one."""

from __future__ import annotations

import importlib

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from custode.kernel import scope
from custode.leads import moves
from custode.leads.models import Lead, Tag
from tests.cast import Cast


def test_a_name_with_commas_is_several_tags(ferri: Cast) -> None:
    made = moves.tags_named(ferri.actor(ferri.anna), ["Hot, cold,", " hot ", ",", "x, Fair"])
    assert [tag.name for tag in made] == ["Hot", "cold", "x", "Fair"]
    assert Tag.objects.count() == 4


def test_the_database_takes_no_comma_in_a_name(ferri: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Tag(name="Hot, cold").save()


def migrated() -> None:
    """What the migration to folded quotes and parting commas does to the rows there are."""
    step = importlib.import_module("custode.leads.migrations.0003_quotes_fold_and_commas_part")
    with scope.everywhere("a migration sees all accounts"):
        step.fold_anew(apps, None)
        step.commas_part(apps, None)


def test_what_was_folded_before_is_folded_anew(ferri: Cast) -> None:
    lead = ferri.lead(ferri.ugo, "Città dell’olio", description="“Sole”")
    plain = ferri.lead(ferri.ugo, "Plain")
    tag = moves.tags_named(ferri.actor(ferri.anna), ["L’olio"])[0]
    Lead.objects.filter(pk=lead.pk).update(title_folded="citta dell’olio", searched="before")
    Tag.objects.filter(pk=tag.pk).update(folded="before")
    migrated()
    for one in (lead, plain, tag):
        one.refresh_from_db()
    assert lead.title_folded == "citta dell'olio"
    assert lead.searched.split() == ["citta", "dell'olio", '"sole"']
    assert plain.title_folded == "plain"
    assert tag.folded == "l'olio"
