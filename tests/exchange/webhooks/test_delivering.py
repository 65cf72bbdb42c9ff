"""Deliveries through a real HTTP server: taken, refused, slow, endless; and what follows."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from custode.exchange.webhooks import (
    letters,
    moves,
    outbox,
    signing,
    tasks,
)
from custode.exchange.webhooks.models import Delivery, State, Webhook, Why
from custode.exchange.webhooks.moves import Wanted
from custode.guard.models import LogEntry
from custode.kernel import clock
from custode.kernel.errors import Invalid
from custode.signin import sealing
from tests.cast import Cast
from tests.exchange.webhooks.conftest import Hook
from tests.exchange.webhooks.listening import delivered, look
from tests.exchange.webhooks.receiving import (
    Receiver,
    answers,
)

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def later(delivery: Delivery, by: timedelta) -> None:
    """Let time pass for a delivery that waits."""
    Delivery.objects.filter(pk=delivery.pk).update(due_at=clock.now() - timedelta(seconds=1))
    with clock.at(clock.now() + by):
        look()
    delivery.refresh_from_db()


def test_a_delivery_arrives_in_the_form_of_the_reference(
    ferri: Cast, there: Receiver, hook: Hook
) -> None:
    hook("lead.creation")
    lead = ferri.lead(ferri.ugo, "Scanner è qui")
    one = delivered()
    (got,) = there.got
    assert (one.state, one.try_count, one.last_returned_code) == (State.DELIVERED, 1, 200)
    assert one.answer == "ok"
    assert one.has_succeeded
    assert got.event.keys() == {"id", "event", "signature", "data"}
    assert (got.event["id"], got.event["event"]) == (one.pk, "lead.creation")
    assert got.event["data"]["id"] == lead.pk
    assert got.event["data"]["title"] == "Scanner è qui"
    assert got.event["signature"] == ""
    assert got.headers["content-type"] == "application/json"


def test_the_signature_of_standard_webhooks_can_be_checked(ferri: Cast, there: Receiver) -> None:
    _hook, secret = moves.make(
        ferri.actor(ferri.anna), Wanted("lead.creation", "url", there.url)
    )  # fmt: skip
    ferri.lead(ferri.ugo)
    one = delivered()
    (got,) = there.got
    number, stamp = got.headers["webhook-id"], got.headers["webhook-timestamp"]
    key = base64.b64decode(secret.removeprefix("whsec_"))
    assert len(key) == 32
    signed = f"{number}.{stamp}.".encode() + got.body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert got.headers["webhook-signature"] == f"v1,{expected}"
    assert abs(int(stamp) - time.time()) < 30
    assert number == f"msg_{one.account_id}_{one.pk}"


def test_the_signature_is_that_of_the_standards_own_example() -> None:
    """https://github.com/standard-webhooks/standard-webhooks, libraries' tests."""
    made = signing.headers(
        SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
    )
    assert made["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_signature_in_the_body_is_hex_sha1_of_number_and_key() -> None:
    # printf '4711key' | sha1sum
    assert signing.reference_signature(4711, "key") == hashlib.sha1(b"4711key").hexdigest()
    assert signing.reference_signature(4711, None) == ""


def test_a_failure_is_tried_again_with_the_same_number_until_it_is_taken(
    ferri: Cast, there: Receiver, hook: Hook
) -> None:
    made = hook("lead.creation")
    ferri.lead(ferri.ugo)
    there.behave = answers(503, b"Sorry, not now")
    one = delivered()
    assert (one.state, one.why, one.last_returned_code) == (State.WAITING, Why.STATUS, 503)
    assert one.answer == "Sorry, not now"
    assert timedelta(seconds=5) < one.due_at - clock.now() <= timedelta(seconds=10)
    look()
    assert len(there.got) == 1
    made.refresh_from_db()
    assert made.failing_since is not None
    there.behave = None
    later(one, timedelta(seconds=11))
    assert (one.state, one.try_count, one.why) == (State.DELIVERED, 2, "")
    assert there.got[0].headers["webhook-id"] == there.got[1].headers["webhook-id"]
    made.refresh_from_db()
    assert made.failing_since is None


def test_a_host_whose_clock_is_fast_tries_no_sooner_and_sends_no_later(
    ferri: Cast, there: Receiver, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, right = hook("lead.creation"), clock.now
    there.behave = answers(503)
    ferri.lead(ferri.ugo)
    one = delivered()
    monkeypatch.setattr(clock, "now", lambda: right() + timedelta(hours=71))
    look()
    assert len(there.got) == 1
    Delivery.objects.update(state=State.FAILED)
    moves.send_again(ferri.actor(ferri.anna), one)
    look()
    assert len(there.got) == 2
    one.refresh_from_db()
    assert one.due_at - right() <= timedelta(seconds=10)
    Webhook.objects.update(failing_since=None)
    Delivery.objects.update(try_count=len(outbox.PAUSES), due_at=right() - timedelta(seconds=1))
    look()
    one.refresh_from_db()
    made.refresh_from_db()
    assert (one.state, made.is_on) == (State.FAILED, True)
    assert made.failing_since is not None
    assert made.failing_since <= right()


def test_after_three_days_it_is_given_up_and_the_webhook_is_switched_off_with_a_mail(
    ferri: Cast, there: Receiver, hook: Hook, settings: Any
) -> None:
    settings.HAS_MAIL = True
    made = hook("lead.creation", name="Our shop")
    ferri.lead(ferri.ugo)
    there.behave = answers(500)
    began = clock.now()
    moment = began
    one = delivered()
    while one.state == State.WAITING:
        moment = one.due_at + timedelta(seconds=1)
        with clock.at(moment):
            look()
        one.refresh_from_db()
    assert one.state == State.FAILED
    assert timedelta(days=3) <= moment - began < timedelta(days=3, hours=2)
    made.refresh_from_db()
    assert not made.is_on
    assert made.given_up_at is not None
    entry = LogEntry.objects.latest("seq")
    assert (entry.verb, entry.actor_kind) == ("webhooks", "system")
    assert '"did":"given_up"' in entry.details
    tasks.tell_given_up.func(made.account_id, made.pk)
    (letter,) = mail.outbox
    assert letter.to == ["anna@ferri.example"]
    assert "Our shop" in letter.subject
    assert there.url in letter.body


def test_one_that_got_through_lately_is_not_switched_off(
    ferri: Cast, there: Receiver, hook: Hook
) -> None:
    made = hook("lead.creation")
    ferri.lead(ferri.ugo)
    there.behave = answers(500)
    one = delivered()
    Delivery.objects.filter(pk=one.pk).update(try_count=len(outbox.PAUSES))
    Webhook.objects.filter(pk=made.pk).update(failing_since=clock.now() - timedelta(hours=1))
    later(one, timedelta(0))
    assert one.state == State.FAILED
    made.refresh_from_db()
    assert made.is_on


def test_while_a_webhook_is_off_nothing_is_told_and_what_waits_waits(
    ferri: Cast, there: Receiver, hook: Hook
) -> None:
    made = hook("lead.creation")
    ferri.lead(ferri.ugo, "First")
    there.behave = answers(500)
    one = delivered()
    moves.switch(ferri.actor(ferri.anna), made, False)
    there.behave = None
    ferri.lead(ferri.ugo, "Second")
    later(one, timedelta(hours=1))
    assert one.state == State.WAITING
    moves.switch(ferri.actor(ferri.anna), made, True)
    later(one, timedelta(hours=1))
    assert one.state == State.DELIVERED
    assert Delivery.objects.count() == 1


def test_it_is_sent_again_by_hand(ferri: Cast, there: Receiver, hook: Hook) -> None:
    hook("lead.creation")
    ferri.lead(ferri.ugo)
    one = delivered()
    moves.send_again(ferri.actor(ferri.anna), one)
    one = delivered()
    assert (one.state, one.try_count) == (State.DELIVERED, 1)
    assert [got.event["id"] for got in there.got] == [one.pk, one.pk]
    Delivery.objects.update(state=State.SENDING, claim="x", claimed_at=clock.now())
    with pytest.raises(Invalid):
        moves.send_again(ferri.actor(ferri.anna), one)


def test_an_e_mail_address_gets_a_mail(ferri: Cast, settings: Any) -> None:
    settings.HAS_MAIL = True
    moves.make(ferri.actor(ferri.anna), Wanted("lead.creation", "email", str(ferri.anna.email)))
    ferri.lead(ferri.ugo, "Scanner\nBcc: x@evil.example")
    assert delivered().state == State.DELIVERED
    (letter,) = mail.outbox
    assert letter.to == [ferri.anna.email]
    assert "\n" not in letter.subject
    assert "A lead is created" in letter.subject
    assert "/leads/" in letter.body


def test_without_mail_an_e_mail_address_waits_and_says_why(ferri: Cast, settings: Any) -> None:
    settings.HAS_MAIL = False
    moves.make(ferri.actor(ferri.anna), Wanted("lead.creation", "email", str(ferri.anna.email)))
    ferri.lead(ferri.ugo)
    one = delivered()
    assert (one.state, one.why) == (State.WAITING, Why.NO_MAIL)
    assert letters.trouble()


def test_a_secret_that_cannot_be_read_loses_no_delivery(
    ferri: Cast, there: Receiver, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook("lead.creation")
    ferri.lead(ferri.ugo)

    def no_key(_sealed: str) -> str:
        raise sealing.Sealed("no key")

    with monkeypatch.context() as patched:
        patched.setattr(sealing, "unseal", no_key)
        one = delivered()
    assert (one.state, one.why) == (State.WAITING, Why.LOCKED)
    later(one, timedelta(0))
    assert one.state == State.DELIVERED


def test_deliveries_are_kept_for_ten_days(ferri: Cast, there: Receiver, hook: Hook) -> None:
    hook("lead.creation")
    ferri.lead(ferri.ugo)
    one = delivered()
    with clock.at(one.made_at + timedelta(days=9, hours=23)):
        assert outbox.forget_old() == 0
    with clock.at(one.made_at + timedelta(days=10, hours=1)):
        assert outbox.forget_old() == 1
