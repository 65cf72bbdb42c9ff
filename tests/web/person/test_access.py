"""One's own password and e-mail address."""

from datetime import timedelta

import pytest

from custode.kernel import clock, scope
from custode.signin.models import Session
from tests.cast import PASSWORD
from tests.signin.posting import again, delivered, link_in

MY_PASSWORD, MY_ADDRESS = "/profile/password/", "/profile/address/"
NEW = "quiet-river-lamp-29"


def text(answer):
    return answer.content.decode()


@pytest.fixture
def later():
    """More than ten minutes after the sign-in, which was a proof."""
    with clock.at(clock.now() + timedelta(minutes=11)):
        yield


def new(**more):
    return {"password": NEW, "again": NEW, **more}


# ---- password


def test_with_the_present_password_one_sets_another(people, come_in, later):
    client = come_in(people.ugo)
    lapse(people.ugo)
    page = text(client.get(MY_PASSWORD))
    assert 'name="old"' in page
    # The present password is the proof: no dialog asks for it a second time.
    assert "data-proof" not in page
    answer = client.post(MY_PASSWORD, new(old=PASSWORD))
    assert answer.status_code == 302
    assert again(people.ugo).check_password(NEW)
    assert client.get("/profile/").status_code == 200


def lapse(user):
    """The proof that the sign-in was is ten minutes old."""
    with scope.account(user.account_id):
        Session.objects.filter(user=user).update(proved_at=clock.now() - timedelta(minutes=11))


def test_the_other_devices_are_out_at_once_and_this_one_is_not(people, come_in, mailing):
    this, other = come_in(people.ugo), come_in(people.ugo)
    bruna = come_in(people.bruna)
    assert this.post(MY_PASSWORD, new()).status_code == 302
    assert this.get("/profile/").status_code == 200
    assert other.get("/profile/").status_code == 302
    assert bruna.get("/profile/").status_code == 200
    (letter,) = delivered()
    assert letter.subject == "Your password was changed"


def test_the_cookie_is_a_new_one(people, come_in, settings):
    client = come_in(people.ugo)
    before = client.cookies[settings.SESSION_COOKIE_NAME].value
    client.post(MY_PASSWORD, new())
    after = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert before != after
    client.cookies[settings.SESSION_COOKIE_NAME] = before
    assert client.get("/profile/").status_code == 302


@pytest.mark.parametrize(
    ("given", "at"),
    [
        (new(), "old"),
        (new(old=""), "old"),
        (new(old="wrong"), "old"),
        ({"old": PASSWORD, "password": NEW, "again": "other"}, "again"),
        ({"old": PASSWORD, "password": "short", "again": "short"}, "password"),
        ({"old": PASSWORD, "password": "x" * 1001, "again": "x" * 1001}, "password"),
        ({"old": PASSWORD}, "password"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field(people, come_in, given, at):
    client = come_in(people.ugo)
    lapse(people.ugo)
    answer = client.post(MY_PASSWORD, given)
    assert answer.status_code == 422
    assert f'id="{at}-mistake"' in text(answer)
    assert again(people.ugo).check_password(PASSWORD)


def test_the_present_password_is_guessed_some_times_only(people, come_in):
    client = come_in(people.ugo)
    lapse(people.ugo)
    answers = [client.post(MY_PASSWORD, new(old=f"guess {n}")) for n in range(11)]
    assert [answer.status_code for answer in answers] == [422] * 10 + [429]
    assert "Wait" in text(answers[-1])
    assert client.post(MY_PASSWORD, new(old=PASSWORD)).status_code == 429
    assert again(people.ugo).check_password(PASSWORD)


# ---- address


def test_one_asks_for_another_address_and_both_mailboxes_hear_of_it(people, come_in, mailing):
    client = come_in(people.ugo)
    assert client.post(MY_ADDRESS, {"email": "ugo@new.example"}).status_code == 302
    assert "ugo@new.example" in text(client.get(MY_ADDRESS))
    assert {letter.to[0] for letter in delivered()} == {"ugo@new.example", "ugo@conti.example"}
    assert again(people.ugo).email == "ugo@conti.example"


@pytest.mark.parametrize("email", ["", "x", "ugo@conti.example", "\x00"])
def test_a_wrong_address_is_told(people, come_in, mailing, email):
    answer = come_in(people.ugo).post(MY_ADDRESS, {"email": email})
    assert answer.status_code == 422
    assert 'id="email-mistake"' in text(answer)
    assert delivered() == []


def test_a_taken_address_looks_like_a_free_one(people, come_in, mailing):
    def answer(email):
        client = come_in(people.ugo)
        sent = client.post(MY_ADDRESS, {"email": email}, follow=True)
        page = text(sent).replace(email, "@")
        return sent.status_code, page[page.index("<main") :].partition("csrf")[0]

    free = answer("free@new.example")
    assert answer("carla@lodi.example") == free
    assert answer("bruna@sala.example") == free
    told = {letter.to[0]: letter for letter in delivered() if "address/" not in letter.body}
    assert "signs in to Custode already" in told["bruna@sala.example"].body


def test_one_keeps_the_old_address(people, come_in, mailing):
    client = come_in(people.ugo)
    client.post(MY_ADDRESS, {"email": "ugo@new.example"})
    (path,) = {link_in(one.body, "address") for one in delivered() if "/address/" in one.body}
    assert client.post(MY_ADDRESS, {"withdraw": "1"}).status_code == 302
    assert again(people.ugo).pending_email == ""
    assert come_in().post(path).status_code == 404


def test_who_asks_too_often_is_told_how_long_to_wait(people, come_in, mailing):
    client = come_in(people.ugo)
    for number in range(5):
        assert client.post(MY_ADDRESS, {"email": f"u{number}@new.example"}).status_code == 302
    answer = client.post(MY_ADDRESS, {"email": "u6@new.example"})
    assert answer.status_code == 429
    assert "Wait" in text(answer)


def test_without_mail_an_admin_does_it(people, come_in):
    client = come_in(people.ugo)
    page = text(client.get(MY_ADDRESS))
    assert "sends no mail" in page
    assert 'name="email"' not in page
    assert "Anna Ferri" in page
    assert client.post(MY_ADDRESS, {"email": "ugo@new.example"}).status_code == 422
    assert again(people.ugo).pending_email == ""


# ---- both


@pytest.mark.parametrize("path", [MY_PASSWORD, MY_ADDRESS])
def test_forms_say_that_they_need_a_proof_and_their_token(people, come_in, mailing, path):
    assert "data-proof" in text(come_in(people.ugo).get(path))
    assert come_in(people.ugo, strict=True).post(path, new(email="a@b.example")).status_code == 403


@pytest.mark.parametrize("path", [MY_PASSWORD, MY_ADDRESS])
def test_a_visitor_is_sent_to_the_sign_in(people, come_in, path):
    for answer in (come_in().get(path), come_in().post(path, new())):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("path", [MY_PASSWORD, MY_ADDRESS])
def test_a_foreign_goal_is_not_gone_to(people, come_in, mailing, path):
    given = new(email="ugo@new.example", next="//evil.example")
    answer = come_in(people.ugo).post(f"{path}?next=//evil.example", given)
    assert answer.status_code == 302
    assert "evil" not in answer["Location"]


def test_an_address_changes_after_a_proof_only(people, come_in, mailing):
    client = come_in(people.ugo)
    client.raise_request_exception = False
    lapse(people.ugo)
    assert client.post(MY_ADDRESS, {"email": "thief@x.example"}).status_code >= 400
    assert again(people.ugo).pending_email == ""
    assert delivered() == []
