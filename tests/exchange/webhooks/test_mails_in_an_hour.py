"""An e-mail address gets so many mails in an hour: the rest goes together, and none is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from custode.exchange.webhooks import letters, mailing, moves
from custode.exchange.webhooks.models import Delivery, State, Webhook, Why
from custode.exchange.webhooks.moves import Wanted
from custode.exchange.webhooks.sending import Result
from custode.kernel import clock
from tests.cast import Cast
from tests.exchange.webhooks.listening import look
from tests.exchange.webhooks.receiving import Receiver


@pytest.fixture
def hook(ferri: Cast, settings: Any) -> Webhook:
    """A webhook to Anna's own address, which may mail three times in an hour."""
    settings.HAS_MAIL, settings.WEBHOOK_MAILS_HOURLY = True, 3
    wanted = Wanted("lead.creation", "email", str(ferri.anna.email))
    return moves.make(ferri.actor(ferri.anna), wanted)[0]


NOW = clock.now().replace(minute=10, second=0, microsecond=0) + timedelta(hours=1)


def happens(ferri: Cast, *titles: str) -> None:
    for title in titles:
        ferri.lead(ferri.ugo, title)


def left() -> int:
    return Delivery.objects.exclude(state=State.DELIVERED).count()


def test_a_few_go_in_a_mail_each(ferri: Cast, hook: Webhook) -> None:
    with clock.at(NOW):
        happens(ferri, "One", "Two", "Three")
        look()
    assert (len(mail.outbox), left()) == (3, 0)


def test_more_than_the_hour_has_left_go_together_in_one(ferri: Cast, hook: Webhook) -> None:
    with clock.at(NOW):
        happens(ferri, "One", "Two")
        look()
        assert len(mail.outbox) == 2
        happens(ferri, *(f"Lead number {n}" for n in range(12)))
        look()
    assert (len(mail.outbox), left()) == (3, 0)
    letter = mail.outbox[-1]
    assert letter.subject.startswith("12 pieces of news")
    assert all(f"Lead number {n}\n" in letter.body for n in range(12))
    assert letter.body.count("/leads/") == 12


def test_in_an_hour_that_is_used_up_all_waits_for_the_next_and_none_is_lost(
    ferri: Cast, hook: Webhook
) -> None:
    with clock.at(NOW):
        for title in ("One", "Two", "Three"):
            happens(ferri, title)
            look()
        happens(ferri, "Four", "Five", "Six", "Seven")
        look()
        assert (len(mail.outbox), left()) == (3, 4)
    with clock.at(NOW + timedelta(minutes=49)):
        look()
        assert (len(mail.outbox), left()) == (3, 4)
    with clock.at(NOW + timedelta(minutes=50)):
        look()
        assert (len(mail.outbox), left()) == (4, 0)


def test_one_mail_holds_only_so_many_and_the_next_the_others(
    ferri: Cast, hook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailing, "TOGETHER", 5)
    with clock.at(NOW):
        happens(ferri, *(f"Lead {n}" for n in range(12)))
        look()
    assert left() == 0
    assert [letter.subject.split()[0] for letter in mail.outbox[:2]] == ["5", "5"]
    assert len(mail.outbox) == 3


def test_what_the_mail_server_did_not_take_waits_whole(
    ferri: Cast, hook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letters, "send", lambda _message: Result(why=Why.MAIL))
    with clock.at(NOW):
        happens(ferri, *(f"Lead {n}" for n in range(8)))
        look()
        whys = set(Delivery.objects.values_list("state", "why", "try_count"))
        assert whys == {(State.WAITING, Why.MAIL, 1)}
    monkeypatch.undo()
    with clock.at(NOW + timedelta(hours=1)):
        look()
    assert (len(mail.outbox), left()) == (1, 0)


def test_each_webhook_has_an_hour_of_its_own_and_programs_have_none(
    ferri: Cast, hook: Webhook, settings: Any
) -> None:
    anna = ferri.actor(ferri.anna)
    moves.make(anna, Wanted("lead.creation", "email", str(ferri.ugo.email)))
    with clock.at(NOW):
        happens(ferri, "One", "Two", "Three")
        look()
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted(
        [str(ferri.anna.email)] * 3 + [str(ferri.ugo.email)] * 3
    )


def test_an_address_of_a_program_is_told_each(ferri: Cast, there: Receiver, settings: Any) -> None:
    settings.WEBHOOK_MAILS_HOURLY = 1
    moves.make(ferri.actor(ferri.anna), Wanted("lead.creation", "url", there.url))
    with clock.at(NOW):
        happens(ferri, "One", "Two", "Three")
        look()
    assert len(there.got) == 3
