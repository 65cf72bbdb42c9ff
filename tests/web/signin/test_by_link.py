"""What mailed links open: opening changes nothing, the button does, once."""

import logging
import re
from datetime import timedelta

import pytest
from django.urls import reverse

from custode.kernel import clock, scope
from custode.people import moves
from custode.signin import access, leaving, links
from custode.signin.models import Session
from tests.cast import PASSWORD
from tests.signin.posting import again, delivered, delivered_one, link_in, token_in

NEW = "quiet-river-lamp-29"


def path_of(link):
    return link_in(link, link.split("/")[3])


@pytest.fixture
def row(people, come_in):
    """A session of Ugo's, which somebody else began."""
    come_in(people.ugo)
    with scope.account(people.ugo.account_id):
        return Session.objects.select_related("user").get(user=people.ugo)


def text(answer):
    return answer.content.decode()


# ---- this was not me


def test_opening_the_link_changes_nothing(people, come_in, row):
    path = path_of(links.not_me_link(row))
    for _scan in range(3):
        answer = come_in().get(path)
        assert answer.status_code == 200
        assert come_in().head(path).status_code < 500
    assert "Ugo Conti" in text(answer)
    assert "no-store" in answer["Cache-Control"]
    with scope.account(row.account_id):
        row.refresh_from_db()
    assert row.ended_at is None
    assert again(people.ugo).check_password(PASSWORD)


def test_the_button_ends_their_session_at_its_next_request(people, come_in, mailing):
    theirs = come_in(people.ugo)
    with scope.account(people.ugo.account_id):
        row = Session.objects.get(user=people.ugo)
    assert theirs.get("/profile/").status_code == 200
    answer = come_in().post(path_of(links.not_me_link(row)))
    assert answer.status_code == 200
    assert "on its way to ugo@conti.example" in text(answer)
    assert theirs.get("/profile/").status_code == 302
    assert links.user_of(token_in(delivered_one().body)) == people.ugo
    signed = come_in().post("/sign-in/", {"email": "ugo@conti.example", "password": PASSWORD})
    assert signed.status_code == 422


def test_the_button_works_once(people, come_in, row):
    path = path_of(links.not_me_link(row))
    assert [come_in().post(path).status_code for _ in range(2)] == [200, 404]
    assert come_in().get(path).status_code == 404


def test_without_mail_it_says_whom_to_ask(people, come_in, row):
    page = text(come_in().post(path_of(links.not_me_link(row))))
    assert "Ask an admin" in page
    assert delivered() == []


def test_the_link_lasts_seven_days(people, come_in, row):
    path = path_of(links.not_me_link(row))
    for days, status in ((6.9, 200), (7.1, 404)):
        with clock.at(clock.now() + timedelta(days=days)):
            assert come_in().get(path).status_code == status


def test_of_a_disabled_user_it_is_over(people, come_in, row):
    path = path_of(links.not_me_link(row))
    leaving.disable(people.actor(people.anna), people.ugo)
    assert come_in().post(path).status_code == 404


# ---- a new address


@pytest.fixture
def asked(people):
    access.ask_for_address(people.actor(people.ugo), people.ugo, "ugo@new.example")
    return path_of(links.address_link(again(people.ugo)))


def test_opening_the_link_to_confirm_changes_nothing(people, come_in, asked):
    page = text(come_in().get(asked))
    assert "ugo@new.example" in page
    assert again(people.ugo).email == "ugo@conti.example"


def test_the_button_confirms_and_the_new_address_signs_in(people, come_in, asked):
    assert "ugo@new.example" in text(come_in().post(asked))
    given = {"password": PASSWORD}
    old = come_in().post("/sign-in/", {**given, "email": "ugo@conti.example"})
    new = come_in().post("/sign-in/", {**given, "email": "ugo@new.example"})
    assert (old.status_code, new.status_code) == (422, 302)
    assert come_in().post(asked).status_code == 404


