"""Nothing is mailed to an address before its owner has said yes, or signs in to the account."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from django.test import Client

from custode.accounts.models import Account
from custode.exchange.webhooks import letters, moves
from custode.exchange.webhooks.models import Delivery, State, Webhook
from custode.exchange.webhooks.moves import Wanted
from custode.guard.models import LogEntry
from custode.kernel import clock, scope
from custode.signin import leaving
from tests.cast import Cast
from tests.exchange.webhooks.listening import look

STRANGER = Wanted("lead.creation", "email", "boss@elsewhere.example")


@pytest.fixture(autouse=True)
def _mailing(settings: Any) -> None:
    settings.HAS_MAIL = True


def asked(hook: Webhook) -> str:
    """The path of the link in the mail that a job sends to the address."""
    letters.ask_for_a_yes(hook.account_id, hook.pk)
    letter = mail.outbox.pop()
    assert letter.to == [hook.target]
    found = re.search(r"https?://[^/\s]+(/news/\S+)", str(letter.body))
    assert found, letter.body
    return found[1]


def sent() -> list[str]:
    look()
    return [letter.to[0] for letter in mail.outbox]


def test_what_happens_waits_until_the_owner_says_yes_and_then_goes(
    ferri: Cast, client: Client
) -> None:
    hook, _secret = moves.make(ferri.actor(ferri.anna), STRANGER)
    ferri.lead(ferri.ugo, "Scanner")
    assert sent() == []
    assert Delivery.objects.get().state == State.WAITING
    link = asked(hook)
    page = client.get(link)
    assert (page.status_code, STRANGER.target in page.text) == (200, True)
    # A program that opens links says no yes.
    assert sent() == []
    assert client.post(link).status_code == 200
    assert sent() == [STRANGER.target]
    assert Delivery.objects.get().state == State.DELIVERED
    entry = LogEntry.objects.latest("seq")
    assert (entry.verb, entry.actor_kind, json.loads(entry.details)["did"]) == (
        "webhooks", "system", "confirmed",
    )  # fmt: skip


def test_the_link_works_once(ferri: Cast, client: Client) -> None:
    hook, _secret = moves.make(ferri.actor(ferri.anna), STRANGER)
    link = asked(hook)
    client.post(link)
    for again in (client.get, client.post):
        assert again(link).status_code == 404


ENDS: dict[str, Callable[[Cast, Webhook], object]] = {
    "it is deleted": lambda ferri, hook: moves.delete(ferri.actor(ferri.anna), hook),
    "a new link is sent": lambda ferri, hook: [
        moves.switch(ferri.actor(ferri.anna), hook, on) for on in (False, True)
    ],
}


@pytest.mark.parametrize("end", ENDS)
def test_the_link_is_over_when(ferri: Cast, client: Client, end: str) -> None:
    hook, _secret = moves.make(ferri.actor(ferri.anna), STRANGER)
    link = asked(hook)
    with clock.at(clock.now() + timedelta(minutes=1)):
        ENDS[end](ferri, hook)
    assert client.post(link).status_code == 404
    assert all(one.awaits_a_yes for one in Webhook.objects.all())


def test_the_link_is_over_after_a_week_and_no_other_is_one(ferri: Cast, client: Client) -> None:
    hook, _secret = moves.make(ferri.actor(ferri.anna), STRANGER)
    link = asked(hook)
    other, _secret = moves.make(
        ferri.actor(ferri.anna), replace(STRANGER, target="other@elsewhere.example")
    )
    theirs = asked(other)
    number, _dash, _rest = link.removeprefix("/news/").partition("-")
    forged = f"/news/{number}-{theirs.partition('-')[2]}"
    for wrong in (forged, f"{link[:-2]}x/", "/news/x/", "/news/zzzzzzzzzzzzz-1-2/"):
        assert client.post(wrong).status_code == 404, wrong
    with clock.at(clock.now() + timedelta(days=8)):
        assert client.post(link).status_code == 404
    assert client.post(link).status_code == 200


def test_a_switched_on_webhook_asks_anew_and_is_mailed_after_a_yes_to_that(
    ferri: Cast, client: Client
) -> None:
    anna = ferri.actor(ferri.anna)
    hook, _secret = moves.make(anna, STRANGER)
    moves.switch(anna, hook, False)
    moves.switch(anna, hook, True)
    ferri.lead(ferri.ugo)
    assert sent() == []
    hook.refresh_from_db()
    client.post(asked(hook))
    assert sent() == [STRANGER.target]
    # Whoever has said yes is not asked again.
    moves.switch(anna, hook, False)
    moves.switch(anna, hook, True)
    hook.refresh_from_db()
    assert not hook.awaits_a_yes


def test_the_address_of_who_signs_in_needs_no_yes(ferri: Cast) -> None:
    target = str(ferri.ugo.email).upper()
    hook, _secret = moves.make(ferri.actor(ferri.anna), replace(STRANGER, target=target))
    assert not hook.awaits_a_yes
    ferri.lead(ferri.ugo)
    assert sent() == [target]


def test_the_address_of_who_does_not_sign_in_needs_one(ferri: Cast) -> None:
    anna = ferri.actor(ferri.anna)
    leaving.disable(anna, ferri.ugo)
    of_another_account = str(ferri.carla.email)
    for target in (str(ferri.ugo.email), of_another_account):
        hook, _secret = moves.make(anna, replace(STRANGER, target=target))
        assert hook.awaits_a_yes, target


def test_the_database_lets_nobody_say_yes_past_the_door(ferri: Cast) -> None:
    hook, _secret = moves.make(ferri.actor(ferri.anna), STRANGER)
    with pytest.raises(DatabaseError), transaction.atomic():
        Webhook.objects.filter(pk=hook.pk).update(awaits_since=None)


def test_the_screen_says_what_it_waits_for_and_the_letter_speaks_the_accounts_language(
    ferri: Cast, client: Client
) -> None:
    hook, _secret = moves.make(ferri.actor(ferri.anna), STRANGER)
    with scope.everywhere("a test signs in"):
        client.force_login(ferri.anna)
    assert "Waits for the owner" in client.get("/admin-panel/webhooks/").text
    page = client.get(f"/admin-panel/webhooks/{hook.pk}/").text
    assert "before its owner has said yes" in page
    link = asked(hook)
    Account.objects.filter(pk=hook.account_id).update(language="it")
    letters.ask_for_a_yes(hook.account_id, hook.pk)
    assert "Un amministratore di" in mail.outbox.pop().body
    assert "Sì" in Client().get(link).text
