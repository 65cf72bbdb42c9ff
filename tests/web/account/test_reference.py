"""The page of the API's reference: all that the documents say, for whoever is signed in."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client

from custode.api.documents import documents
from tests.cast import Cast
from tests.i18n.listening import listen

PAGE = "/api-reference/"
ROUTES = [
    (method.upper(), path, said)
    for document in documents().values()
    for path, methods in document["paths"].items()
    for method, said in methods.items()
]


@pytest.fixture
def page(ferri: Cast, come_in: Callable[..., Client]) -> str:
    """The page as Ugo, who is no admin, sees it."""
    answer = come_in(ferri.ugo).get(PAGE)
    assert answer.status_code == 200
    return str(answer.content.decode())


def part_of(page: str, said: dict[str, Any]) -> str:
    """What the page says of one route, as text."""
    parts = page.split('<details class="reference-route">')
    (found,) = [one for one in parts if f'id="{said["operationId"]}"' in one]
    return unescape(re.sub(r"<[^>]+>", "", found))


def test_every_route_stands_on_it_with_what_it_takes(page):
    assert page.count('<details class="reference-route">') == len(ROUTES)
    for method, path, said in ROUTES:
        told = part_of(page, said)
        assert method in told
        assert path in told
        assert said["summary"] in told
        for one in said["parameters"]:
            assert one["name"] in told
            assert one.get("description", "").replace("`", "") in told
        takes = told.partition("Scopes of a key")[2].split("Parameters")[0].split("Body")[0]
        assert takes.split("Example")[0].split() == (said["x-scopes"] or ["none"])
        for way, header in {"ByKey": "X-API-KEY", "ByToken": "X-USER-TOKEN"}.items():
            where = told.partition("Header")[2].partition("Scopes of a key")[0]
            assert (header in where) == any(way in one for one in said["security"])


def test_an_example_of_a_call_can_be_typed_as_it_stands(page):
    (made,) = [said for method, path, said in ROUTES if (method, path) == ("POST", "/api/v2/leads")]
    told = part_of(page, made)
    assert 'curl -X POST -H "X-API-KEY: $KEY" \\\n' in told
    assert """-d '{"title": "Scanner for the archive", """ in told
    assert "/api/v2/leads\n" in told
    (tag,) = [said for _method, path, said in ROUTES if path.endswith("/add_tag")]
    assert "/api/simple/leads/42/add_tag?tag=fair%2Chot'" in part_of(page, tag)
    (files,) = [
        said for method, path, said in ROUTES
        if (method, path) == ("POST", "/api/v2/leads/{pk}/attachments")
    ]  # fmt: skip
    assert "-F file=@offer.pdf" in part_of(page, files)


def test_members_of_a_body_and_of_an_answer_are_told(page):
    (made,) = [said for method, path, said in ROUTES if (method, path) == ("POST", "/api/v2/users")]
    told = part_of(page, made)
    for name in ("firstname required", "dont_send_email", "is_admin", "time_zone"):
        assert name in told
    assert '"email": "dino@marini.example"' in told


def test_what_can_go_wrong_stands_on_it_once(page):
    assert page.count("A rule, a role or a missing scope forbids it") == 1
    for status in (400, 401, 403, 404, 405, 409, 413, 422, 429, 500):
        assert f"<code>{status}</code>" in page


def test_nothing_of_it_is_style_or_script_within_the_page(page):
    assert " style=" not in page
    assert "<script>" not in page


def test_the_contents_lead_to_each_part_and_no_place_is_there_twice(page):
    places = re.findall(r' id="([^"]+)"', page)
    assert len(places) == len(set(places))
    led = set(re.findall(r'href="#((?:part-|errors)[^"]*)"', page))
    assert led <= set(places)
    assert len(led) == len({tuple(said.get("tags", ["simple"])) for _m, _p, said in ROUTES}) + 1


def test_admins_come_to_it_from_the_keys(ferri: Cast, come_in: Callable[..., Client]) -> None:
    anna = come_in(ferri.anna)
    assert f'href="{PAGE}"' in anna.get("/admin-panel/keys/").content.decode()
    assert 'href="/admin-panel/keys/"' in anna.get(PAGE).content.decode()


def test_others_come_to_it_from_their_devices(ferri: Cast, come_in: Callable[..., Client]) -> None:
    assert f'href="{PAGE}"' in come_in(ferri.ugo).get("/profile/devices/").content.decode()


def test_a_visitor_signs_in_first(db: None) -> None:
    assert Client().get(PAGE)["Location"].startswith("/sign-in/")


def test_the_frame_speaks_italian_and_the_document_says_that_it_is_english(
    ferri: Cast, come_in: Callable[..., Client]
) -> None:
    ferri.ugo.language = "it"
    ferri.ugo.save(update_fields=["language"])
    page = come_in(ferri.ugo).get(PAGE).content.decode()
    assert "Documentazione dell'API" in unescape(page)
    assert list(listen(page).english()) == []
    assert 'lang="en">Create a lead<' in page
