"""Deliveries are made of what has happened: all of them, once, for those who were listening."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from custode.exchange.webhooks import moves, unfolding
from custode.exchange.webhooks.models import Delivery, Happening, Webhook
from custode.exchange.webhooks.moves import Wanted
from custode.guard import door, ports
from custode.guard.models import LogEntry
from custode.kernel import clock
from custode.leads.models import Lead
from tests.cast import Cast
from tests.exchange import bringing
from tests.exchange.webhooks.listening import listen, told


def test_of_two_workers_at_one_part_one_makes_its_deliveries(ferri: Cast) -> None:
    listen(ferri, "lead.creation")
    ferri.lead(ferri.ugo)
    first, second = Happening.objects.get(), Happening.objects.get()
    unfolding._unfold_part(first)
    unfolding._unfold_part(second)
    assert Delivery.objects.count() == 1
    listen(ferri, "lead.step.changed")
    for n in range(unfolding.CHUNK + 1):
        ferri.lead(ferri.ugo, f"Lead {n}")
    Happening.objects.all().delete()
    door.change(ferri.actor(ferri.anna), Lead.objects.all(), "step", ferri.ferri.steps[1])
    first, second = (Happening.objects.get(sort="bulk") for _n in range(2))
    unfolding._unfold_part(first)
    unfolding._unfold_part(second)
    assert Delivery.objects.filter(event="lead.step.changed").count() == unfolding.CHUNK


def test_what_waits_is_not_told_to_a_webhook_made_since(ferri: Cast) -> None:
    listen(ferri, "lead.creation")
    ferri.lead(ferri.ugo)
    Happening.objects.update(due_at=clock.now())
    anna = ferri.actor(ferri.anna)
    moves.make(anna, Wanted("lead.creation", "url", "https://later.example/"))
    assert told() == ["lead.creation"]


def test_an_account_that_loses_sensitive_actions_is_told_of_none(
    ferri: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    listen(ferri, "sensitive_action.done", "lead.deleted")
    door.delete(ferri.actor(ferri.ugo), [ferri.lead(ferri.ugo)])
    monkeypatch.setattr(ports, "advanced_security", lambda _account: False)
    assert told() == ["lead.deleted"]


def test_what_an_import_brings_is_told_once_when_all_is_in(
    ferri: Cast, tmp_path: Path, settings: Any
) -> None:
    settings.DATA = tmp_path
    listen(ferri, "lead.creation")
    run = bringing.started(ferri, ferri.anna, bringing.many(3))
    assert told() == []
    bringing.worked(run)
    assert told() == ["lead.creation"] * 3
    assert LogEntry.objects.filter(verb="import", outcome="done").count() == 1


def test_what_goes_wrong_holds_up_nothing_else_and_is_tried_again(
    ferri: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    listen(ferri, "lead.creation", "lead.any_update")
    ferri.lead(ferri.ugo, "Bad")
    ferri.lead(ferri.ugo, "Good")
    deliveries = unfolding._deliveries
    bad = Lead.objects.get(title="Bad").pk

    def breaks(items: Any, hooks: Any) -> Any:
        if items and items[0][2] == bad:
            raise ZeroDivisionError
        return deliveries(items, hooks)

    monkeypatch.setattr(unfolding, "_deliveries", breaks)
    assert told() == ["lead.creation"]
    monkeypatch.setattr(unfolding, "_deliveries", deliveries)
    assert told() == ["lead.creation"]
    with clock.at(clock.now() + unfolding.AGAIN + timedelta(seconds=1)):
        assert told() == ["lead.creation"] * 2


def test_what_is_gone_for_ever_is_told_by_its_number(ferri: Cast) -> None:
    lead = ferri.lead(ferri.ugo)
    listen(ferri, "lead.deleted")
    admin = ferri.actor(ferri.anna)
    entry = door.delete(admin, [lead]).entry
    door.purge(admin, entry or 0, reason="for good")
    assert told() == ["lead.deleted"]
    assert Delivery.objects.get().data == {"id": lead.pk}
    assert Webhook.objects.count() == 1
