"""Tags: a comma parts them everywhere, so no name has one."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from custode.leads import tagging
from custode.leads.models import Tag
from tests.cast import Cast


def test_a_name_with_commas_is_several_tags(ferri: Cast) -> None:
    made = tagging.tags_named(ferri.actor(ferri.anna), ["Hot, cold,", " hot ", ",", "x, Fair"])
    assert [tag.name for tag in made] == ["Hot", "cold", "x", "Fair"]
    assert Tag.objects.count() == 4


def test_the_database_takes_no_comma_in_a_name(ferri: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Tag(name="Hot, cold").save()
