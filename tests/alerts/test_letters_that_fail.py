"""Letters about alerts that do not go, or of which nobody knows: tried again, and said so."""

from __future__ import annotations

import smtplib
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail as outbox
from django.core.mail import EmailMessage

from custode.guard.alerts import letters
from custode.guard.alerts.models import AlertMail, Delivery
from custode.kernel import clock
from custode.kernel.actor import Origin
from custode.web.security.alerts import letters as sending
from tests.alerts.judged import delete_many, sent
from tests.cast import Cast

OFFICE = Origin(
    ip="93.40.12.7",
    device="Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/142.0.0.0 Safari/537.36",
)


@pytest.fixture(autouse=True)
def _mail(settings: Any) -> None:
    settings.HAS_MAIL = True


def failing(error: Exception, times: int = 1) -> Any:
    """A way to send that fails so many times."""
    left = [error] * times

    def send(self: Any, **_: Any) -> int:
        if left:
            raise left.pop()
        outbox.outbox.append(self)
        return 1

    return send


@pytest.mark.parametrize(
    ("error", "unsure"),
    [
        (ConnectionRefusedError("no"), False),
        (smtplib.SMTPRecipientsRefused({}), False),
        (TimeoutError("slow"), True),
        (smtplib.SMTPServerDisconnected("gone"), True),
    ],
)
def test_what_did_not_go_is_tried_again_under_the_same_id(
    calm: Cast, monkeypatch: pytest.MonkeyPatch, error: Exception, unsure: bool
) -> None:
    sent()
    delete_many(calm)
    monkeypatch.setattr(EmailMessage, "send", failing(error))
    start = clock.now()
    with clock.at(start):
        assert sent() == []
        row = AlertMail.objects.latest("pk")
        assert (row.state, row.tries) == (Delivery.WAITING, 1)
        assert sent() == []
    with clock.at(start + timedelta(seconds=30)):
        (letter,) = sent()
    assert letter.extra_headers["Message-ID"].startswith(f"<{row.message_id}@")
    assert ("You may have had this message before" in letter.body) == unsure


def test_a_host_whose_clock_is_fast_tries_no_sooner_and_mails_no_later(
    calm: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent()
    right = clock.now
    monkeypatch.setattr(clock, "now", lambda: right() + timedelta(minutes=4))
    delete_many(calm)
    monkeypatch.setattr(clock, "now", right)
    monkeypatch.setattr(EmailMessage, "send", failing(ConnectionRefusedError("no")))
    assert sent() == []
    row = AlertMail.objects.latest("pk")
    assert (row.state, row.tries) == (Delivery.WAITING, 1)
    monkeypatch.setattr(clock, "now", lambda: right() + timedelta(minutes=4))
    assert sent() == []
    row.refresh_from_db()
    assert (row.state, row.tries) == (Delivery.WAITING, 1)
    assert row.due_at - right() <= letters.PAUSES[0]


def test_a_letter_is_given_up_in_the_end_and_the_screen_knows(
    calm: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent()
    delete_many(calm)
    monkeypatch.setattr(EmailMessage, "send", failing(OSError("550 no such user"), 99))
    moment = clock.now()
    for pause in (*letters.PAUSES, timedelta(0)):
        with clock.at(moment):
            assert sent() == []
        moment += pause
    with clock.at(moment + timedelta(days=1)):
        assert sent() == []
    row = AlertMail.objects.latest("pk")
    assert (row.state, row.tries) == (Delivery.FAILED, len(letters.PAUSES) + 1)
    assert [(user.first_name, mail.answer) for user, mail in sending.troubles()] == [
        ("Anna", "550 no such user")
    ]


def test_a_letter_is_taken_by_one_process_only(calm: Cast) -> None:
    sent()
    delete_many(calm)
    first = letters.take()
    assert first is not None
    assert letters.take() is None
    letters.sent(first)
    row = AlertMail.objects.get(pk=first.pk)
    assert row.state == Delivery.SENT
    # Who was thought dead and comes back does not call a sent letter unsent.
    letters.not_sent(first, "late")
    row.refresh_from_db()
    assert row.state == Delivery.SENT


def test_who_was_cut_off_while_sending_has_it_sent_again_and_said_so(
    calm: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent()
    delete_many(calm)
    assert letters.take() is not None
    assert sent() == []
    monkeypatch.setattr(letters, "LEASE", timedelta(0))
    (letter,) = sent()
    assert "You may have had this message before" in letter.body
