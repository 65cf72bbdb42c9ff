"""Who writes the log, in whose name, and how refusals that repeat are told."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import Error, connection, transaction

from custode.accounts import moves as account_moves
from custode.accounts.models import Account
from custode.guard import door, lock, lock_installation, log, refusals
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry, LogPerson, RefusalWindow
from custode.kernel import clock, scope
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid, Refused, UseTheDoor
from custode.leads.models import Lead
from tests.cast import Cast
from tests.guard.locked import SAID, sql


def word() -> str:
    """What the database believes to stand open."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT custode_door()")
        return str(cursor.fetchone()[0])


def test_a_door_within_a_door_leaves_the_outer_one_open(scene: Cast) -> None:
    with transaction.atomic(), lock.opened("delete:1"):
        with lock.opened("log:1"):
            assert word() == "log:1"
            with lock.opened("trash:1"):
                assert word() == "trash:1"
            assert word() == "log:1"
        assert word() == "delete:1"
        with suppress(ValueError), lock.opened("log:1"):
            raise ValueError
        assert word() == "delete:1"
        with suppress(Error), transaction.atomic(), lock.opened("log:1"):
            sql("DELETE FROM guard_logentry")
        assert word() == "delete:1"
    assert word() == ""


def test_a_door_open_for_an_act_does_not_open_the_log(scene: Cast) -> None:
    account = scene.ferri.account.pk
    for other in (f"delete:{account}", f"privacy:{account}", f"trash:{account}", "log:0", "log:"):
        with lock.opened(other), pytest.raises(Error, match=SAID):
            sql("UPDATE guard_loghead SET seq = seq + 1 WHERE account_id = %s", account)


def test_though_the_log_is_open_its_head_moves_by_one_entry_at_a_time(scene: Cast) -> None:
    account = scene.ferri.account.pk
    for step in (-1, 0, 2):
        with lock.opened(f"log:{account}"), pytest.raises(Error, match=SAID), transaction.atomic():
            sql("UPDATE guard_loghead SET seq = seq + %s WHERE account_id = %s", step, account)


def test_a_door_open_for_one_entry_closes_no_other(scene: Cast) -> None:
    mine = Lead.with_trashed.get(title="Trashed").trash_id or 0
    closed = "UPDATE guard_trashentry SET state = %s, closed_at = at"
    for opened, state in (
        (f"purge:{mine + 1}", "purged"),
        (f"restore:{mine}", "purged"),
        (f"delete:{mine}", "restored"),
        (f"purge:{mine}", "restored"),
        (f"purge:{mine}", "arriving"),
    ):
        with lock.opened(opened), pytest.raises(Error, match=SAID):
            sql(closed, state)


@pytest.mark.parametrize(
    "change", ["state = 'trashed'", "closed_at = NULL", "closed_by = 'Bruna'", "count = 9"]
)
def test_an_entry_that_is_closed_stays_so(scene: Cast, change: str) -> None:
    entry = Lead.with_trashed.get(title="Trashed").trash_id or 0
    door.restore(scene.actor(scene.anna), entry)
    for verb in ("delete", "restore", "purge"):
        with lock.opened(f"{verb}:{entry}"), pytest.raises(Error, match=SAID):
            sql(f"UPDATE guard_trashentry SET {change}")


@pytest.mark.parametrize("verb", ["delete", "restore", "purge", "trash"])
@pytest.mark.parametrize(
    "change",
    ["seq = 1", "kind = 'x'", "actor_kind = 'key'", "actor_id = NULL", "actor_name = 'Bruna'",
     "at = '2001-01-01 00:00:00+00:00'", "purge_at = NULL", "purge_at = at"],
)  # fmt: skip
def test_whose_deletion_it_was_and_until_when_no_door_changes(
    scene: Cast, verb: str, change: str
) -> None:
    entry = Lead.with_trashed.get(title="Trashed").trash_id or 0
    with lock.opened(f"{verb}:{entry}"), pytest.raises(Error, match=SAID):
        sql(f"UPDATE guard_trashentry SET {change} WHERE id = %s", entry)


