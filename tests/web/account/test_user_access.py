"""How a user signs in, changed by an admin: address, link, second factor."""

import re

import pyotp
import pytest

from custode.guard.models import LogEntry
from custode.kernel import scope
from custode.signin import factors, links
from custode.signin.factors import moves as factor_moves
from custode.signin.factors import totp
from tests.signin.conftest import acting
from tests.signin.posting import again, delivered, link_in, token_in

PAGE = "/admin-panel/users/"


def text(answer):
    return answer.content.decode()


def page_of(user, end=""):
    return f"{PAGE}{user.pk}/{end}"


def test_without_mail_the_link_that_confirms_is_shown_once(people, come_in):
    client = come_in(people.anna)
    answer = client.post(page_of(people.ugo, "address/"), {"email": "ugo@new.example"})
    assert "No mail is set up" in text(answer)
    assert "no-store" in answer["Cache-Control"]
    path = link_in(text(answer), "address")
    assert "/address/" not in text(client.get(page_of(people.ugo))).replace('/address/"', "")
    assert again(people.ugo).email == "ugo@conti.example"
    assert come_in().post(path).status_code == 200
    assert again(people.ugo).email == "ugo@new.example"


def test_with_mail_it_goes_to_the_new_address_and_a_warning_to_the_old(people, come_in, mailing):
    client = come_in(people.anna)
    answer = client.post(page_of(people.ugo, "address/"), {"email": "ugo@new.example"}, follow=True)
    assert "/address/" not in text(answer).replace('/address/"', "")
    letters = {letter.to[0]: letter.body for letter in delivered()}
    assert links.user_of_address(token_in(letters["ugo@new.example"], "address")) == people.ugo
    assert "Anna Ferri has asked" in letters["ugo@conti.example"]
    assert "/not-me/" not in letters["ugo@conti.example"]


def test_what_waits_is_shown_and_can_be_withdrawn(people, come_in):
    client = come_in(people.anna)
    client.post(page_of(people.ugo, "address/"), {"email": "ugo@new.example"})
    assert "Waits to be confirmed" in text(client.get(page_of(people.ugo)))
    assert client.post(page_of(people.ugo, "address/"), {"withdraw": "1"}).status_code == 302
    assert again(people.ugo).pending_email == ""


@pytest.mark.parametrize("email", ["", "x", "bruna@sala.example", "ugo@conti.example", "\x00"])
def test_a_wrong_address_is_told_beside_its_field(people, come_in, email):
    answer = come_in(people.anna).post(page_of(people.ugo, "address/"), {"email": email})
    assert answer.status_code == 422
    assert 'id="email-mistake"' in text(answer)
    assert again(people.ugo).pending_email == ""


def test_a_user_cannot_have_the_link_shown_by_the_admins_road(people, come_in):
    answer = come_in(people.ugo).post(page_of(people.ugo, "address/"), {"email": "u@new.example"})
    assert answer.status_code == 403
    assert again(people.ugo).pending_email == ""


def test_a_link_that_an_admin_makes_is_in_the_log(people, come_in):
    come_in(people.anna).post(page_of(people.ugo, "link/"))
    with scope.account(people.ugo.account_id):
        entry = LogEntry.objects.get(details=f'{{"link":{people.ugo.pk}}}')
    assert (entry.verb, entry.actor_id) == ("users", people.anna.pk)


@pytest.fixture
def locked_out(people):
    """Ugo has a second factor, and has lost it."""
    secret = totp.new_secret()
    with scope.account(people.ugo.account_id):
        factor_moves.add_totp(
            acting(people.ugo), people.ugo, secret, pyotp.TOTP(secret).now(), this=0
        )
    return people.ugo


def is_on(user):
    with scope.account(user.account_id):
        return factors.are_on(user)


def test_the_second_factor_is_taken_away(people, come_in, locked_out, mailing):
    ugos, client = come_in(locked_out), come_in(people.anna)
    assert "Switch it off" in text(client.get(page_of(locked_out)))
    answer = client.post(page_of(locked_out, "two-factor/"), follow=True)
    assert "is off" in text(answer)
    assert not is_on(locked_out)
    assert ugos.get("/profile/").status_code == 302
    (letter,) = delivered()
    assert (letter.to, "Anna Ferri" in letter.body) == ([locked_out.email], True)
    assert "Switch it off" not in text(client.get(page_of(locked_out)))
    with scope.account(locked_out.account_id):
        assert LogEntry.objects.filter(details='{"off":"all"}').count() == 1


def test_by_an_admin_only_and_not_of_another_account(people, come_in, locked_out):
    assert come_in(people.bruna).post(page_of(locked_out, "two-factor/")).status_code == 403
    assert come_in(people.carla).post(page_of(locked_out, "two-factor/")).status_code == 404
    assert is_on(locked_out)


def test_the_forms_that_need_a_proof_say_so(people, come_in, locked_out):
    page = text(come_in(people.anna).get(page_of(locked_out)))
    forms = re.findall(r'<form class="setting"[^>]*>', page)
    assert len(forms) == 5
    assert [form for form in forms if "data-proof" not in form] == []
