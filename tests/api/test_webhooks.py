"""Webhooks by the API: made, switched, deleted, what they delivered, and the older signature."""

from __future__ import annotations

import hashlib

import pytest

from custode.exchange.webhooks import moves, signature_keys
from custode.exchange.webhooks.models import Delivery, Webhook
from custode.exchange.webhooks.moves import Wanted
from custode.guard.models import LogEntry, LogPerson
from custode.kernel import scope
from custode.kernel.actor import Actor
from custode.signin.api_keys import moves as key_moves
from custode.signin.api_keys.models import ApiKey
from custode.signin.rotating import rotate
from tests.api.calling import Caller, key_for
from tests.cast import Cast
from tests.exchange.webhooks.listening import delivered
from tests.exchange.webhooks.receiving import Receiver, receiver

TARGET = "https://shop.example/in"
GIVEN = {"event": "lead.creation", "target_type": "url", "target": TARGET, "name": "Shop"}


@pytest.fixture
def there(settings):
    """A receiver on this machine, as an operator allows it."""
    settings.WEBHOOKS_TO_PRIVATE_ADDRESSES = True
    with receiver() as one:
        yield one


@pytest.fixture
def kept(people: Cast) -> Caller:
    """An application of Ferri's whose key is kept encrypted."""
    return Caller(key=key_for(people.ferri.account, recoverable=True, name="Sync"))


def test_a_webhook_is_made_listed_and_deleted_in_the_name_of_the_key(app, people):
    one = app("read", "write", "export", "admin")
    made = one.post("/webhooks", GIVEN)
    assert made.status == 201
    assert made.json["secret"].startswith("whsec_")
    told = {name: value for name, value in made.json.items() if name != "secret"}
    assert told | {"id": 0, "created_at": ""} == {
        **GIVEN, "id": 0, "params": {}, "is_disabled": False, "awaits_confirmation": False,
        "created_at": "",
    }  # fmt: skip
    listed = one.get("/webhooks")
    assert (listed.json, listed.headers["X-TOTAL-COUNT"]) == ([told], "1")
    gone = one.delete(f"/webhooks/{told['id']}")
    assert (gone.status, gone.json) == (200, {"id": told["id"]})
    assert one.get("/webhooks").json == []
    assert one.delete(f"/webhooks/{told['id']}").kind == "record_not_found"
    with scope.account(people.ferri.account.pk):
        entries = LogEntry.objects.filter(verb="webhooks", outcome="done").order_by("seq")
        told_of = [(entry.actor_kind, entry.entrance) for entry in entries]
        assert told_of == [("key", "api"), ("key", "api")]


def test_an_address_of_a_stranger_awaits_a_yes_and_a_users_does_not(app, people):
    one = app("read", "write", "export", "admin")
    for target, awaits in (("boss@elsewhere.example", True), (people.ugo.email, False)):
        made = one.post("/webhooks", {**GIVEN, "target_type": "email", "target": target})
        assert (made.status, made.json["awaits_confirmation"]) == (201, awaits), target
        # By switching it on it is asked anew; nothing is confirmed by that.
        again = one.put(f"/webhooks/{made.json['id']}/activate")
        assert (again.status, again.json["awaits_confirmation"]) == (200, awaits), target


def test_the_same_webhook_is_refused_with_the_number_of_the_one_that_is_there(app):
    made = app().post("/webhooks", GIVEN)
    again = app().post("/webhooks", {**GIVEN, "name": "Other"})
    assert (again.status, again.kind) == (409, "already_exist")
    assert again.json["id"] == made.json["id"]


def test_a_webhook_is_switched_on_by_put_and_by_post(app, people):
    pk = app().post("/webhooks", GIVEN).json["id"]
    for caller in (app().put, app().post):
        with scope.account(people.ferri.account.pk):
            moves.switch(people.actor(people.anna), Webhook.objects.get(pk=pk), on=False)
        assert app().get("/webhooks").json[0]["is_disabled"] is True
        answer = caller(f"/webhooks/{pk}/activate")
        assert (answer.status, answer.json["is_disabled"]) == (200, False)


