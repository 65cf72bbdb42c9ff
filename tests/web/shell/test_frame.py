"""The frame of every page: navigation, theme, language, the policy, and what htmx needs."""

import pytest
from django.urls import reverse

from custode.web.shell.navigation import GROUPS
from tests.web.addresses import WITHOUT


def html(answer):
    return answer.content.decode()


def test_an_admin_finds_the_administration_and_a_user_does_not(people, come_in):
    assert reverse("security") in html(come_in(people.anna).get("/profile/"))
    page = html(come_in(people.ugo).get("/profile/"))
    assert reverse("security") not in page
    assert reverse("account") not in page
    assert reverse("trash") in page


def test_the_current_place_is_marked_once_in_the_side_bar(people, come_in):
    page = html(come_in(people.anna).get("/trash/"))
    side = page[page.index("<aside") : page.index("</aside>")]
    assert side.count('aria-current="page"') == 1


def test_the_side_bar_stands_on_every_page(ferri, come_in):
    anna, without = come_in(ferri.anna), []
    for address in WITHOUT:
        answer = anna.get(f"/{address}")
        page = html(answer) if answer.headers.get("Content-Type", "").startswith("text/h") else ""
        if answer.status_code == 200 and "<aside" in page and 'href="/today/"' not in page:
            without.append(address)
    assert without == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_theme_is_in_the_page_from_the_server(people, come_in, theme):
    client = come_in(people.ugo)
    client.post("/profile/", {"theme": theme})
    page = html(client.get("/profile/"))
    assert f'data-bs-theme="{theme}"' in page
    assert "theme.js" not in page


def test_the_theme_of_the_device_is_found_before_the_first_paint(people, come_in):
    page = html(come_in(people.ugo).get("/profile/"))
    head = page[: page.index("</head>")]
    assert "custode/theme.js" in head
    assert 'theme.js" defer' not in head


def test_the_language_is_the_persons(people, come_in):
    client = come_in(people.ugo)
    client.post("/profile/", {"language": "it"})
    assert '<html lang="it"' in html(client.get("/profile/"))


def test_a_page_keeps_to_the_content_security_policy(people, come_in):
    answer = come_in(people.anna).get("/profile/")
    policy = answer.headers["Content-Security-Policy"]
    assert {words for words in policy.split("; ") if words} == {
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "font-src 'self'",
        "connect-src 'self'", "form-action 'self'", "img-src 'self' data:",
        "manifest-src 'self'", "base-uri 'none'", "frame-ancestors 'none'",
    }  # fmt: skip
    page = html(answer)
    assert "<style" not in page
    assert " style=" not in page
    assert " onclick=" not in page


def test_a_visitor_is_sent_to_the_sign_in_and_comes_back(people, come_in):
    answer = come_in().get("/trash/?q=scanner")
    assert answer.status_code == 302
    assert answer["Location"] == "/sign-in/?next=/trash/%3Fq%3Dscanner"


def test_htmx_of_a_visitor_loads_the_whole_sign_in_page(people, come_in):
    answer = come_in().get("/trash/", headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert answer["HX-Redirect"] == "/sign-in/"


def test_what_is_told_comes_along_with_the_answer_to_htmx(people, come_in):
    client = come_in(people.anna)
    address = "/admin-panel/account/privacy/export/lead/"
    answer = client.post(address, {"ticked": "on"}, headers={"HX-Request": "true"})
    assert 'hx-swap-oob="beforeend:#toasts"' in html(answer)
    assert "Switched on: Only admins can export leads" in html(answer)


def test_start_is_the_first_place(people, come_in):
    answer = come_in(people.ugo).get("/", follow=True)
    assert answer.status_code == 200


def test_every_place_of_the_side_bar_is_there(people, come_in):
    client = come_in(people.anna)
    places = [place for group in GROUPS for place in group.places]
    assert {place.name: client.get(place.url).status_code for place in places} == {
        place.name: 200 for place in places
    }
    assert len({place.go for place in places}) == len(places)


def test_what_is_drawn_once_is_each_persons_own(people, come_in):
    """The list of keys is kept from page to page: by language, and not for others than admins."""
    anna, ugo = come_in(people.anna), come_in(people.ugo)
    for _again in range(2):
        theirs, his = (html(one.get("/trash/")).partition('id="keys"')[2] for one in (anna, ugo))
        assert "<dd>Sensitive actions</dd>" in theirs
        assert "<dd>Prospecting lists</dd>" in his
        assert "<dd>Sensitive actions</dd>" not in his
    ugo.post("/profile/", {"language": "it"})
    assert "<dd>Liste prospect</dd>" in html(ugo.get("/trash/"))
    assert "<dd>Prospecting lists</dd>" in html(anna.get("/trash/"))


def test_the_bar_says_where_one_is(people, come_in):
    client = come_in(people.ugo)
    for address, place in (("/leads/", "List"), ("/board/", "Board"), ("/leads/new/", "List")):
        bar = html(client.get(address, follow=True)).partition('<nav class="bar"')[2]
        here = bar.partition('aria-current="page"')[2].partition("<span>")[2]
        assert here.partition("</span>")[0] == place, address


def test_what_somebody_saw_who_was_in_is_kept_by_nobody(ferri, come_in, client):
    ugo = come_in(ferri.ugo)
    lead = ferri.lead(ferri.ugo)
    for address in ("/today/", "/leads/", f"/leads/{lead.pk}/", "/leads/404404/", "/trash/"):
        assert "no-store" in ugo.get(address).headers["Cache-Control"], address
    assert "Cache-Control" not in client.get("/today/").headers
