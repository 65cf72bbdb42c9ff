"""One search over everything: what one may see, by any part of a word, and nothing that is gone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from custode.activities import moves
from custode.clients import moves as folder_moves
from custode.guard import door
from custode.guard.owned import Guarded
from custode.leads.models import Lead
from custode.postsales.models import Task
from custode.prospecting import moves as list_moves
from tests.activities.test_comments_on_more import close
from tests.cast import Cast
from tests.emails.made import an_email
from tests.postsales.processes import a_task, won
from tests.prospecting.sheets import a_list, add, row_of
from tests.web.conftest import HTMX

GROUPS = ["leads", "clients", "lists", "prospects", "tasks", "comments", "emails"]


def made(ferri: Cast, who: str, word: str) -> dict[str, Guarded]:
    """Something of each sort of somebody's, with a word in it."""
    user = getattr(ferri, who)
    actor = ferri.actor(user)
    lead = ferri.lead(user, f"Lead {word}")
    one = a_list(actor, f"List {word}", [(f"Prospect {word}", "Torino", "")])
    return {
        "leads": lead,
        "clients": folder_moves.create(actor, f"Folder {word}", owner=user),
        "lists": one,
        "prospects": row_of(one, f"Prospect {word}"),
        "tasks": a_task(ferri, won(ferri, user, "Sold"), user, f"Task {word}"),
        "comments": moves.write(actor, lead, f"Comment {word}"),
        "emails": an_email(ferri, lead, subject=f"Letter {word}"),
    }


@pytest.fixture
def ugo(ferri: Cast, come_in: Callable[..., Client]) -> Client:
    return come_in(ferri.ugo)


def groups(page: str) -> dict[str, list[str]]:
    """What each group shows: its addresses."""
    found = {}
    for part in page.split('aria-labelledby="found-')[1:]:
        name = part.partition('"')[0]
        found[name] = re.findall(r'class="found-name" href="([^"]+)"', part)
    return found


def test_each_sort_is_found_and_leads_to_its_page(ferri: Cast, ugo: Client) -> None:
    things = made(ferri, "ugo", "Perché")
    made(ferri, "ugo", "Other")
    page = ugo.get("/search/", {"q": "PERCHE"}).text
    lead = things["leads"].pk
    sold = Task.objects.get(pk=things["tasks"].pk).process.lead_id
    comment, email = things["comments"].pk, things["emails"].pk
    assert groups(page) == {
        "leads": [f"/leads/{lead}/"],
        "clients": [f"/clients/{things['clients'].pk}/"],
        "lists": [f"/prospecting/{things['lists'].pk}/"],
        "prospects": [f"/prospects/{things['prospects'].pk}/"],
        "tasks": [f"/leads/{sold}/#lead-processes"],
        "comments": [f"/leads/{lead}/?comment={comment}#comment-{comment}"],
        "emails": [f"/leads/{lead}/?email={email}#email-{email}"],
    }
    assert page.count("<mark>Perché</mark>") >= 6
    assert "Other" not in page
    assert list(groups(ugo.get("/search/", {"q": "erch"}).text)) == GROUPS
    for url in (url for urls in groups(page).values() for url in urls):
        assert ugo.get(url.partition("#")[0]).status_code == 200


@pytest.mark.parametrize("on", ["leads", "clients", "prospects"])
def test_what_was_said_long_ago_is_shown_where_the_search_leads(
    ferri: Cast, ugo: Client, on: str
) -> None:
    actor, about = ferri.actor(ferri.ugo), made(ferri, "ugo", "Perché")[on]
    old = moves.write(actor, about, "Long ago")
    for n in range(30):
        moves.write(actor, about, f"Later {n}")
    (url,) = groups(ugo.get("/search/", {"q": "long ago"}).text)["comments"]
    page, _sharp, element = url.partition("#")
    assert element == f"comment-{old.pk}"
    assert ugo.get(page).text.count(f'id="{element}"') == 1
    assert f'id="{element}"' not in ugo.get(page.partition("?")[0]).text
    # What is among the latest stands there once; what is elsewhere is no business of this page.
    latest = moves.write(actor, about, "Latest")
    there = ugo.get(f"{page.partition('?')[0]}?comment={latest.pk}").text
    assert there.count(f'id="comment-{latest.pk}"') == 1
    other = moves.write(actor, ferri.lead(ferri.bruna, "Other"), "Elsewhere")
    assert "Elsewhere" not in ugo.get(f"{page.partition('?')[0]}?comment={other.pk}").text


