"""Who made a webhook stands with it; where nothing can be sent, that is said at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from custode.exchange.webhooks import moves, sending
from custode.exchange.webhooks.models import Webhook
from custode.exchange.webhooks.moves import Wanted
from custode.guard import lock
from custode.guard.kinds import Verb
from custode.kernel import scope
from custode.signin.api_keys.models import ApiKey
from tests.api.calling import Caller, key_for
from tests.cast import Cast

PAGE = "/admin-panel/webhooks/"
WANTED = Wanted("lead.creation", "url", "https://shop.example/in", "Shop")
GIVEN = {"event": "lead.deleted", "target_type": "url", "target": "https://far.example/in"}


def makers() -> list[tuple[int | None, int | None, str]]:
    rows = Webhook.objects.order_by("pk")
    return list(rows.values_list("made_by_id", "made_by_key", "made_by_name"))


def come_in(who: Any) -> Client:
    client = Client()
    with scope.everywhere("a test signs in"):
        client.force_login(who)
    return client


def test_a_person_and_an_application_are_told_as_makers(ferri: Cast) -> None:
    moves.make(ferri.actor(ferri.anna), WANTED)
    text = key_for(ferri.ferri.account, name="Zapp")
    assert Caller(key=text).post("/webhooks", GIVEN).status == 201
    key = ApiKey.objects.get().pk
    assert makers() == [(ferri.anna.pk, None, "Anna Ferri"), (None, key, "Zapp")]
    page = come_in(ferri.anna).get(PAGE).content.decode()
    assert "made by Anna Ferri on" in page
    assert "made by Zapp on" in page


def test_of_what_an_application_makes_as_a_user_both_are_known(ferri: Cast) -> None:
    actor = replace(ferri.actor(ferri.anna), as_key=7)
    moves.make(actor, WANTED)
    assert makers() == [(ferri.anna.pk, 7, "Anna Ferri")]


@pytest.mark.parametrize(
    "values", [{"made_by_id": 99_999}, {"made_by_key": 99_999}, {"made_by_name": "Nobody"}], ids=str
)
def test_nobody_passes_one_off_as_anothers(ferri: Cast, values: dict[str, Any]) -> None:
    hook, _secret = moves.make(ferri.actor(ferri.anna), WANTED)
    door = lock.opened(f"{Verb.WEBHOOKS}:{ferri.ferri.account.pk}")
    with pytest.raises(DatabaseError), transaction.atomic(), door:
        Webhook.objects.filter(pk=hook.pk).update(**values)


@pytest.mark.parametrize(
    ("host", "in_vain"),
    [
        ("127.0.0.1", True), ("10.1.2.3:8080", True), ("192.168.1.1", True), ("[::1]", True),
        ("[fd00::1]:9000", True), ("localhost", True), ("LOCALHOST.:81", True),
        ("app.localhost", True), ("127.1", True), ("2130706433", True), ("0x7f000001", True),
        ("[::ffff:10.0.0.1]", True), ("169.254.169.254", True),
        ("93.184.216.34", False), ("[2606:2800:220:1:248:1893:25c8:1946]", False),
        ("shop.example", False), ("localhost.example", False),
    ],
)  # fmt: skip
def test_which_addresses_are_known_to_be_in_vain(
    host: str, in_vain: bool, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WEBHOOKS_TO_PRIVATE_ADDRESSES = False
    assert sending.is_in_vain(f"http://{host}/hook") is in_vain
    settings.WEBHOOKS_TO_PRIVATE_ADDRESSES = True
    assert not sending.is_in_vain(f"http://{host}/hook")


@pytest.mark.parametrize("allowed", [False, True])
def test_a_private_address_is_said_when_it_is_made_and_after(
    ferri: Cast, settings: Any, allowed: bool
) -> None:
    settings.WEBHOOKS_TO_PRIVATE_ADDRESSES = allowed
    client = come_in(ferri.anna)
    form = {"event": "lead.creation", "target_type": "url", "target": "http://10.0.0.7/in"}
    made = client.post(PAGE, form)
    pages = [made, client.get(PAGE), client.get(f"{PAGE}{Webhook.objects.get().pk}/")]
    words = "The address is a private one, to which nothing is sent."
    assert [words in page.content.decode() for page in pages] == [not allowed] * 3
    assert "whsec_" in made.content.decode()


def test_a_public_address_is_said_nothing_of(ferri: Cast, settings: Any) -> None:
    settings.WEBHOOKS_TO_PRIVATE_ADDRESSES = False
    form = {"event": "lead.creation", "target_type": "url", "target": "http://shop.example/in"}
    made = come_in(ferri.anna).post(PAGE, form)
    assert "private" not in made.content.decode()
