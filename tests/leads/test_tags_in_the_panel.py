"""Tags and categories: made, renamed, merged and deleted on all leads, and brought back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from custode.guard import door, history
from custode.guard.models import LogEntry
from custode.kernel.actor import Actor
from custode.kernel.errors import Gone, Invalid, Refused
from custode.leads import moves, tagging, tags
from custode.leads.models import Lead, LeadTag, Tag, TagCategory
from tests.cast import Cast


@pytest.fixture
def anna(ferri: Cast) -> Actor:
    """Ferri's admin, acting."""
    return ferri.actor(ferri.anna)


@pytest.fixture
def hot(ferri: Cast) -> Tag:
    """A tag of Ferri's."""
    return tagging.tags_named(ferri.actor(ferri.ugo), ["Hot"])[0]


def of(title: str) -> set[str]:
    links = LeadTag.objects.filter(lead=Lead.with_trashed.get(title=title))
    return set(links.values_list("tag__name", flat=True))


def tagged(ferri: Cast) -> tuple[Tag, Tag]:
    """Leads with one of two tags, with both, in the trash, and without."""
    hot, warm = tagging.tags_named(ferri.actor(ferri.ugo), ["Hot", "Warm"])
    ferri.lead(ferri.ugo, "One", tags=[hot])
    ferri.lead(ferri.bruna, "Both", tags=[hot, warm])
    ferri.lead(ferri.ugo, "Other", tags=[warm])
    ferri.lead(ferri.ugo, "None")
    door.delete(ferri.actor(ferri.anna), [ferri.lead(ferri.ugo, "Trashed", tags=[hot])])
    return hot, warm


def test_a_merged_tag_is_the_other_on_all_leads_and_comes_back(ferri: Cast, anna: Actor) -> None:
    hot, warm = tagged(ferri)
    act = tags.delete(anna, hot, warm)
    assert act.count == 3
    assert [tag.name for tag in Tag.offered.all()] == ["Warm"]
    titles = ("One", "Both", "Trashed", "Other", "None")
    assert [of(title) for title in titles] == [{"Warm"}] * 4 + [set()]
    back = door.undo(anna, act.seq)
    assert (back.count, back.stayed) == (3, 0)
    expected: list[set[str]] = [{"Hot"}, {"Hot", "Warm"}, {"Hot"}, {"Warm"}, set()]
    assert [of(title) for title in titles] == expected


def test_a_deleted_tag_is_off_all_leads_and_comes_back(ferri: Cast, anna: Actor) -> None:
    hot, _warm = tagged(ferri)
    act = tags.delete(anna, hot)
    told = LogEntry.objects.get(seq=act.seq)
    assert (told.verb, told.count) == ("retire", 3)
    assert [of(title) for title in ("One", "Both", "Trashed")] == [set(), {"Warm"}, set()]
    one = Lead.objects.get(title="One")
    assert history.of(one).filter(field="tag", old=str(hot.pk), new=None, seq=act.seq).exists()
    door.undo(anna, act.seq)
    assert [of(title) for title in ("One", "Both", "Trashed")] == [
        {"Hot"}, {"Hot", "Warm"}, {"Hot"},
    ]  # fmt: skip


def test_a_deleted_tag_is_put_on_no_lead_and_its_name_is_free(
    ferri: Cast, anna: Actor, hot: Tag
) -> None:
    lead = ferri.lead(ferri.ugo)
    act = tags.delete(anna, hot)
    moves.set_tags(anna, lead, [hot])
    assert of("Scanner") == set()
    with pytest.raises(Invalid, match="not there any more"):
        door.change_labels(anna, [lead], "tag", add=[hot])
    again = tagging.tags_named(anna, ["hot"])[0]
    assert again.pk != hot.pk
    again_named_so = tags.create(anna, "Cold")
    tags.change(anna, again, "Hot", None)
    with pytest.raises(Invalid, match="another name"):
        door.undo(anna, act.seq)
    with pytest.raises(Gone):
        tags.delete(anna, hot, again_named_so)


