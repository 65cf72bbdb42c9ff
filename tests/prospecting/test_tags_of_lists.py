"""A tag merged or deleted in the admin panel is so on prospecting lists too, and comes back."""

from __future__ import annotations

import json

import pytest

from custode.guard import door
from custode.guard.models import Change, LogEntry
from custode.kernel.actor import Actor
from custode.leads import tagging, tags
from custode.leads.models import LeadTag, Tag
from custode.prospecting import moves
from custode.prospecting.models import ListTag, ProspectingList
from tests.cast import Cast
from tests.prospecting.sheets import a_list


@pytest.fixture
def anna(ferri: Cast) -> Actor:
    """Ferri's admin, acting."""
    return ferri.actor(ferri.anna)


def of(title: str) -> set[str]:
    links = ListTag.objects.filter(in_list=ProspectingList.with_trashed.get(title=title))
    return set(links.values_list("tag__name", flat=True))


def tagged(ferri: Cast) -> tuple[Tag, Tag]:
    """Lists with one of two tags, with both, in the trash, and without; and a lead."""
    actor = ferri.actor(ferri.ugo)
    hot, warm = tagging.tags_named(actor, ["Hot", "Warm"])
    for title, marks in (
        ("One", [hot]), ("Both", [hot, warm]), ("Other", [warm]), ("None", []), ("Trashed", [hot]),
    ):  # fmt: skip
        moves.set_tags(actor, a_list(actor, title, []), marks)
    door.delete(actor, ProspectingList.objects.filter(title="Trashed"))
    ferri.lead(ferri.ugo, "Lead", tags=[hot])
    return hot, warm


BEFORE: dict[str, set[str]] = {
    "One": {"Hot"}, "Both": {"Hot", "Warm"}, "Other": {"Warm"}, "None": set(), "Trashed": {"Hot"},
}  # fmt: skip


def test_a_merged_tag_is_the_other_on_all_lists_and_comes_back(ferri: Cast, anna: Actor) -> None:
    hot, warm = tagged(ferri)
    act = tags.delete(anna, hot, warm)
    assert (act.count, act.along) == (1, {"prospecting_list": 3})
    for title in ("One", "Both", "Other", "Trashed"):
        assert of(title) == {"Warm"}
    assert of("None") == set()
    assert json.loads(LogEntry.objects.get(seq=act.seq).details)["also"] == {"prospecting_list": 3}
    assert Change.objects.filter(seq=act.seq, kind="prospecting_list").count() == 5
    door.undo(anna, act.seq)
    assert {title: of(title) for title in BEFORE} == BEFORE
    assert set(LeadTag.objects.values_list("tag__name", flat=True)) == {"Hot"}


def test_a_deleted_tag_is_off_all_lists_and_comes_back(ferri: Cast, anna: Actor) -> None:
    hot, _warm = tagged(ferri)
    act = tags.delete(anna, hot)
    assert [of(title) for title in ("One", "Both", "Trashed")] == [set(), {"Warm"}, set()]
    door.undo(anna, act.seq)
    assert {title: of(title) for title in BEFORE} == BEFORE


def test_a_list_that_lost_the_other_tag_since_has_its_own_again(ferri: Cast, anna: Actor) -> None:
    hot, warm = tagged(ferri)
    act = tags.delete(anna, hot, warm)
    moves.set_tags(ferri.actor(ferri.ugo), ProspectingList.objects.get(title="One"), [])
    door.undo(anna, act.seq)
    assert of("One") == {"Hot"}
    assert of("Both") == {"Hot", "Warm"}


def test_a_tag_on_no_lead_is_off_the_lists_all_the_same(ferri: Cast, anna: Actor) -> None:
    actor = ferri.actor(ferri.ugo)
    (fair,) = tagging.tags_named(actor, ["Fair"])
    moves.set_tags(actor, a_list(actor, "One", []), [fair])
    act = tags.delete(anna, fair)
    assert (act.count, of("One")) == (0, set())
    door.undo(anna, act.seq)
    assert of("One") == {"Fair"}