def test_an_email_of_long_ago_is_shown_where_the_search_leads(ferri: Cast, ugo: Client) -> None:
    lead = ferri.lead(ferri.ugo, "Press")
    email = an_email(ferri, lead, subject="Long ago")
    for n in range(30):
        moves.write(ferri.actor(ferri.ugo), lead, f"Later {n}")
    (url,) = groups(ugo.get("/search/", {"q": "long ago"}).text)["emails"]
    assert ugo.get(url.partition("#")[0]).text.count(f'id="email-{email.pk}"') == 1


def test_as_one_types_only_the_results_come_and_the_address_is_kept(
    ferri: Cast, ugo: Client
) -> None:
    made(ferri, "ugo", "Perché")
    answer = ugo.get("/search/", {"q": "perche"}, headers=HTMX)
    assert "<html" not in answer.text
    assert list(groups(answer.text)) == GROUPS
    assert answer["HX-Push-Url"] == "/search/?q=perche"
    assert ugo.get("/search/", {"q": " "}, headers=HTMX)["HX-Push-Url"] == "/search/"


def test_nothing_that_one_does_not_see_is_found_or_counted(ferri: Cast, ugo: Client) -> None:
    made(ferri, "bruna", "Perché")
    assert list(groups(ugo.get("/search/", {"q": "perche"}).text)) == GROUPS
    close(ferri)
    page = ugo.get("/search/", {"q": "perche"}).text
    assert groups(page) == {}
    assert "Nothing found for “perche”" in page
    mine = made(ferri, "ugo", "Perché")
    page = ugo.get("/search/", {"q": "perche"}).text
    assert {name: len(urls) for name, urls in groups(page).items()} == dict.fromkeys(GROUPS, 1)
    assert groups(page)["leads"] == [f"/leads/{mine['leads'].pk}/"]
    for name in GROUPS:
        assert len(groups(ugo.get("/search/", {"q": "perche", "in": name}).text)[name]) == 1


def test_what_is_said_about_a_folder_or_a_row_follows_who_sees_that(
    ferri: Cast, come_in: Callable[..., Client]
) -> None:
    actor = ferri.actor(ferri.ugo)
    folder = folder_moves.create(actor, "Rossi", owner=ferri.ugo)
    one = a_list(actor)
    row = row_of(one, "Verdi 2000")
    for about in (folder, row):
        moves.write(actor, about, "Confidential")
    bruna = come_in(ferri.bruna)

    def seen() -> int:
        found = groups(bruna.get("/search/", {"q": "confidential"}).text)
        return len(found.get("comments", []))

    assert seen() == 2
    close(ferri)
    assert seen() == 0
    list_moves.share(actor, one, True)
    assert seen() == 1


def test_nothing_in_the_trash_is_found(ferri: Cast, ugo: Client) -> None:
    things, actor = made(ferri, "ugo", "Perché"), ferri.actor(ferri.ugo)
    # Each goes alone, so that nothing is gone only because it went along.
    for name in ("emails", "comments", "tasks", "prospects", "lists", "clients", "leads"):
        door.delete(actor, [things[name]])
        assert name not in groups(ugo.get("/search/", {"q": "perche"}).text)
    assert groups(ugo.get("/search/", {"q": "perche"}).text) == {}


@pytest.mark.parametrize("on", ["leads", "prospects"])
def test_what_came_back_without_its_parent_is_not_found(ferri: Cast, ugo: Client, on: str) -> None:
    things, actor = made(ferri, "ugo", "Perché"), ferri.actor(ferri.ugo)
    comment = moves.write(actor, things[on], "Alone")
    entries = [door.delete(actor, [comment]).entry]
    if on == "prospects":
        entries.append(door.delete(actor, [things["prospects"]]).entry)
        door.delete(actor, [things["lists"]])
    else:
        door.delete(actor, [things["leads"]])
    for entry in entries:
        door.restore(actor, entry or 0)
    assert groups(ugo.get("/search/", {"q": "alone"}).text) == {}
    assert "prospects" not in groups(ugo.get("/search/", {"q": "prospect"}).text) or on == "leads"


def test_an_archived_list_and_a_deactivated_folder_are_found_and_told(
    ferri: Cast, ugo: Client
) -> None:
    things, actor = made(ferri, "ugo", "Perché"), ferri.actor(ferri.ugo)
    list_moves.archive(actor, things["lists"], True)  # type: ignore[arg-type]  # a list
    folder_moves.deactivate(actor, things["clients"], True)  # type: ignore[arg-type]  # a folder
    page = ugo.get("/search/", {"q": "perche"}).text
    assert list(groups(page)) == GROUPS
    assert "archived" in page
    assert "deactivated" in page


