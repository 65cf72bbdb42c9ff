"""Webhooks are made, switched and deleted by admins, through the door, and told in the log."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from custode.exchange.webhooks import moves, queries
from custode.exchange.webhooks.models import Delivery, Webhook
from custode.exchange.webhooks.moves import Exists, Wanted
from custode.guard.models import LogEntry, LogPerson
from custode.kernel import scope
from custode.kernel.errors import Gone, Invalid, ProofNeeded, Refused
from custode.signin import rotating, sealing
from tests.cast import Cast
from tests.exchange.webhooks.conftest import Hook
from tests.exchange.webhooks.listening import TARGET, look
from tests.exchange.webhooks.receiving import Receiver

WANTED = Wanted("lead.creation", "url", TARGET, "Shop")


def log() -> list[tuple[str, str, str]]:
    """What the log tells of webhooks: how it ended, what was done, by whom."""
    entries = LogEntry.objects.filter(verb="webhooks").order_by("seq")
    return [
        (one.outcome, json.loads(one.details).get("did", "?"), one.actor_kind) for one in entries
    ]


def test_making_switching_and_deleting_stand_in_the_log(ferri: Cast) -> None:
    anna = ferri.actor(ferri.anna)
    hook, secret = moves.make(anna, WANTED)
    assert secret.startswith("whsec_")
    assert moves.switch(anna, hook, False)
    assert not moves.switch(anna, hook, False)
    assert moves.switch(anna, hook, True)
    moves.delete(anna, hook)
    assert log() == [("done", did, "user") for did in ("made", "off", "on", "deleted")]
    for act in (lambda: moves.delete(anna, hook), lambda: moves.switch(anna, hook, True)):
        with pytest.raises(Gone):
            act()
    assert queries.webhooks().count() == 0


def test_the_secret_is_kept_encrypted_and_forgotten_with_the_webhook(ferri: Cast) -> None:
    hook, secret = moves.make(ferri.actor(ferri.anna), WANTED)
    hook.refresh_from_db()
    assert secret not in hook.secret
    assert sealing.unseal(hook.secret) == secret
    assert not any(secret in one.details for one in LogEntry.objects.all())
    moves.delete(ferri.actor(ferri.anna), hook)
    hook.refresh_from_db()
    assert hook.secret == ""


@pytest.mark.parametrize("name", ["", "Shop"])
def test_the_log_keeps_of_a_target_only_where_it_is(ferri: Cast, name: str) -> None:
    anna = ferri.actor(ferri.anna)
    wanted = Wanted(
        "lead.creation", "url", "https://hooks.example:8443/T01/sEcReT?key=sEcReT", name
    )
    hook, _secret = moves.make(anna, wanted)
    moves.switch(anna, hook, False)
    moves.delete(anna, hook)
    with pytest.raises(Refused):
        moves.make(ferri.actor(ferri.ugo), wanted)
    people = [json.loads(one.data)["labels"] for one in LogPerson.objects.order_by("seq")][-4:]
    assert people == [[name or "https://hooks.example:8443", "https://hooks.example:8443"]] * 4
    assert not any("sEcReT" in one.details for one in LogEntry.objects.all())


def test_what_was_refused_on_the_screen_keeps_of_a_target_only_where_it_is(
    ferri: Cast, client: Client
) -> None:
    with scope.everywhere("a test signs in"):
        client.force_login(ferri.ugo)
    form = {"event": "lead.creation", "target_type": "url", "target": "https://x.example/sEcReT"}
    assert client.post("/admin-panel/webhooks/", form).status_code == 403
    hook, _secret = moves.make(
        ferri.actor(ferri.anna), replace(WANTED, name="", target="https://x.example/sEcReT")
    )
    client.post(f"/admin-panel/webhooks/{hook.pk}/delete/")
    people = [json.loads(one.data)["labels"] for one in LogPerson.objects.order_by("seq")]
    assert [labels[0] for labels in people[-3:]] == ["https://x.example"] * 3
    assert not any("sEcReT" in str(labels) for labels in people)


def test_only_admins_who_have_proved_who_they_are_may(ferri: Cast) -> None:
    hook, _secret = moves.make(ferri.actor(ferri.anna), WANTED)
    ugo, unproved = ferri.actor(ferri.ugo), replace(ferri.actor(ferri.anna), proved=False)
    other = replace(WANTED, event="lead.deleted")
    for act in (
        lambda who: moves.make(who, other),
        lambda who: moves.switch(who, hook, False),
        lambda who: moves.delete(who, hook),
    ):
        with pytest.raises(Refused):
            act(ugo)
        with pytest.raises(ProofNeeded):
            act(unproved)
    assert queries.webhooks().get() == hook
    assert hook.is_on


def test_the_same_event_and_target_is_one_webhook_until_it_is_deleted(ferri: Cast) -> None:
    anna = ferri.actor(ferri.anna)
    hook, _secret = moves.make(anna, WANTED)
    with pytest.raises(Exists) as caught:
        moves.make(anna, replace(WANTED, name="Another"))
    assert caught.value.pk == hook.pk
    moves.delete(anna, hook)
    assert moves.make(anna, WANTED)[0].pk != hook.pk


def test_there_are_not_too_many(ferri: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moves, "MOST", 1)
    moves.make(ferri.actor(ferri.anna), WANTED)
    with pytest.raises(Invalid, match="1 webhooks already"):
        moves.make(ferri.actor(ferri.anna), replace(WANTED, event="lead.deleted"))


@pytest.mark.parametrize(
    "values",
    [{"target": "https://thief.example/"}, {"disabled_at": None}, {"secret": ""},
     {"deleted_at": None}, {"event": "lead.deleted"}, {"in_lead_menu": True}],
    ids=str,
)  # fmt: skip
def test_the_database_lets_nobody_change_one_past_the_door(
    ferri: Cast, values: dict[str, Any]
) -> None:
    anna = ferri.actor(ferri.anna)
    hook, _secret = moves.make(anna, WANTED)
    moves.switch(anna, hook, False)
    if "deleted_at" in values:
        moves.delete(anna, hook)
    with pytest.raises(DatabaseError), transaction.atomic():
        Webhook.objects.filter(pk=hook.pk).update(**values)


def test_new_keys_encrypt_the_secrets_anew_and_deliveries_go_on(
    ferri: Cast, there: Receiver, hook: Hook, tmp_path: Any, settings: Any
) -> None:
    settings.DATA = tmp_path
    made = hook("lead.creation")
    before = Webhook.objects.get(pk=made.pk).secret
    rotating.rotate()
    assert Webhook.objects.get(pk=made.pk).secret != before
    ferri.lead(ferri.ugo)
    look()
    assert len(there.got) == 1


def test_sending_again_stands_in_the_log_and_takes_a_proof(
    ferri: Cast, there: Receiver, hook: Hook
) -> None:
    hook("lead.creation")
    ferri.lead(ferri.ugo)
    look()
    one, anna = Delivery.objects.get(), ferri.actor(ferri.anna)
    with pytest.raises(ProofNeeded):
        moves.send_again(replace(anna, proved=False), one)
    with pytest.raises(Refused):
        moves.send_again(ferri.actor(ferri.ugo), one)
    moves.send_again(anna, one)
    assert log()[1:] == [("refused", "?", "user"), ("done", "again", "user")]
    assert json.loads(LogEntry.objects.latest("seq").details)["delivery"] == one.pk


def test_only_one_of_an_admins_resends(ferri: Cast, there: Receiver, hook: Hook) -> None:
    hook("lead.creation")
    ferri.lead(ferri.ugo)
    look()
    with pytest.raises(Refused):
        moves.send_again(ferri.actor(ferri.ugo), Delivery.objects.get())


def test_the_screen_shows_the_secret_once_and_the_delivery_with_its_answer(
    ferri: Cast, there: Receiver, client: Client
) -> None:
    with scope.everywhere("a test signs in"):
        client.force_login(ferri.anna)
    form = {"event": "lead.creation", "target_type": "url", "target": there.url, "name": "Shop"}
    made = client.post("/admin-panel/webhooks/", form)
    hook = Webhook.objects.get()
    secret = sealing.unseal(hook.secret)
    assert secret in made.content.decode()
    assert "no-store" in made["Cache-Control"]
    again = client.post("/admin-panel/webhooks/", form)
    assert (again.status_code, "already" in again.content.decode()) == (422, True)
    ferri.lead(ferri.ugo, "Scanner <b>")
    look()
    page = client.get(f"/admin-panel/webhooks/{hook.pk}/").content.decode()
    assert secret not in page
    assert "Scanner &lt;b&gt;" in page
    assert ">ok</pre>" in page
    one = Delivery.objects.get()
    assert client.post(f"/admin-panel/deliveries/{one.pk}/again/").status_code == 302
    look()
    assert len(there.got) == 2


def test_nothing_is_sent_again_to_a_webhook_that_is_off(ferri: Cast, hook: Hook) -> None:
    anna = replace(ferri.actor(ferri.anna), proved=True)
    one = hook("lead.manual.trigger", in_lead_menu=True)
    delivery = moves.trigger(anna, ferri.lead(ferri.ugo), one)
    moves.switch(anna, one, False)
    with pytest.raises(Invalid, match="off"):
        moves.send_again(anna, delivery)


def test_only_an_admin_switches_a_webhook_whatever_it_is_now(ferri: Cast, hook: Hook) -> None:
    """Also where nothing would change, which would tell whether it is on."""
    one = hook("lead.creation")
    for on in (True, False):
        with pytest.raises(Refused):
            moves.switch(ferri.actor(ferri.ugo), one, on)
    one.refresh_from_db()
    assert one.is_on