def test_a_button_on_leads_is_a_parameter(app):
    given = {**GIVEN, "event": "lead.manual.trigger", "add_to_lead_action_menu": "true"}
    made = app().post("/webhooks", given)
    assert made.json["params"] == {"add_to_lead_action_menu": True}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("event", "lead.dreamt"), ("target_type", "pigeon"), ("target", "not an address"),
        ("target", "https://u:p@shop.example/"), ("name", "x" * 81),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_by_name(app, name, value):
    answer = app().post("/webhooks", {**GIVEN, name: value})
    assert (answer.status, answer.kind, answer.json["field"]) == (422, "invalid_parameter", name)


@pytest.mark.parametrize("name", ["event", "target_type", "target"])
def test_what_is_missing_is_named(app, name):
    answer = app().post("/webhooks", {one: told for one, told in GIVEN.items() if one != name})
    assert (answer.status, answer.kind, answer.json["field"]) == (422, "missing_parameter", name)


def test_events_of_security_take_the_edition(people):
    lodi = Caller(key=key_for(people.lodi.account))
    answer = lodi.post("/webhooks", {**GIVEN, "event": "sensitive_action.done"})
    assert (answer.status, answer.kind) == (403, "other_edition")
    assert lodi.get("/webhooks").json == []


def test_a_refusal_is_in_the_log_in_the_name_of_the_key(app, people):
    answer = app("read", "write", "delete", "export").post("/webhooks", GIVEN)
    assert answer.kind == "unauthorized_non_admin"
    with scope.account(people.ferri.account.pk):
        entry = LogEntry.objects.latest("seq")
        assert (entry.verb, entry.outcome, entry.actor_kind) == ("webhooks", "refused", "key")


def test_a_webhook_takes_the_scope_export_for_what_it_tells_leaves(app, people):
    answer = app("read", "write", "delete", "admin").post("/webhooks", GIVEN)
    assert (answer.status, answer.kind) == (403, "missing_scope")
    with scope.account(people.ferri.account.pk):
        assert not Webhook.objects.exists()
        entry = LogEntry.objects.latest("seq")
        assert (entry.verb, entry.outcome, entry.actor_kind) == ("webhooks", "refused", "key")


def test_a_webhook_is_switched_on_only_by_a_key_that_may_export(app, people):
    pk = app().post("/webhooks", GIVEN).json["id"]
    one = app("read", "write", "delete", "admin")
    # Whether it is on already is nothing to learn, either.
    while_on = one.put(f"/webhooks/{pk}/activate")
    with scope.account(people.ferri.account.pk):
        entry = LogEntry.objects.latest("seq")
        assert (entry.verb, entry.outcome, entry.actor_kind) == ("webhooks", "refused", "key")
        moves.switch(people.actor(people.anna), Webhook.objects.get(), on=False)
    while_off = one.put(f"/webhooks/{pk}/activate")
    for answer in (while_on, while_off):
        assert (answer.status, answer.kind) == (403, "missing_scope")
        assert "export" in answer.json["message"]
    with scope.account(people.ferri.account.pk):
        assert not Webhook.objects.get().is_on
    assert app("write", "export", "admin").put(f"/webhooks/{pk}/activate").status == 200


def test_a_refused_webhook_keeps_no_secret_of_its_target_in_the_log(app, people):
    for target in ("https://hooks.example/sEcReT", "hooks.example/sEcReT", "https://[/sEcReT"):
        assert (
            app("read", "write").post("/webhooks", {**GIVEN, "name": "", "target": target}).status
            == 403
        )
    with scope.account(people.ferri.account.pk):
        assert LogEntry.objects.filter(verb="webhooks", outcome="refused").exists()
        assert not any("sEcReT" in one.data for one in LogPerson.objects.all())


