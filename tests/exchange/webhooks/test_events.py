"""What happens is told once to the webhooks that ask for it, and nothing else is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from custode.activities import moves as comments
from custode.clients import moves as folders
from custode.exchange.webhooks import events, moves
from custode.exchange.webhooks.models import Delivery, Happening, Webhook
from custode.exchange.webhooks.moves import Wanted
from custode.fields import moves as fields
from custode.guard import door
from custode.kernel import scope
from custode.kernel.errors import Refused
from custode.leads import moves as leads
from custode.leads import pipelines
from custode.leads.models import Lead
from custode.leads.queries import today
from custode.leads.tagging import tags_named
from custode.postsales import moves as postsales
from custode.prospecting import sheet
from tests.cast import Cast
from tests.exchange.webhooks.listening import TARGET, listen, told
from tests.postsales.processes import a_task, won
from tests.prospecting.sheets import a_list, add, edit


def every(cast: Cast) -> None:
    """A webhook for every event that there is."""
    listen(cast, *(event.name for event in events.all_events()))
    Happening.objects.all().delete()


def _won(cast: Cast) -> None:
    leads.close(cast.actor(cast.ugo), Lead.objects.get(), "won")


def _waiting(cast: Cast) -> None:
    lead = Lead.objects.get()
    leads.edit(cast.actor(cast.ugo), lead, status="standby", remind_date=today() + timedelta(3))


def _stepped(cast: Cast) -> None:
    leads.edit(cast.actor(cast.ugo), Lead.objects.get(), step=cast.ferri.steps[1])


def _handed(cast: Cast) -> None:
    leads.edit(cast.actor(cast.anna), Lead.objects.get(), owner=cast.bruna)


def _left(cast: Cast) -> None:
    leads.edit(cast.actor(cast.anna), Lead.objects.get(), owner=None)


def _retitled(cast: Cast) -> None:
    leads.edit(cast.actor(cast.ugo), Lead.objects.get(), title="Camera", description="Big")


def _starred(cast: Cast) -> None:
    leads.star(cast.actor(cast.ugo), Lead.objects.get(), True)


def _commented(cast: Cast) -> None:
    comments.write(cast.actor(cast.ugo), Lead.objects.get(), "Hello")


def _deleted(cast: Cast) -> None:
    door.delete(cast.actor(cast.ugo), Lead.objects.all())


def _folder(cast: Cast) -> None:
    folders.create(cast.actor(cast.ugo), "Rossi")


def _new_step(cast: Cast) -> None:
    pipelines.add_steps(cast.actor(cast.anna), cast.ferri.pipeline, ["Last"])


def _renamed(cast: Cast) -> None:
    pipelines.rename(cast.actor(cast.anna), cast.ferri.steps[0], "First")


def _pipeline_renamed(cast: Cast) -> None:
    pipelines.rename(cast.actor(cast.anna), cast.ferri.pipeline, "Ways")


def _field(cast: Cast) -> None:
    fields.create(cast.actor(cast.anna), "lead", "Region", "text")


HAPPENS: list[tuple[Callable[[Cast], Any], list[str]]] = [
    (_won, ["lead.status.changed", "lead.status.changed.to.won", "lead.any_update"]),
    (_waiting, ["lead.status.changed", "lead.status.changed.to.standby", "lead.any_update"]),
    (_stepped, ["lead.step.changed", "lead.step.changed.to.Sales.Contacted", "lead.any_update"]),
    (_handed, ["lead.assigned", "lead.any_update"]),
    (_left, ["lead.unassigned", "lead.any_update"]),
    (_retitled, ["lead.content_has_changed", "lead.any_update"]),
    (_starred, ["lead.any_update"]),
    (_commented, ["lead.commented", "lead.any_update"]),
    (_deleted, ["sensitive_action.done", "lead.deleted"]),
    (_folder, ["client_folder.created"]),
    (_new_step, ["account.step.created"]),
    (_renamed, ["account.step.updated"]),
    (_pipeline_renamed, ["account.pipeline.updated"]),
    (_field, ["account.default_field.created"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("happens", "names"), HAPPENS, ids=lambda one: getattr(one, "__name__", "")
)
def test_what_happens_is_told_by_these_events(
    ferri: Cast, happens: Callable[[Cast], Any], names: list[str]
) -> None:
    ferri.lead(ferri.ugo)
    every(ferri)
    happens(ferri)
    assert told() == names
    assert not Happening.objects.exists()


def test_prospects_and_tasks_are_told(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    one = a_list(ugo)
    task = a_task(ferri, won(ferri), ferri.ugo)
    every(ferri)
    add(ugo, one, [("Neri", "", "")])
    sheet.write(ugo, one, [edit(one, "Neri", "City", "Bari")])
    postsales.set_state(ferri.actor(ferri.anna), task, "done")
    found = [name for name in told() if not name.startswith("lead.")]
    assert found == [
        "prospect.created", "prospect.updated", "task.status.changed",
        "task.status.changed.to.done",
    ]  # fmt: skip
    data = Delivery.objects.get(event="prospect.updated").data
    assert data["content"] == ["Neri", "Bari", ""]
    assert data["column_names"] == ["Company", "City", "E-mail"]


def test_a_step_that_goes_takes_its_leads_elsewhere_and_tells_of_both(ferri: Cast) -> None:
    for _n in range(3):
        ferri.lead(ferri.ugo)
    listen(ferri, "account.step.deleted", "lead.step.changed", "lead.step.changed.to.Sales.Meeting")
    first, _second, third = ferri.ferri.steps[:3]
    pipelines.delete_step(ferri.actor(ferri.anna), first, third)
    assert sorted(told()) == [
        "account.step.deleted", *["lead.step.changed"] * 3,
        *["lead.step.changed.to.Sales.Meeting"] * 3,
    ]  # fmt: skip


def test_a_bulk_edit_of_many_is_a_few_statements_and_each_lead_is_told(ferri: Cast) -> None:
    for n in range(250):
        ferri.lead(ferri.ugo, title=f"Lead {n}")
    some = list(Lead.objects.order_by("pk")[:5])

    def statements(what: Any, step: Any) -> int:
        with CaptureQueriesContext(connection) as caught:
            door.change(ferri.actor(ferri.anna), what, "step", step)
        return len(caught)

    listen(ferri, "lead.step.changed")
    few = statements(some, ferri.ferri.steps[1])
    many = statements(Lead.objects.all(), ferri.ferri.steps[2])
    assert many == few
    assert told() == ["lead.step.changed"] * 255
    ids = Delivery.objects.order_by("pk").values_list("data__id", flat=True)[5:]
    assert sorted(ids) == sorted(Lead.objects.values_list("pk", flat=True))


def test_several_tags_in_one_act_are_one_update_of_each_lead(ferri: Cast) -> None:
    ferri.lead(ferri.ugo)
    listen(ferri, "lead.any_update")
    tags = tags_named(ferri.actor(ferri.anna), ["a", "b"])
    door.change_labels(ferri.actor(ferri.anna), Lead.objects.all(), "tag", add=tags)
    assert set(told()) == {"lead.any_update"}


def test_where_no_webhook_is_on_an_act_costs_one_look_each_time_it_is_told(ferri: Cast) -> None:
    lead = ferri.lead(ferri.ugo)
    with CaptureQueriesContext(connection) as caught:
        leads.edit(ferri.actor(ferri.ugo), lead, title="Other")
    looks = [one["sql"] for one in caught if "exchange_" in one["sql"]]
    assert len(looks) == 1
    assert looks[0].startswith("SELECT")
    assert not Happening.objects.exists()


def test_what_is_rolled_back_is_not_told(ferri: Cast) -> None:
    listen(ferri, "lead.creation")

    def begin() -> None:
        with transaction.atomic():
            ferri.lead(ferri.ugo)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        begin()
    assert told() == []


def test_what_happened_before_a_webhook_was_made_is_not_told(ferri: Cast) -> None:
    listen(ferri, "lead.assigned")
    lead = ferri.lead(ferri.ugo)
    leads.edit(ferri.actor(ferri.anna), lead, owner=ferri.bruna)
    listen(ferri, "lead.any_update")
    leads.star(ferri.actor(ferri.anna), lead, True)
    assert told() == ["lead.assigned", "lead.any_update"]


def test_another_accounts_webhooks_hear_nothing(ferri: Cast) -> None:
    with scope.account(ferri.lodi.account.pk):
        moves.make(ferri.actor(ferri.carla), Wanted("lead.creation", "url", TARGET))
    ferri.lead(ferri.ugo)
    assert told() == []
    with scope.account(ferri.lodi.account.pk):
        assert told() == []


def test_a_refusal_is_told_with_its_reason(ferri: Cast) -> None:
    listen(ferri, "sensitive_action.refused")
    with pytest.raises(Refused):
        moves.make(ferri.actor(ferri.ugo), Wanted("lead.creation", "url", TARGET))
    assert told() == ["sensitive_action.refused"]
    data = Delivery.objects.get().data
    assert (data["action"], data["outcome"]) == ("webhooks", "refused")
    assert data["actor"]["name"] == "Ugo Conti"
    assert data["why"]


def test_restoring_and_purging_are_told(ferri: Cast) -> None:
    for _n in range(2):
        ferri.lead(ferri.ugo)
    listen(ferri, "trash.restored", "trash.purged", "lead.deleted")
    admin = ferri.actor(ferri.anna)
    door.restore(admin, door.delete(admin, Lead.objects.all()).entry or 0)
    door.purge(admin, door.delete(admin, Lead.objects.all()).entry or 0, reason="for good")
    # Also those that have been purged since are told, by their numbers.
    assert told() == [
        *["lead.deleted"] * 2,
        "trash.restored",
        *["lead.deleted"] * 2,
        "trash.purged",
    ]
    data = Delivery.objects.get(event="trash.purged").data
    # Every edition hears of it: no reason, no address and no other thing that only the log keeps.
    assert data.keys() == {
        "id", "action", "object_type", "count", "trash_id", "names", "created_at", "actor",
    }  # fmt: skip
    assert (data["action"], data["object_type"], data["count"]) == ("purge", "lead", 2)
    assert data["actor"] == {"kind": "user", "id": ferri.anna.pk, "name": "Anna Ferri"}


def test_an_edition_without_sensitive_actions_has_no_such_events(ferri: Cast) -> None:
    with (
        scope.account(ferri.lodi.account.pk),
        pytest.raises(Refused, match="part of the Dream Team"),
    ):
        moves.make(ferri.actor(ferri.carla), Wanted("sensitive_action.done", "url", TARGET))


def test_every_event_has_a_sentence(ferri: Cast) -> None:
    names = [event.name for event in events.all_events()]
    assert len(names) == len(set(names)) == 33 + len(ferri.ferri.steps)
    assert all(events.exists(name) and str(events.words_of(name)) for name in names)
    assert not events.exists("lead.step.changed.to.Sales.Nowhere")
    assert Webhook.objects.count() == 0
