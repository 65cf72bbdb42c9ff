"""What is said about a prospecting list as a whole: beside its sheet, and on a page of its own."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.test import Client

from custode.activities import moves
from custode.activities.models import Comment
from custode.leads import tagging
from custode.prospecting import columns
from custode.prospecting import moves as list_moves
from custode.prospecting.models import ProspectingList
from tests.cast import Cast
from tests.prospecting.sheets import a_list
from tests.web.conftest import HTMX


@pytest.fixture
def fair(ferri: Cast) -> ProspectingList:
    """Ugo's."""
    return a_list(ferri.actor(ferri.ugo))


@pytest.fixture
def ugo(ferri: Cast, come_in: Callable[..., Client]) -> Client:
    return come_in(ferri.ugo)


def test_it_is_written_beside_the_sheet_and_stands_on_the_lists_page(
    fair: ProspectingList, ugo: Client
) -> None:
    sheet = ugo.get(f"/prospecting/{fair.pk}/").text
    assert f'data-talk="/prospecting/{fair.pk}/comments/"' in sheet
    beside = ugo.get(f"/prospecting/{fair.pk}/comments/", headers=HTMX).text
    assert f'href="/prospecting/{fair.pk}/talk/"' in beside
    answer = ugo.post(f"/prospecting/{fair.pk}/comments/", {"text": "**From** it"}, headers=HTMX)
    told = json.loads(answer["HX-Trigger"])["talked"]
    assert told == {"kind": "prospecting_list", "pk": fair.pk, "count": 1}
    assert "<strong>From</strong> it" in ugo.get(f"/prospecting/{fair.pk}/talk/").text
    answer = ugo.post(f"/prospecting/{fair.pk}/comments/", {"text": "Again"})
    assert answer["Location"] == f"/prospecting/{fair.pk}/talk/#history"


def test_it_is_pinned_and_deleted_there(ferri: Cast, fair: ProspectingList, ugo: Client) -> None:
    comment = moves.write(ferri.actor(ferri.ugo), fair, "One")
    answer = ugo.post(f"/comments/{comment.pk}/pin/", {"on": "1"}, headers=HTMX)
    assert 'class="story is-pinned"' in answer.text
    answer = ugo.post(f"/comments/{comment.pk}/delete/")
    assert answer["Location"] == f"/prospecting/{fair.pk}/talk/#history"
    assert not Comment.objects.exists()


def test_the_search_leads_to_it(ferri: Cast, fair: ProspectingList, ugo: Client) -> None:
    comment = moves.write(ferri.actor(ferri.ugo), fair, "Montelago was well attended")
    found = ugo.get("/search/", {"q": "attended"}).text
    assert f"/prospecting/{fair.pk}/talk/?comment={comment.pk}#comment-{comment.pk}" in found


def test_its_history_is_told_in_sentences(ferri: Cast, fair: ProspectingList, ugo: Client) -> None:
    actor = ferri.actor(ferri.ugo)
    list_moves.describe(actor, fair, "Fair in Milano", "Hall 4")
    list_moves.set_tags(actor, fair, tagging.tags_named(actor, ["fair"]))
    columns.add(actor, fair, "Phone")
    columns.take_out(actor, columns.of(fair)[1])
    list_moves.share(actor, fair, True)
    list_moves.archive(actor, fair, True)
    list_moves.assign(ferri.actor(ferri.anna), fair, ferri.bruna)
    page = ugo.get(f"/prospecting/{fair.pk}/talk/").text
    for sentence in (
        "made this list", "changed “Title” from “Fair in Bologna” to “Fair in Milano”",
        "changed the description", "set “Tag” to “fair”", "added the column “Phone”",
        "took out the column “City”", "shared the list with everybody", "archived the list",
        f"to “{ferri.bruna}”",
    ):  # fmt: skip
        assert sentence in page, sentence