def test_only_a_few_of_each_group_are_shown_and_the_others_are_one_press_away(
    ferri: Cast, ugo: Client
) -> None:
    actor = ferri.actor(ferri.ugo)
    lead = ferri.lead(ferri.ugo, "Press 0")
    for n in range(1, 8):
        ferri.lead(ferri.ugo, f"Press {n}")
        moves.write(actor, lead, f"Press {n}")
    add(actor, a_list(actor, "Press"), [(f"Press {n}", "", "") for n in range(8)])
    page = ugo.get("/search/", {"q": "press"}).text
    found = groups(page)
    assert [len(found[name]) for name in ("leads", "prospects", "comments")] == [5, 5, 5]
    for address in ("/leads/?q=press", "/prospecting/?q=press", "/search/?q=press&amp;in=comments"):
        assert f'href="{address}"' in page
    assert ">8<" in page
    alone = groups(ugo.get("/search/?q=press&in=comments").text)
    assert {name: len(urls) for name, urls in alone.items()} == {"comments": 7}
    assert list(groups(ugo.get("/search/?q=press&in=nonsense").text)) == list(found)


def test_the_number_of_queries_does_not_grow_with_what_is_found(ferri: Cast, ugo: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as told:
            assert ugo.get("/search/", {"q": "perche"}, headers=HTMX).status_code == 200
        return len(told)

    made(ferri, "ugo", "Perché")
    queries()
    few = queries()
    for _n in range(4):
        made(ferri, "ugo", "Perché")
    assert queries() == few


HOSTILE = [
    "<script>alert(1)</script>", "%", "_", "' OR 1=1 --", '"', "\x00", "a\x00b", "\\", "*",
    "NEAR(a b)", "x" * 5_000, "ab " * 100, "abc " * 100, " ".join(f"word{n}" for n in range(60)),
    "😀", "( ( (", "a AND b OR NOT c", "\u202eabc", "perche* nothing",
]  # fmt: skip


@pytest.mark.parametrize("q", HOSTILE, ids=range(len(HOSTILE)))
def test_no_query_breaks_it_or_finds_what_does_not_have_it(
    ferri: Cast, ugo: Client, q: str
) -> None:
    made(ferri, "ugo", "Perché")
    for headers in ({}, HTMX):
        answer = ugo.get("/search/", {"q": q}, headers=headers)
        assert answer.status_code == 200
        assert groups(answer.text) == {}
        assert "<script>alert" not in answer.text


def test_what_is_found_is_text_and_nothing_else(ferri: Cast, ugo: Client) -> None:
    for text in ("<img src=x onerror=alert(1)> Perché", "<b>Perché</b>"):
        lead = ferri.lead(ferri.ugo, text)
        moves.write(ferri.actor(ferri.ugo), lead, text)
    for q in ("perche", "<b>", "img src"):
        page = ugo.get("/search/", {"q": q}).text
        assert groups(page)["leads"]
        assert "<img src=x" not in page
        assert "<b>Perch" not in page


def test_what_is_left_out_of_a_search_is_told(ferri: Cast, ugo: Client) -> None:
    ferri.lead(ferri.ugo, " ".join(f"word{n}" for n in range(10)))
    page = ugo.get("/search/", {"q": " ".join(f"word{n}" for n in range(12))}).text
    assert "Only the first 10 words were looked for." in page
    assert list(groups(page)) == ["leads"]
    page = ugo.get("/search/", {"q": f"word1 {'x' * 300}"}).text
    assert "The search is too long. A part of it was left out." in page


def test_short_words_are_looked_for_in_names_and_it_is_told(ferri: Cast, ugo: Client) -> None:
    made(ferri, "ugo", "Qi")
    page = ugo.get("/search/", {"q": "qi"}).text
    assert list(groups(page)) == ["leads", "clients", "lists", "prospects", "tasks"]
    assert "from three letters on" in page
    assert list(groups(ugo.get("/search/", {"q": "qi letter"}).text)) == ["leads", "emails"]


def test_another_account_finds_nothing(ferri: Cast, come_in: Callable[..., Client]) -> None:
    made(ferri, "ugo", "Perché")
    assert groups(come_in(ferri.carla).get("/search/", {"q": "perche"}).text) == {}


def test_the_search_at_the_top_looks_where_one_is(ferri: Cast, ugo: Client) -> None:
    def top(address: str) -> tuple[str, str]:
        page = ugo.get(address).text
        found = re.search(r'role="search" action="([^"]+)".*?aria-label="([^"]+)"', page, re.S)
        assert found is not None
        return found[1], found[2]

    assert top("/profile/") == ("/search/", "Search everything")
    assert top("/search/") == ("/search/", "Search everything")
    assert top("/leads/") == ("/leads/", "Search leads")
    assert top("/clients/") == ("/clients/", "Search client folders")
    assert Lead.objects.count() == 0