def test_a_delivery_is_signed_with_the_key_that_made_its_webhook(kept, people, there: Receiver):
    other = Caller(key=key_for(people.ferri.account, recoverable=True, name="Other"))
    target = {**GIVEN, "target": there.url}
    assert other.post("/webhooks", {**target, "event": "lead.deleted"}).status == 201
    assert kept.post("/webhooks", target).status == 201
    people.lead(people.ugo, "Scanner")
    with scope.account(people.ferri.account.pk):
        one = delivered()
    (got,) = there.got
    expected = hashlib.sha1(f"{one.pk}{kept.key}".encode()).hexdigest()
    assert got.event["signature"] == expected
    (told,) = kept.get("/webhook_events").json
    assert told["signature"] == expected
    assert (told["id"], told["event"]) == (one.pk, "lead.creation")
    assert (told["has_succeeded"], told["try_count"], told["last_returned_code"]) == (True, 1, 200)
    assert told["data"]["title"] == "Scanner"
    assert kept.get(f"/webhook_events/{one.pk}").json == told


def test_without_a_key_that_is_kept_the_signature_is_empty(app, people):
    app().post("/webhooks", GIVEN)
    people.lead(people.ugo, "Scanner")
    with scope.account(people.ferri.account.pk):
        hook = Webhook.living.get()
        assert signature_keys.readable(hook) is None


def test_a_webhook_of_the_screen_is_signed_with_the_only_key_that_is_kept(kept, people):
    with scope.account(people.ferri.account.pk):
        hook, _secret = moves.make(
            people.actor(people.anna), Wanted("lead.creation", "url", TARGET)
        )
        assert signature_keys.readable(hook) == kept.key
        key_for(people.ferri.account, recoverable=True, name="Other")
        assert signature_keys.readable(hook) is None


def test_a_revoked_key_signs_nothing_any_more(kept, people):
    kept.post("/webhooks", GIVEN)
    with scope.account(people.ferri.account.pk):
        hook = Webhook.living.get()
        assert signature_keys.readable(hook) == kept.key
        key_moves.revoke(Actor.operator(people.ferri.account.pk), ApiKey.objects.get(name="Sync"))
        assert signature_keys.readable(hook) is None


def test_a_key_that_is_kept_is_encrypted_anew_and_signs_as_before(kept, people):
    kept.post("/webhooks", GIVEN)
    with scope.account(people.ferri.account.pk):
        sealed = ApiKey.objects.get(name="Sync").secret
        assert kept.key not in sealed
    assert rotate() >= 1
    with scope.account(people.ferri.account.pk):
        row = ApiKey.objects.get(name="Sync")
        assert row.secret not in {"", sealed}
        assert signature_keys.readable(Webhook.living.get()) == kept.key


def test_of_deliveries_there_are_a_hundred_at_once_however_many_are_wanted(app, people):
    app().post("/webhooks", GIVEN)
    with scope.account(people.ferri.account.pk):
        hook = Webhook.living.get()
        made = {"account_id": hook.account_id, "webhook": hook, "event": hook.event, "data": {}}
        Delivery.objects.bulk_create(Delivery(**made) for _n in range(101))
    answer = app().get("/webhook_events?limit=1000")
    assert (len(answer.json), answer.headers["X-TOTAL-COUNT"]) == (100, "101")
    assert len(app().get("/webhook_events?limit=1000&offset=100").json) == 1


def test_nothing_of_another_accounts_webhooks_is_there(app, people):
    pk = app().post("/webhooks", GIVEN).json["id"]
    lodi = Caller(key=key_for(people.lodi.account))
    assert lodi.get("/webhooks").json == []
    assert lodi.get("/webhook_events").json == []
    assert lodi.put(f"/webhooks/{pk}/activate").status == 404
    assert lodi.post("/webhooks", GIVEN).status == 201


def test_who_is_no_admin_is_refused_whatever_webhook_they_mean(app, people):
    one = app("read", "write", "delete", "export")
    for refused in (one.put("/webhooks/999999/activate"), one.delete("/webhooks/999999")):
        assert (refused.status, refused.kind) == (403, "unauthorized_non_admin")
    with scope.account(people.ferri.account.pk):
        assert LogEntry.objects.filter(verb="webhooks", outcome="refused").exists()
