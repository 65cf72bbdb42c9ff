"""Two-factor authentication: set up, asked for at sign-in, spent once, taken away."""

from __future__ import annotations

import re
from datetime import timedelta

import pyotp
import pytest

from custode.accounts.models import RequiredOf
from custode.guard import door
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry
from custode.kernel import clock, scope
from custode.kernel.actor import Actor
from custode.kernel.errors import Gone, Refused
from custode.signin import factors
from custode.signin.factors import moves, totp
from custode.signin.models import RecoveryCode, Session, Totp
from tests.cast import PASSWORD

KEY = re.compile(r'<code class="authenticator-key"[^>]*>([A-Z2-7 ]+)</code>')
CODE = re.compile(r"[a-z2-7]{4}(?:-[a-z2-7]{4}){3}")


def digits(secret, *, steps=0):
    """The code that an authenticator app shows, now or some half minutes from now."""
    return pyotp.TOTP(secret).at(clock.now() + timedelta(seconds=30 * steps))


def secure(people, user, secret):
    """Set up an app for somebody, with a code of half a minute ago; gives recovery codes."""
    with scope.account(user.account_id):
        return moves.add_totp(people.actor(user), user, secret, digits(secret, steps=-1), this=0)


@pytest.fixture
def secret():
    return totp.new_secret()


@pytest.fixture
def codes(people, secret):
    return secure(people, people.ugo, secret)


def shown_key(client):
    """The key of a new program, as the page shows it beside the picture."""
    page = client.get("/profile/sign-in/authenticator/").content.decode()
    assert "data:image/svg+xml" in page
    return "".join(KEY.findall(page)).replace(" ", "")


def password_step(client):
    return client.post("/sign-in/", {"email": "ugo@conti.example", "password": PASSWORD})


def second_step(client, code):
    return client.post("/sign-in/code/", {"code": code})


def is_in(client):
    return client.get("/profile/").status_code == 200


def test_one_sets_up_an_authenticator_by_the_code_it_shows(people, come_in):
    client = come_in(people.ugo)
    key = shown_key(client)
    wrong = client.post("/profile/sign-in/authenticator/", {"code": "000000"})
    assert wrong.status_code == 422
    answer = client.post("/profile/sign-in/authenticator/", {"code": digits(key)})
    assert len(set(CODE.findall(answer.content.decode()))) == 10
    assert "no-store" in answer["Cache-Control"]
    with scope.account(people.ugo.account_id):
        mine = Totp.objects.get()
        assert factors.of(people.ugo) == factors.Factors(True, 0, 10)
        assert key not in mine.secret
        assert mine.secret.startswith("gAAAA")
        assert key not in Session.objects.get().data
        assert LogEntry.objects.filter(verb="two_factor").count() == 1


def test_setting_it_up_ends_the_other_sessions_and_not_this_one(people, come_in, secret):
    other, mine = come_in(people.ugo), come_in(people.ugo)
    key = shown_key(mine)
    mine.post("/profile/sign-in/authenticator/", {"code": digits(key)})
    assert is_in(mine)
    assert not is_in(other)


def test_the_password_alone_opens_nothing(people, come_in, codes):
    client = come_in()
    answer = password_step(client)
    assert answer["Location"] == "/sign-in/code/"
    assert not is_in(client)
    with scope.account(people.ugo.account_id):
        assert not Session.objects.filter(user=people.ugo).exists()


def test_password_and_code_come_in_and_go_where_one_wanted(people, come_in, codes, secret):
    client = come_in()
    client.post(
        "/sign-in/", {"email": "ugo@conti.example", "password": PASSWORD, "next": "/trash/"}
    )
    assert second_step(client, "123").status_code == 422
    answer = second_step(client, digits(secret))
    assert answer["Location"] == "/trash/"
    assert is_in(client)
    with scope.account(people.ugo.account_id):
        assert Session.objects.get(user=people.ugo).way == "password+totp"


def test_the_code_without_the_password_opens_nothing(people, come_in, codes, secret):
    client = come_in()
    assert second_step(client, digits(secret))["Location"] == "/sign-in/"
    assert not is_in(client)


def test_a_code_is_taken_once(people, come_in, codes, secret):
    code = digits(secret)
    for status in (302, 422):
        client = come_in()
        password_step(client)
        assert second_step(client, code).status_code == status


def test_a_code_of_before_is_not_taken_after_a_later_one(people, come_in, codes, secret):
    now, before = digits(secret, steps=1), digits(secret)
    for code, status in ((now, 302), (before, 422)):
        client = come_in()
        password_step(client)
        assert second_step(client, code).status_code == status


@pytest.mark.parametrize(("steps", "status"), [(-3, 422), (-2, 422), (1, 302), (2, 422), (9, 422)])
def test_only_codes_of_about_now_are_taken(people, come_in, codes, secret, steps, status):
    client = come_in()
    password_step(client)
    assert second_step(client, digits(secret, steps=steps)).status_code == status


def test_a_recovery_code_opens_once_and_is_counted(people, come_in, codes):
    for status in (302, 422):
        client = come_in()
        password_step(client)
        answer = second_step(client, codes[3].upper().replace("-", " "))
        assert answer.status_code == status
    with scope.account(people.ugo.account_id):
        assert factors.of(people.ugo).codes_left == 9
        assert Session.objects.get(user=people.ugo).way == "password+recovery"


