"""The mail with the link to set a password."""

from __future__ import annotations

import pytest
from django.core import mail

from custode.signin.letters import invite
from tests.cast import Cast


def test_without_mail_the_link_is_given_back(people: Cast) -> None:
    assert "/password/" in invite(people.ugo)
    assert mail.outbox == []


def test_with_mail_it_is_sent_to_its_owner_only(people: Cast, settings) -> None:
    settings.HAS_MAIL = True
    assert invite(people.ugo) == ""
    (letter,) = mail.outbox
    assert letter.to == [people.ugo.email]
    assert letter.cc == letter.bcc == []
    assert f"{settings.URL}/password/" in letter.body
    assert "Ugo" in letter.body


def test_a_server_that_does_not_take_it_is_told(
    people: Cast, settings, capsys: pytest.CaptureFixture[str]
) -> None:
    from custode.console.main import main

    settings.HAS_MAIL = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    words = ["--email", "g@ferri.example", "--first-name", "Gino", "--role", "user"]
    assert main(["createuser", "Ferri S.p.A.", *words]) == 0
    said = capsys.readouterr()
    assert "could not be sent" in said.err
    assert "/password/" in said.out