def test_repeated_refusals_are_told_in_the_name_of_who_was_refused(ferri: Cast) -> None:
    # Beyond the minute within which they would be summed up with a refusal of the scene's.
    begun = clock.now() + timedelta(minutes=10)
    with clock.at(begun):
        account_moves.set_privacy(ferri.actor(ferri.anna), Verb.DELETE, "lead", True)
        before = LogEntry.objects.latest("seq").seq
        for _ in range(3):
            with pytest.raises(Refused):
                door.delete(ferri.actor(ferri.ugo), [ferri.lead(ferri.ugo)])
    system = Actor.system(ferri.ferri.account.pk, "sum of refusals")
    with clock.at(begun + timedelta(minutes=2)):
        assert refusals.close_windows(system) == 1
    first, more = LogEntry.objects.filter(outcome="refused", seq__gt=before).order_by("seq")
    assert (more.actor_kind, more.actor_id, more.entrance) == ("user", ferri.ugo.pk, "web")
    assert (more.count, more.about) == (2, first.seq)
    assert json.loads(LogPerson.objects.get(seq=more.seq).data)["actor"] == "Ugo Conti"
    assert list(log.verify(ferri.ferri.account.pk)) == []


def test_they_are_told_though_the_name_was_erased_meanwhile(scene: Cast) -> None:
    account, lead = scene.ferri.account.pk, scene.lead(scene.ugo)
    for _again in range(2):
        with pytest.raises(Refused):
            door.delete(scene.actor(scene.ugo), [lead])
    with transaction.atomic(), lock.opened(f"erase:{account}"):
        sql("DELETE FROM guard_logperson WHERE account_id = %s", account)
    with clock.at(clock.now() + timedelta(minutes=2)):
        refusals.close_windows(Actor.system(account, "sum of refusals"))
    more = LogEntry.objects.filter(outcome="refused").order_by("-seq")[0]
    assert json.loads(LogPerson.objects.get(seq=more.seq).data)["actor"] == ""


def test_a_window_opened_in_the_future_swallows_no_refusal(scene: Cast) -> None:
    account = scene.ferri.account.pk
    told = LogEntry.objects.filter(outcome="refused").count
    before = told()
    with lock_installation.lifted():
        RefusalWindow.objects.update(opened_at=clock.now() + timedelta(days=9), more=4)
    with pytest.raises(Refused):
        door.delete(scene.actor(scene.ugo), [scene.lead(scene.ugo)])
    assert told() == before + 2
    with lock_installation.lifted():
        RefusalWindow.objects.update(opened_at=clock.now() + timedelta(days=9), more=4)
    assert refusals.close_windows(Actor.system(account, "sum of refusals")) == 1
    assert told() == before + 3


def test_an_account_begins_with_its_log(people: Cast) -> None:
    account = account_moves.create("Rossi S.n.c.", "dream_team")
    with scope.account(account.pk):
        entry = LogEntry.objects.get()
        assert (entry.seq, entry.verb, entry.actor_kind) == (1, "account", "operator")
        assert json.loads(entry.details) == {"created": "dream_team"}
        assert list(log.verify(account.pk)) == []


def test_an_account_is_made_by_the_door_or_not_at_all(people: Cast) -> None:
    with pytest.raises(Error, match=SAID), transaction.atomic():
        Account.objects.create(name="Side door", edition="dream_team")
    with pytest.raises(Invalid, match="already"):
        account_moves.create("Ferri S.p.A.", "dream_team")
    for attempt in (Account.objects.all().delete, Account.objects.all()[0].delete):
        with pytest.raises(UseTheDoor):
            attempt()
    assert Account.objects.count() == 2


def test_an_account_whose_log_cannot_begin_is_not_made(
    people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise OSError("The disk is full.")

    monkeypatch.setattr(log, "write", broken)
    with pytest.raises(OSError, match="disk is full"):
        account_moves.create("Rossi S.n.c.", "dream_team")
    assert Account.objects.count() == 2