def test_an_undone_bulk_act_puts_no_deleted_tag_on(ferri: Cast, anna: Actor, hot: Tag) -> None:
    lead = ferri.lead(ferri.ugo, tags=[hot])
    off = door.change_labels(anna, [lead], "tag", remove=[hot])
    tags.delete(anna, hot)
    with pytest.raises(Invalid, match="“Hot” has been deleted since"):
        door.undo(anna, off.seq)


REFUSED: dict[str, Callable[[Actor, Tag, TagCategory], object]] = {
    "make a tag": lambda who, _tag, _category: tags.create(who, "New"),
    "rename a tag": lambda who, tag, _category: tags.change(who, tag, "New", None),
    "delete a tag": lambda who, tag, _category: tags.delete(who, tag),
    "make a category": lambda who, _tag, _category: tags.create_category(who, "New"),
    "rename a category": lambda who, _tag, one: tags.rename_category(who, one, "New"),
    "order categories": lambda who, _tag, one: tags.order_categories(who, [one.pk]),
    "remove a category": lambda who, _tag, one: tags.dissolve_category(who, one),
}


@pytest.mark.parametrize("act", REFUSED.values(), ids=REFUSED.keys())
def test_who_is_no_admin_may_not(
    ferri: Cast, anna: Actor, hot: Tag, act: Callable[[Actor, Tag, TagCategory], object]
) -> None:
    category = tags.create_category(anna, "Temperature")
    with pytest.raises(Refused):
        act(ferri.actor(ferri.ugo), hot, category)
    assert [tag.name for tag in Tag.offered.all()] == ["Hot"]
    assert [one.name for one in TagCategory.objects.all()] == ["Temperature"]


def test_what_cannot_be_is_said(ferri: Cast, anna: Actor, hot: Tag) -> None:
    with pytest.raises(Invalid, match="You can merge the two"):
        tags.create(anna, " HOT ")
    with pytest.raises(Invalid, match="cannot have a comma"):
        tags.create(anna, "a, b")
    with pytest.raises(Invalid, match="cannot have a comma"):
        tags.change(anna, hot, "a, b", None)
    with pytest.raises(Invalid, match="needs a name"):
        tags.create(anna, " \n")
    with pytest.raises(Invalid, match="at most 60"):
        tags.create_category(anna, "x" * 61)
    with pytest.raises(Invalid, match="take its place"):
        tags.delete(anna, hot, hot)
    tags.create_category(anna, "Source")
    with pytest.raises(Invalid, match="of this name already"):
        tags.create_category(anna, "source")
    with pytest.raises(Invalid, match="in the meantime"):
        tags.order_categories(anna, [])


def test_a_category_that_is_removed_leaves_its_tags(ferri: Cast, anna: Actor, hot: Tag) -> None:
    source, product = tags.create_category(anna, "Source"), tags.create_category(anna, "Product")
    tags.change(anna, hot, "Very hot", source)
    lead = ferri.lead(ferri.ugo, tags=[hot])
    tags.order_categories(anna, [product.pk, source.pk])
    assert [one.name for one in TagCategory.objects.all()] == ["Product", "Source"]
    tags.dissolve_category(anna, source)
    hot.refresh_from_db()
    assert (hot.name, hot.category, of(lead.title)) == ("Very hot", None, {"Very hot"})


def test_a_category_that_somebody_has_removed_meanwhile_takes_no_name_and_no_tag(
    ferri: Cast, anna: Actor, hot: Tag
) -> None:
    source = tags.create_category(anna, "Source")
    tags.dissolve_category(anna, TagCategory.objects.get(pk=source.pk))
    with pytest.raises(Gone, match="“Source” has been deleted in the meantime"):
        tags.rename_category(anna, source, "Origin")
    for act in (
        lambda: tags.create(anna, "Cold", source),
        lambda: tags.change(anna, hot, "Very hot", source),
    ):
        with pytest.raises(Invalid, match="from the list") as no:
            act()
        assert no.value.field == "category"
    assert [(tag.name, tag.category) for tag in Tag.objects.all()] == [("Hot", None)]