def test_a_mailbox_whose_address_signs_in_elsewhere_is_told_there_alone(people, come_in):
    access.ask_for_address(people.actor(people.ugo), people.ugo, "carla@lodi.example")
    path = path_of(links.address_link(again(people.ugo)))
    for answer in (come_in().get(path), come_in().post(path)):
        assert answer.status_code == 409
        assert "signs in to another account" in text(answer)
        assert "Lodi" not in text(answer).replace("carla@lodi", "")
    assert again(people.ugo).email == "ugo@conti.example"


# ---- a password


def test_an_invitation_is_accepted_by_its_link(people, come_in, mailing):
    dino = moves.create(people.actor(people.anna), first_name="Dino", email="dino@rota.example")
    path = path_of(links.password_link(again(dino)))
    assert "dino@rota.example" in text(come_in().get(path))
    assert come_in().post(path, {"password": NEW, "again": NEW}).status_code == 200
    signed = come_in().post("/sign-in/", {"email": "dino@rota.example", "password": NEW})
    assert signed.status_code == 302


def test_an_invitation_to_an_address_that_signs_in_elsewhere_ends_at_the_link(people, come_in):
    eve = moves.create(people.actor(people.anna), first_name="Eve", email="carla@lodi.example")
    path = path_of(links.password_link(again(eve)))
    for answer in (come_in().get(path), come_in().post(path, {"password": NEW, "again": NEW})):
        assert answer.status_code == 409
    assert again(people.carla).check_password(PASSWORD)


def test_a_password_that_is_set_by_a_link_ends_what_is_open(people, come_in):
    client = come_in(people.ugo)
    path = path_of(links.password_link(again(people.ugo)))
    come_in().post(path, {"password": NEW, "again": NEW})
    assert client.get("/profile/").status_code == 302


# ---- all of them


def test_no_link_is_written_where_the_operator_reads(people, come_in, paths, monkeypatch):
    handler, said = logging.getLogger().handlers[0], []
    monkeypatch.setattr(handler, "emit", lambda record: said.append(handler.format(record)))
    for path in (*paths, "/password/1-1-1/"):
        come_in().put(path)
        come_in().post(path, {"password": "short", "again": "short"})
        come_in().get(path)
    assert len(said) >= 4
    assert [line for line in said if re.search(r"-\w{30}|1-1-1", line)] == []


@pytest.fixture
def paths(people, row, asked):
    user = again(people.ugo)
    return [
        path_of(links.password_link(user)), path_of(links.address_link(user)),
        path_of(links.not_me_link(row)),
    ]  # fmt: skip


def test_forms_without_their_token_change_nothing(people, come_in, paths):
    for path in paths:
        answer = come_in(strict=True).post(path, {"password": NEW, "again": NEW})
        assert answer.status_code == 403
    user = again(people.ugo)
    assert user.check_password(PASSWORD)
    assert user.email == "ugo@conti.example"


def test_a_foreign_goal_is_not_gone_to(people, come_in, paths):
    for path in paths:
        given = {"password": NEW, "again": NEW, "next": "//evil.example"}
        answer = come_in().post(f"{path}?next=//evil.example", given)
        assert "Location" not in answer
        assert "evil.example" not in text(answer)


@pytest.mark.parametrize("name", ["password", "address", "not_me"])
@pytest.mark.parametrize(
    "token", ["x", "-", "1-1-1", "0-abc-def", "zzzzzzzzzzzzz-1-1", "1y2p0ij32e8e7-1-1", "%00", "è"]
)
def test_an_invented_link_opens_nothing(people, come_in, name, token):
    path = reverse(name, args=["TOKEN"]).replace("TOKEN", token)
    for answer in (come_in().get(path), come_in().post(path)):
        assert answer.status_code == 404
        assert "no longer works" in text(answer)


@pytest.mark.parametrize("kind", [0, 1, 2])
def test_a_link_with_one_letter_changed_opens_nothing(people, come_in, paths, kind):
    path = paths[kind]
    for at in (len(path) - 3, len(path) - 41):
        other = "b" if path[at] != "b" else "c"
        assert come_in().post(path[:at] + other + path[at + 1 :]).status_code == 404
