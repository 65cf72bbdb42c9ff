"""Coming in, going out, and setting a password by a link."""

import time

import pytest
from django.core.cache import cache
from django.urls import NoReverseMatch, reverse

from custode.guard import door
from custode.guard.kinds import Verb
from custode.kernel import clock, scope
from custode.kernel.actor import Actor
from custode.people.models import User
from custode.signin.links import password_link
from tests.cast import PASSWORD

NEW = "quiet-river-lamp-29"


@pytest.fixture(autouse=True)
def _no_attempts_before():
    cache.clear()


def token_of(user):
    return password_link(user).rstrip("/").rpartition("/")[2]


def sign_in(client, email, password, **more):
    return client.post("/sign-in/", {"email": email, "password": password, **more})


def test_the_right_password_comes_in(people, come_in):
    client = come_in()
    answer = sign_in(client, "Ugo@Conti.example", PASSWORD)
    assert answer.status_code == 302
    assert answer["Location"] == "/"
    assert client.get("/profile/").status_code == 200


def test_one_goes_on_to_where_one_wanted_to_go(people, come_in):
    answer = sign_in(come_in(), "ugo@conti.example", PASSWORD, next="/trash/?q=x")
    assert answer["Location"] == "/trash/?q=x"


@pytest.mark.parametrize(
    "foreign",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)",
     "https:evil.example", "\thttps://evil.example", "evil"],
)  # fmt: skip
def test_a_foreign_goal_is_not_gone_to(people, come_in, foreign):
    assert sign_in(come_in(), "ugo@conti.example", PASSWORD, next=foreign)["Location"] == "/"


def test_unknown_address_and_wrong_password_look_the_same(people, come_in):
    def page(email, password):
        answer = sign_in(come_in(), email, password)
        assert answer.status_code == 422
        words = answer.content.decode()
        return words[words.index('role="alert"') :].partition("</div>")[0]

    wrong = page("ugo@conti.example", "wrong")
    assert "is not right" in wrong
    assert page("nobody@conti.example", "wrong") == wrong


def test_a_disabled_user_does_not_come_in_and_looks_the_same(people, come_in):
    disable(people.ugo)
    answer = sign_in(come_in(), "ugo@conti.example", PASSWORD)
    assert answer.status_code == 422
    assert "is not right" in answer.content.decode()


def disable(user):
    """As the database has it, for want of a move that does it."""
    with door.sensitive_act(Actor.operator(user.account_id), Verb.USERS):
        user.disabled_at = clock.now()
        user.save(update_fields=["disabled_at"])


def test_who_was_only_named_in_a_file_does_not_come_in(people, come_in):
    assert sign_in(come_in(), "", "").status_code == 422


@pytest.mark.parametrize(
    ("email", "password"),
    [("\x00", "x"), ("a" * 5000, "x"), ("ugo@conti.example", "\x00"), ("è@ñ", "x" * 2000)],
)
def test_hostile_input_is_only_wrong(people, come_in, email, password):
    assert sign_in(come_in(), email, password).status_code == 422


def test_unknown_addresses_take_as_long_as_known_ones(people, come_in, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    with scope.account(people.ferri.account.pk):
        people.ugo.set_password(PASSWORD)
        people.ugo.save(update_fields=["password"])

    def fastest(email):
        times = []
        for _ in range(3):
            cache.clear()
            begun = time.perf_counter()
            sign_in(come_in(), email, "wrong")
            times.append(time.perf_counter() - begun)
        return min(times)

    known, unknown = fastest("ugo@conti.example"), fastest("nobody@conti.example")
    assert 0.5 < unknown / known < 2


def test_many_wrong_passwords_are_stopped(people, come_in):
    for _ in range(12):
        answer = sign_in(come_in(), "ugo@conti.example", "wrong")
    assert "Too many attempts" in answer.content.decode()


def test_who_is_in_is_sent_on(people, come_in):
    assert come_in(people.ugo).get("/sign-in/").status_code == 302


def test_signing_out_takes_a_post(people, come_in):
    client = come_in(people.ugo)
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").status_code == 302
    assert client.get("/profile/").status_code == 302


def test_signing_in_needs_the_forms_token(people, come_in):
    assert sign_in(come_in(strict=True), "ugo@conti.example", PASSWORD).status_code == 403


def test_the_page_speaks_the_browsers_language(people, come_in):
    answer = come_in().get("/sign-in/", headers={"Accept-Language": "it-IT,it;q=0.9"})
    assert '<html lang="it"' in answer.content.decode()


@pytest.mark.parametrize("name", ["account_signup", "account_login", "account_reset_password"])
def test_allauths_own_pages_are_not_there(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_by_the_link_one_sets_a_password_and_signs_in_with_it(people, come_in):
    token = token_of(people.ugo)
    client = come_in()
    assert "Ugo Conti" in client.get(f"/password/{token}/").content.decode()
    answer = client.post(f"/password/{token}/", {"password": NEW, "again": NEW})
    assert answer.status_code == 200
    assert sign_in(client, "ugo@conti.example", NEW).status_code == 302
    assert come_in().get(f"/password/{token}/").status_code == 404


@pytest.mark.parametrize(
    ("password", "again", "says"),
    [
        ("short", "short", "10"),
        (NEW, "other", "not the same"),
        ("password123", "password123", "common"),
        ("x" * 1001, "x" * 1001, "at most"),
        ("", "", "10"),
    ],
)
def test_a_password_that_is_not_taken_says_why(people, come_in, password, again, says):
    token = token_of(people.ugo)
    answer = come_in().post(f"/password/{token}/", {"password": password, "again": again})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    with scope.account(people.ferri.account.pk):
        assert User.objects.get(pk=people.ugo.pk).check_password(PASSWORD)


@pytest.mark.parametrize("token", ["x", "1-1-1", "0-abc-def", "zzzzzzzzzzzzz-1-1", "%00"])
def test_an_invented_link_opens_nothing(people, come_in, token):
    assert come_in().get(f"/password/{token}/").status_code == 404
