"""Who is erased from the log is erased from what is kept of deliveries, too."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from custode.exchange.webhooks import forgetting, outbox, unfolding
from custode.exchange.webhooks.models import Delivery, Happening, State
from custode.guard import door
from custode.guard.models import LogEntry
from custode.people import erasing
from custode.signin import leaving
from tests.cast import Cast
from tests.exchange.webhooks.listening import listen, told


@pytest.fixture
def gone(ferri: Cast) -> Cast:
    """Ugo has left; before, he made a lead and deleted it, which two webhooks told."""
    listen(ferri, "lead.creation", "sensitive_action.done", "trash.restored")
    lead = ferri.lead(ferri.ugo, "Scanner")
    act = door.delete(ferri.actor(ferri.ugo), [lead], reason="Ugo Conti wants it so")
    door.restore(ferri.actor(ferri.ugo), act.entry.pk if act.entry else 0)
    ferri.lead(ferri.bruna, "Printer")
    told()
    leaving.disable(ferri.actor(ferri.anna), ferri.ugo)
    ferri.ugo.refresh_from_db()
    return ferri


def kept() -> dict[int, dict[str, Any]]:
    """What deliveries say, by number."""
    return dict(Delivery.objects.order_by("pk").values_list("pk", "data"))


def waiting() -> list[list[int]]:
    """With what the job waits to be done."""
    rows = DBTaskResult.objects.filter(task_path__endswith="forget_erased")
    return [row.args_kwargs["args"] for row in rows.filter(status=TaskResultStatus.READY)]


def erase(cast: Cast) -> bool:
    """Anna erases Ugo, and the job does what was asked of it."""
    act = erasing.erase(cast.actor(cast.anna), cast.ugo)
    account = cast.ferri.account.pk
    assert waiting() == [[account, act.seq]]
    return forgetting.forget(account, act.seq)


def test_the_deliveries_of_ten_days_name_somebody_who_is_erased_no_more(gone: Cast) -> None:
    before = kept()
    assert json.dumps(list(before.values())).count("Ugo") > 3
    assert erase(gone)
    after = kept()
    assert after.keys() == before.keys()
    said = json.dumps(list(after.values()))
    for word in ("Ugo", "Conti", "ugo@conti.example"):
        assert word not in said
    # What happened is told as before, and others are named.
    assert "Bruna" in said
    made = next(data for data in after.values() if data.get("title") == "Scanner")
    assert made["user"] == {**dict.fromkeys(made["user"], ""), "id": gone.ugo.pk}
    assert Delivery.objects.count() == len(before)


def test_only_what_speaks_of_them_is_changed(gone: Cast) -> None:
    before = kept()
    printer = next(pk for pk, data in before.items() if data.get("title") == "Printer")
    Delivery.objects.filter(pk=printer).update(answer="Thank you")
    erase(gone)
    assert kept()[printer] == before[printer]
    assert Delivery.objects.get(pk=printer).answer == "Thank you"


def test_what_the_receiver_answered_goes_too_and_the_state_stays(gone: Cast) -> None:
    one = next(pk for pk, data in kept().items() if data.get("title") == "Scanner")
    Delivery.objects.filter(pk=one).update(
        answer="Hello Ugo", state=State.FAILED, try_count=11, last_returned_code=500
    )
    made = Delivery.objects.get(pk=one).made_at
    erase(gone)
    now = Delivery.objects.get(pk=one)
    assert (now.answer, now.state, now.try_count, now.made_at) == ("", State.FAILED, 11, made)


def test_what_is_being_sent_is_changed_once_that_is_over(gone: Cast) -> None:
    one = next(pk for pk, data in kept().items() if data.get("title") == "Scanner")
    taken = outbox.take(9, {})
    assert erase(gone) is False
    assert "Ugo" in json.dumps(kept()[one])
    for chain in taken:
        outbox.settle([(delivery, None) for delivery in chain])
    assert forgetting.forget(gone.ferri.account.pk, waiting()[0][1])
    assert "Ugo" not in json.dumps(kept()[one])


def test_of_one_entry_that_is_erased_its_deliveries_say_no_more_than_the_log(gone: Cast) -> None:
    seq = LogEntry.objects.get(verb="delete").seq
    act = door.erase_entry(gone.actor(gone.anna), seq)
    assert forgetting.forget(gone.ferri.account.pk, act.seq)
    (told_of,) = [data for data in kept().values() if data.get("action") == "delete"]
    assert (told_of["names"], told_of["reason"]) == ([], "")
    assert (told_of["actor"]["name"], told_of["actor"]["ip"]) == ("", "")
    assert (told_of["actor"]["id"], told_of["count"]) == (gone.ugo.pk, 1)
    # The other entries stand as they stood.
    assert "Ugo Conti" in json.dumps([d for d in kept().values() if d.get("action") == "restore"])


def test_what_has_happened_and_is_not_told_yet_is_told_without_their_name(ferri: Cast) -> None:
    listen(ferri, "sensitive_action.done")
    door.delete(ferri.actor(ferri.ugo), [ferri.lead(ferri.ugo, "Scanner")])
    leaving.disable(ferri.actor(ferri.anna), ferri.ugo)
    ferri.ugo.refresh_from_db()
    assert Happening.objects.exists()
    assert not Delivery.objects.exists()
    erase(ferri)
    while unfolding.unfold_due():
        pass
    assert Delivery.objects.filter(data__action="delete").count() == 1
    assert "Ugo" not in json.dumps(list(kept().values()))


def test_of_an_erasure_that_is_refused_nothing_is_changed(gone: Cast) -> None:
    with pytest.raises(Exception, match="admin"):
        erasing.erase(gone.actor(gone.bruna), gone.ugo)
    assert waiting() == []
