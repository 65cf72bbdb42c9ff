"""Buttons on leads that send them to a webhook: who presses them, how often, what is told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client

from custode.exchange.webhooks import moves
from custode.exchange.webhooks.models import Delivery, Webhook
from custode.guard import history
from custode.kernel import scope
from custode.kernel.errors import Gone, Refused, TooMany
from custode.leads.models import Lead
from custode.signin import limits
from tests.cast import Cast
from tests.exchange.webhooks.conftest import Hook
from tests.exchange.webhooks.listening import look
from tests.exchange.webhooks.receiving import Receiver


def test_whoever_edits_a_lead_sends_it_by_its_button(
    ferri: Cast, there: Receiver, hook: Hook
) -> None:
    button = hook("lead.manual.trigger", name="Invoices", in_lead_menu=True)
    plain = hook("lead.manual.trigger", "/other")
    lead = ferri.lead(ferri.ugo)
    moves.trigger(ferri.actor(ferri.ugo), lead, button)
    with pytest.raises(Refused):
        moves.trigger(ferri.actor(ferri.bruna), lead, button)
    with pytest.raises(Gone):
        moves.trigger(ferri.actor(ferri.ugo), lead, plain)
    look()
    assert there.events == ["lead.manual.trigger"]
    (line,) = history.of(lead).exclude(field=history.CREATED)
    assert (line.field, line.old, line.new) == ("webhook", None, str(button.pk))
    assert (line.actor_name, line.seq) == ("Ugo Conti", None)


def test_a_press_is_no_change_of_the_lead(ferri: Cast, there: Receiver, hook: Hook) -> None:
    button = hook("lead.manual.trigger", name="Invoices", in_lead_menu=True)
    lead = ferri.lead(ferri.ugo)
    hook("lead.any_update", "/any")
    before = Lead.objects.get(pk=lead.pk).updated_at
    moves.trigger(ferri.actor(ferri.ugo), lead, button)
    look()
    assert there.events == ["lead.manual.trigger"]
    assert Lead.objects.get(pk=lead.pk).updated_at == before


def test_a_webhook_without_a_name_is_called_by_its_host_which_tells_no_secret(hook: Hook) -> None:
    button = hook("lead.manual.trigger", "/s3cret?token=1", in_lead_menu=True)
    assert str(button).startswith("http://127.0.0.1:")
    assert "s3cret" not in str(button)


@pytest.fixture
def once(hook: Hook, monkeypatch: pytest.MonkeyPatch) -> Webhook:
    """A button that each may press once within an hour."""
    monkeypatch.setattr(limits, "BUTTONS", replace(limits.BUTTONS, tries=1))
    return hook("lead.manual.trigger", name="Invoices", in_lead_menu=True)


def test_who_presses_the_button_too_often_waits(ferri: Cast, once: Webhook) -> None:
    button, lead = once, ferri.lead(ferri.ugo)
    moves.trigger(ferri.actor(ferri.ugo), lead, button)
    with pytest.raises(TooMany):
        moves.trigger(ferri.actor(ferri.ugo), lead, button)
    moves.trigger(ferri.actor(ferri.anna), lead, button)
    assert Delivery.objects.filter(event="lead.manual.trigger").count() == 2


def test_an_application_presses_no_more_often_in_the_names_of_many_users(
    ferri: Cast, once: Webhook
) -> None:
    button, lead = once, ferri.lead(ferri.ugo)
    moves.trigger(replace(ferri.actor(ferri.ugo), as_key=7), lead, button)
    with pytest.raises(TooMany):
        moves.trigger(replace(ferri.actor(ferri.anna), as_key=7), lead, button)
    moves.trigger(ferri.actor(ferri.anna), lead, button)
    moves.trigger(replace(ferri.actor(ferri.anna), as_key=8), lead, button)


def test_the_lead_has_the_button_for_those_who_may_change_it(
    ferri: Cast, hook: Hook, client: Client
) -> None:
    button = hook("lead.manual.trigger", name="Invoices", in_lead_menu=True)
    lead = ferri.lead(ferri.ugo)
    with scope.everywhere("a test signs in"):
        client.force_login(ferri.ugo)
    assert "Send to “Invoices”" in client.get(f"/leads/{lead.pk}/").content.decode()
    client.post(f"/leads/{lead.pk}/trigger/", {"webhook": button.pk})
    assert Delivery.objects.get().data["id"] == lead.pk
    moves.switch(ferri.actor(ferri.anna), button, False)
    assert "Send to “Invoices”" not in client.get(f"/leads/{lead.pk}/").content.decode()
    assert client.post(f"/leads/{lead.pk}/trigger/", {"webhook": button.pk}).status_code == 404
