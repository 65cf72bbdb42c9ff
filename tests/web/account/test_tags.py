"""The panel's page of tags: by category, renamed, merged and deleted; filters group them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from custode.guard import door
from custode.guard.models import LogEntry
from custode.leads import moves, tagging, tags
from custode.leads.models import LeadTag, Tag, TagCategory
from tests.cast import Cast

PAGE = "/admin-panel/tags/"


@pytest.fixture
def anna(ferri: Cast, come_in: Callable[..., Client]) -> Client:
    """Anna's browser."""
    return come_in(ferri.anna)


def text(answer: Any) -> str:
    body: HttpResponse = answer
    return body.content.decode()


def test_tags_stand_in_their_categories(ferri: Cast, anna: Client) -> None:
    anna.post(PAGE, {"name": "Source"})
    source = TagCategory.objects.get()
    anna.post(f"{PAGE}new/", {"name": "Fair", "category": source.pk})
    anna.post(f"{PAGE}new/", {"name": "Hot"})
    fair = Tag.offered.get(name="Fair")
    assert fair.category == source
    page = text(anna.get(PAGE))
    assert page.index('value="Fair"') < page.index("Without a category</h2>")
    assert page.index("Without a category</h2>") < page.index('value="Hot"')
    for url in ("/leads/", "/board/"):
        page = text(anna.get(url))
        assert page.index(">Source</p>") < page.index("Fair</span>") < page.index(">Other tags</p>")
    anna.post(f"{PAGE}{fair.pk}/", {"name": "Fairs", "category": ""})
    fair.refresh_from_db()
    assert (fair.name, fair.category_id) == ("Fairs", None)


def test_each_says_how_many_leads_have_it(ferri: Cast, anna: Client) -> None:
    ugo = ferri.actor(ferri.ugo)
    leads = [ferri.lead(ferri.ugo, f"Lead {n}") for n in range(3)]
    for lead in leads:
        moves.set_tags(ugo, lead, tagging.tags_named(ugo, ["Hot"]))
    door.delete(ugo, leads[:1])
    tags.create(ferri.actor(ferri.anna), "Cold", None)
    page = text(anna.get(PAGE))
    hot, cold = Tag.offered.get(name="Hot"), Tag.offered.get(name="Cold")
    assert f'href="/leads/?tag={hot.pk}">2 leads</a>' in page
    assert f'href="/leads/?tag={cold.pk}">0 leads</a>' in page


@pytest.mark.parametrize("name", ["", "a, b", "hot", "x" * 61])
def test_what_is_wrong_stands_beside_what_was_typed(ferri: Cast, anna: Client, name: str) -> None:
    tagging.tags_named(ferri.actor(ferri.ugo), ["Hot"])
    answer = anna.post(f"{PAGE}new/", {"name": name})
    assert answer.status_code == 422
    assert "new-tag-mistake" in text(answer)
    assert Tag.objects.count() == 1


def test_a_category_of_another_account_is_none(ferri: Cast, anna: Client) -> None:
    answer = anna.post(f"{PAGE}new/", {"name": "Hot", "category": "999999"})
    assert answer.status_code == 422
    assert not Tag.objects.exists()


def test_a_tag_is_merged_and_brought_back_from_the_log(ferri: Cast, anna: Client) -> None:
    hot, warm = tagging.tags_named(ferri.actor(ferri.ugo), ["Hot", "Warm"])
    lead = ferri.lead(ferri.ugo, tags=[hot])
    page = text(anna.get(f"{PAGE}{hot.pk}/delete/"))
    assert "1 lead has it." in page
    assert f'<option value="{hot.pk}"' not in page
    answer = anna.post(f"{PAGE}{hot.pk}/delete/", {"into": warm.pk}, follow=True)
    assert "The tag “Hot” is merged into “Warm”." in text(answer)
    assert LeadTag.objects.get(lead=lead).tag == warm
    assert "merged the tag <b>Hot</b> into <b>Warm</b>" in text(anna.get("/security/actions/"))
    anna.post(f"/undo/{LogEntry.objects.get(verb='retire').seq}/")
    assert LeadTag.objects.get(lead=lead).tag == hot
    anna.post(f"{PAGE}{hot.pk}/delete/", {"into": ""})
    assert not LeadTag.objects.exists()
    assert "deleted the tag <b>Hot</b>" in text(anna.get("/security/actions/"))


@pytest.mark.parametrize("into", ["x", "0", "999999", "same"])
def test_a_tag_is_merged_into_no_nonsense(ferri: Cast, anna: Client, into: str) -> None:
    hot = tagging.tags_named(ferri.actor(ferri.ugo), ["Hot"])[0]
    sent = str(hot.pk) if into == "same" else into
    assert anna.post(f"{PAGE}{hot.pk}/delete/", {"into": sent}).status_code == 422
    assert Tag.offered.filter(pk=hot.pk).exists()


def test_categories_are_put_in_order_and_removed(ferri: Cast, anna: Client) -> None:
    actor = ferri.actor(ferri.anna)
    ids = [tags.create_category(actor, name).pk for name in "ABC"]
    anna.post("/admin-panel/tag-categories/order/", {"ids": ids, "down": ids[0]})
    assert [one.name for one in TagCategory.objects.all()] == ["B", "A", "C"]
    anna.post(f"/admin-panel/tag-categories/{ids[0]}/", {"name": "First"})
    anna.post(f"/admin-panel/tag-categories/{ids[2]}/delete/")
    assert [one.name for one in TagCategory.objects.all()] == ["B", "First"]


def test_tags_are_found_by_name(ferri: Cast, anna: Client) -> None:
    tagging.tags_named(ferri.actor(ferri.ugo), ["Café", "Fair"])
    page = text(anna.get(f"{PAGE}?q=cafe"))
    assert 'value="Café"' in page
    assert 'value="Fair"' not in page
    assert "No tag has this name." in text(anna.get(f"{PAGE}?q=zzz"))


def test_the_page_asks_no_more_of_many_tags(ferri: Cast, anna: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            anna.get(PAGE)
        return len(queries)

    asked()
    before = asked()
    actor = ferri.actor(ferri.anna)
    for n in range(6):
        tags.create(actor, f"T{n}", tags.create_category(actor, f"C{n}"))
    assert asked() == before
