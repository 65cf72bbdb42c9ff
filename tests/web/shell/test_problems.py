"""How it is said no: to a person, to a visitor, to htmx."""

import pytest
from django.test import Client, override_settings
from django.urls import path

from custode.kernel.errors import Gone, Invalid, Refused
from custode.signin.middleware import open_to_visitors
from custode.web import urls as real

HTMX = {"HX-Request": "true"}


def refusing(request):
    raise Refused("Only admins can export leads. You can ask Anna Ferri.", "export:lead")


def going(request):
    raise Gone("This is no longer in the trash.")


def objecting(request):
    raise Invalid("A title has at most 200 characters.")


@open_to_visitors
def breaking(request):
    raise RuntimeError("secret words")


class Addresses:
    """The product's addresses and some that go wrong."""

    urlpatterns = [
        *real.urlpatterns,
        path("refusing/", refusing),
        path("going/", going),
        path("objecting/", objecting),
        path("breaking/", breaking),
    ]
    handler404, handler500 = real.handler404, real.handler500


@pytest.fixture(autouse=True)
def _addresses():
    with override_settings(ROOT_URLCONF=Addresses):
        yield


CASES = [
    ("/refusing/", 403, "Only admins can export leads. You can ask Anna Ferri."),
    ("/going/", 410, "This is no longer in the trash."),
    ("/objecting/", 400, "A title has at most 200 characters."),
    ("/nowhere/", 404, "There is nothing here"),
]


@pytest.mark.parametrize(("address", "status", "words"), CASES)
def test_a_no_is_a_page_with_its_sentence(people, come_in, address, status, words):
    answer = come_in(people.ugo).get(address)
    assert answer.status_code == status
    assert words in answer.content.decode()
    assert "<aside" in answer.content.decode()


@pytest.mark.parametrize(("address", "status", "words"), CASES)
def test_htmx_gets_the_same_sentence_for_the_dialog(people, come_in, address, status, words):
    answer = come_in(people.ugo).get(address, headers=HTMX)
    assert answer.status_code == status
    assert answer["X-Custode-Problem"] == "1"
    page = answer.content.decode()
    assert words in page
    assert "<html" not in page


def test_who_is_refused_reaches_an_admin(people, come_in):
    page = come_in(people.ugo).get("/refusing/").content.decode()
    assert 'href="mailto:anna@ferri.example"' in page
    assert "carla@" not in page


def test_a_visitor_finds_nothing_and_learns_nothing(people, come_in):
    answer = come_in().get("/nowhere/")
    assert answer.status_code == 404
    assert "<aside" not in answer.content.decode()


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_our_mistake_is_told_without_its_inside(people, headers):
    answer = Client(raise_request_exception=False).get("/breaking/", headers=headers)
    assert answer.status_code == 500
    page = answer.content.decode()
    assert "Something went wrong on our side" in page
    assert "secret words" not in page


def test_a_form_without_its_token_is_refused_with_a_way_on(people, come_in):
    answer = come_in(people.anna, strict=True).post("/profile/", {"theme": "dark"})
    assert answer.status_code == 403
    assert "This page was too old" in answer.content.decode()


@pytest.mark.parametrize("address", ["/leads/bulk/", "/undo/1/", "/sign-out/"])
def test_what_only_takes_a_form_says_so_when_it_is_opened(people, come_in, address):
    answer = come_in(people.ugo).get(address)
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "This address only takes what a form of Custode sends." in answer.content.decode()


def test_a_page_too_old_offers_to_get_it_anew(people, come_in):
    client = come_in(people.ugo, strict=True)
    answer = client.post("/leads/bulk/", headers=HTMX)
    assert answer.status_code == 403
    assert "data-reload" in answer.content.decode()
