"""Bulk acts on leads of which some, or all, belong to somebody else."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from custode.guard import door
from custode.guard.models import Change, LogEntry
from custode.leads import tagging
from custode.leads.models import Lead, Tag
from tests.cast import Cast
from tests.web.leads.test_bulk import post

CHANGES: list[dict[str, Any]] = [
    {"step": "2"},
    {"owner": "none"},
    {"tag": "Hot", "tag_on": "1"},
    {"tag": "Hot", "tag_off": "1"},
]


@pytest.mark.parametrize("act", CHANGES)
def test_who_may_not_edit_all_is_offered_their_own(
    ferri: Cast, ugo: Client, act: dict[str, Any]
) -> None:
    mine, hers = ferri.lead(ferri.ugo, "Mine"), ferri.lead(ferri.bruna, "Hers")
    if "step" in act:
        act = {"step": ferri.ferri.steps[1].pk}
    tagging.tags_named(ferri.actor(ferri.ugo), ["Hot"])
    for chosen in ({"ids": [mine.pk, hers.pk]}, {"all": "1"}):
        before = Change.objects.count()
        page = post(ugo, **chosen, **act).content.decode()
        assert "You may change 1 of these 2 leads" in page
        assert "Change only 1 lead" in page
        assert 'name="mine" value="1"' in page
        assert Change.objects.count() == before
        assert post(ugo, **chosen, **act, mine="1").status_code == 200
    assert set(Change.objects.exclude(field="created").values_list("object_id", flat=True)) <= {
        mine.pk
    }


def test_a_tag_that_is_refused_or_put_on_nothing_is_not_made(ferri: Cast, ugo: Client) -> None:
    hers, who = ferri.lead(ferri.bruna, "Hers"), ferri.actor(ferri.ugo)
    new = {"tag": "New, Newer", "tag_on": "1"}
    assert post(ugo, ids=[hers.pk], **new).status_code == 403
    nothing = Lead.objects.filter(title="Gone")
    act = door.change_labels(who, nothing, "tag", add=lambda: tagging.tags_named(who, ["New"]))
    assert (act.count, act.seq) == (0, 0)
    assert not Tag.objects.exists()
    mine = ferri.lead(ferri.ugo, "Mine")
    post(ugo, ids=[mine.pk], **new)
    assert {tag.name for tag in Tag.objects.all()} == {"New", "Newer"}


def test_a_tag_of_which_nothing_is_seen_is_put_on_nothing(ferri: Cast, ugo: Client) -> None:
    mine = ferri.lead(ferri.ugo, "Mine")
    answer = post(ugo, ids=[mine.pk], tag="\u200b", tag_on="1")
    assert "There was nothing to change." in answer.content.decode()
    assert not Tag.objects.exists()


def test_who_may_edit_none_of_them_is_refused(ferri: Cast, ugo: Client) -> None:
    mine, hers = ferri.lead(ferri.ugo, "Mine"), ferri.lead(ferri.bruna, "Hers")
    tagging.tags_named(ferri.actor(ferri.ugo), ["Hot"])
    acts = [{**act, "ids": [hers.pk]} for act in CHANGES[1:]]
    acts.append({"delete": "1", "confirmed": "2", "ids": [mine.pk, hers.pk]})
    for act in acts:
        answer = post(ugo, **act)
        assert answer.status_code == 403
        assert answer["X-Custode-Problem"]
        assert "belongs to somebody else" in answer.content.decode()
    assert Lead.objects.filter(step=ferri.ferri.steps[0]).count() == 2
    assert LogEntry.objects.filter(outcome="refused").exists()