def test_new_codes_void_the_old_ones(people, come_in, codes):
    client = come_in(people.ugo)
    shown = client.post("/profile/sign-in/codes/").content.decode()
    assert len(set(CODE.findall(shown))) == 10
    assert codes[0] not in shown
    visitor = come_in()
    password_step(visitor)
    assert second_step(visitor, codes[0]).status_code == 422


def test_codes_and_secrets_are_nowhere_in_the_database(people, codes, secret):
    with scope.everywhere("a test looks for secrets"):
        kept = str(list(RecoveryCode.objects.values())) + str(list(Totp.objects.values()))
    assert secret not in kept
    assert not [code for code in codes if code in kept or code.replace("-", "").upper() in kept]


def test_somebody_elses_code_is_not_taken(people, come_in, codes, secret):
    theirs = totp.new_secret()
    bruna = secure(people, people.bruna, theirs)
    client = come_in()
    password_step(client)
    for code in (digits(theirs), bruna[0]):
        assert second_step(client, code).status_code == 422


def test_guessing_is_stopped_and_told_how_long(people, come_in, codes, secret):
    client = come_in()
    password_step(client)
    for _ in range(10):
        assert second_step(client, "000000").status_code == 422
    answer = second_step(client, digits(secret))
    assert answer.status_code == 429
    assert "Wait" in answer.content.decode()
    assert not is_in(client)


def test_switching_off_removes_all_and_is_logged(people, come_in, codes, secret):
    client = come_in(people.ugo)
    assert client.post("/profile/sign-in/off/").status_code == 302
    with scope.account(people.ugo.account_id):
        assert factors.of(people.ugo) == factors.Factors(False, 0, 0)
        assert Totp.objects.get().secret == ""
        told = LogEntry.objects.order_by("seq").values_list("verb", "details")
        assert list(told)[-1] == ("two_factor", '{"off":"all"}')
    assert password_step(come_in())["Location"] == "/"


def test_who_is_no_admin_takes_it_from_nobody_else(people, codes):
    with pytest.raises(Refused):
        moves.deactivate(people.actor(people.bruna), people.ugo)
    with scope.account(people.ugo.account_id):
        assert factors.are_on(people.ugo)
        assert LogEntry.objects.filter(verb="two_factor", outcome="refused").count() == 1


def test_an_admin_takes_it_from_who_is_locked_out(people, come_in, codes):
    theirs = come_in(people.ugo)
    moves.deactivate(people.actor(people.anna), people.ugo)
    with scope.account(people.ugo.account_id):
        assert not factors.are_on(people.ugo)
        row = Session.objects.get(user=people.ugo)
        assert (row.ended_why, row.ended_by) == ("two_factor", "Anna Ferri")
    assert not is_in(theirs)


def test_an_admin_of_another_account_does_not(people, codes):
    stranger = people.actor(people.carla)
    with pytest.raises(Gone):
        moves.deactivate(stranger, people.ugo)
    with scope.account(people.ugo.account_id):
        assert factors.are_on(people.ugo)


def require(people, who, days, *, ago=0):
    """As the database has it when the account has required it for some days."""
    account = people.ferri.account
    with door.sensitive_act(Actor.operator(account.pk), Verb.ACCOUNT):
        account.two_factor_for, account.two_factor_grace_days = who, days
        account.two_factor_since = clock.now() - timedelta(days=ago)
        account.save()


ALL_PAGES = ["/", "/board/", "/leads/", "/trash/", "/exports/", "/imports/", "/profile/",
             "/leads/new/"]  # fmt: skip


@pytest.mark.parametrize("path", ALL_PAGES)
def test_after_the_days_of_grace_one_is_led_there_and_nowhere_else(people, come_in, path):
    require(people, RequiredOf.ALL, 0)
    client = come_in(people.ugo)
    answer = client.get(path)
    assert (answer.status_code, answer["Location"]) == (302, "/profile/sign-in/")
    asked = client.get(path, headers={"HX-Request": "true"})
    assert asked["HX-Redirect"] == "/profile/sign-in/"
    assert client.post("/leads/new/", {"title": "x"})["Location"] == "/profile/sign-in/"


def test_one_sets_it_up_there_and_goes_on(people, come_in):
    require(people, RequiredOf.ALL, 0)
    client = come_in(people.ugo)
    assert client.get("/profile/sign-in/").status_code == 200
    key = shown_key(client)
    assert client.post("/profile/sign-in/authenticator/", {"code": digits(key)}).status_code == 200
    assert client.get("/leads/").status_code == 200


# of whom it is required, for whom it is asked -> led there
@pytest.mark.parametrize(
    ("of", "who", "led"),
    [
        (RequiredOf.NOBODY, "anna", False), (RequiredOf.NOBODY, "ugo", False),
        (RequiredOf.ADMINS, "anna", True), (RequiredOf.ADMINS, "ugo", False),
        (RequiredOf.ALL, "anna", True), (RequiredOf.ALL, "ugo", True),
        (RequiredOf.ALL, "carla", False),
    ],
)  # fmt: skip
def test_of_whom_it_is_required(people, come_in, of, who, led):
    require(people, of, 0)
    assert (come_in(getattr(people, who)).get("/leads/").status_code == 302) is led


def test_within_the_days_of_grace_it_is_said_on_every_page(people, come_in):
    require(people, RequiredOf.ALL, 7)
    page = come_in(people.ugo).get("/trash/").content.decode()
    assert "Set up two-factor authentication by" in page
    require(people, RequiredOf.ALL, 7, ago=8)
    with clock.at(clock.now() + timedelta(days=8)):
        assert come_in(people.ugo).get("/trash/").status_code == 302
