"""What is mailed about signing in: to whom, in which language, with which links."""

from __future__ import annotations

import re

import pytest
from django.core import mail

from custode.console.main import main
from custode.kernel import scope
from custode.people import addresses, moves
from custode.signin import leaving, letters
from custode.signin.letters import Letter, invite
from custode.signin.mailing import post
from tests.cast import Cast
from tests.signin.posting import delivered, delivered_one, received

# letter, facts, words of its subject, words that must be in it, kind of its link
LETTERS = [
    (Letter.INVITATION, {}, "Your sign-in to Custode", ["Ferri S.p.A.", "three days"], "password"),
    (Letter.RESET, {}, "A new password for Custode", ["If you did not ask for it"], "password"),
    (Letter.ACCESS_RESET, {}, "Your access to Custode was reset", ["signed out"], "password"),
    (Letter.PASSWORD_CHANGED, {}, "Your password was changed", ["/forgot/"], ""),
    (Letter.PASSWORD_CHANGED, {"session": 1}, "Your password was changed",
     ["Firefox on Linux", "192.0.2.7"], "not-me"),
    (Letter.ADDRESS_ASKED, {"session": 1, "new": "u@new.example"},
     "Your e-mail address in Custode is about to change", ["u@new.example"], "not-me"),
    (Letter.ADDRESS_ASKED, {"by": "Anna Ferri", "new": "u@new.example"},
     "Your e-mail address in Custode is about to change",
     ["Anna Ferri has asked", "ask an admin"], ""),
    (Letter.NEW_DEVICE, {"session": 1}, "A new device signed in to Custode",
     ["Firefox on Linux", "192.0.2.7", "(Europe/Rome)"], "not-me"),
    (Letter.TWO_FACTOR_OFF, {"by": "Anna Ferri"},
     "Two-factor authentication was switched off for you", ["Anna Ferri has"], ""),
    (Letter.TWO_FACTOR_OFF, {"by": ""},
     "Two-factor authentication was switched off for you", ["Whoever runs this"], ""),
]  # fmt: skip


@pytest.mark.parametrize(("letter", "facts", "subject", "words", "link"), LETTERS)
def test_each_letter_says_what_it_is_about(
    people: Cast, begin, settings, letter, facts, subject, words, link
) -> None:
    row = begin(people.ugo)
    letters.send(
        people.ugo, letter, {**facts, **({"session": row.pk} if "session" in facts else {})}
    )
    (sent,) = received()
    assert sent.subject == subject
    assert sent.to == ["ugo@conti.example"]
    assert sent.body.startswith("Hello Ugo,\n\n")
    assert not [part for part in words if part not in sent.body]
    kinds = re.findall(rf"^{re.escape(settings.URL)}/(password|address|not-me)/", sent.body, re.M)
    assert kinds == ([link] if link else [])


@pytest.mark.parametrize("letter", Letter)
def test_every_letter_is_one_in_italian_too(people: Cast, begin, letter) -> None:
    with scope.account(people.ugo.account_id):
        people.ugo.language = "it"
        people.ugo.save(update_fields=["language"])
    set_pending(people, "ugo@new.example")
    letters.send(people.ugo, letter, {"session": begin(people.ugo).pk, "new": "ugo@new.example"})
    (sent,) = received()
    assert sent.body.startswith("Ciao")
    assert "{" not in sent.body
    assert "&" not in sent.body.replace(people.ferri.account.name, "")
    assert not re.search(r"\n{4}", sent.body)
    assert "\n" not in sent.subject


def set_pending(people: Cast, address: str) -> None:
    addresses.ask(people.actor(people.ugo), people.ugo, address)


def test_names_are_not_made_into_html(people: Cast) -> None:
    with scope.account(people.ugo.account_id):
        people.ugo.first_name = "D'Arcy & <b>"
        people.ugo.save(update_fields=["first_name"])
    letters.send(people.ugo, Letter.RESET)
    assert "Hello D'Arcy & <b>,\n" in received()[0].body


def test_without_mail_nothing_is_asked_of_the_jobs(people: Cast) -> None:
    post(people.ugo, Letter.RESET)
    assert delivered() == []


def test_with_mail_a_job_sends_it(people: Cast, mailing) -> None:
    post(people.ugo, Letter.TWO_FACTOR_OFF, by="Anna Ferri")
    assert mail.outbox == []
    assert "Anna Ferri has" in delivered_one().body


def test_who_was_disabled_in_the_meantime_gets_nothing(people: Cast, mailing) -> None:
    post(people.ugo, Letter.RESET)
    leaving.disable(people.actor(people.anna), people.ugo)
    assert delivered() == []


def test_an_invitation_to_an_address_that_signs_in_elsewhere_says_so_and_has_no_link(
    people: Cast, mailing
) -> None:
    eve = moves.create(people.actor(people.anna), first_name="Eve", email="carla@lodi.example")
    post(eve, Letter.INVITATION)
    letter = delivered_one()
    assert letter.to == ["carla@lodi.example"]
    assert "signs in to Custode already" in letter.body
    assert "Ferri S.p.A." in letter.body
    assert "Lodi" not in letter.body
    assert "/password/" not in letter.body


def test_without_mail_the_link_is_given_back(people: Cast) -> None:
    assert "/password/" in invite(people.ugo)
    assert mail.outbox == []


def test_with_mail_it_is_sent_to_its_owner_only(people: Cast, mailing) -> None:
    assert invite(people.ugo) == ""
    (letter,) = received()
    assert letter.to == [people.ugo.email]


def test_a_server_that_does_not_take_it_is_told(
    people: Cast, settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.HAS_MAIL = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    words = ["--email", "g@ferri.example", "--first-name", "Gino", "--role", "user"]
    assert main(["createuser", "Ferri S.p.A.", *words]) == 0
    said = capsys.readouterr()
    assert "could not be sent" in said.err
    assert "/password/" in said.out
