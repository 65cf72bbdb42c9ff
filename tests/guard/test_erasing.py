"""Personal data are erased from the log for good, by the door only; the chain goes on holding."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from django.db import DatabaseError, Error, transaction

from custode.guard import door, lock, lock_installation, log, verifying
from custode.guard.models import Alert, LogEntry, LogPerson
from custode.guard.verifying import Walk, Wrong
from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.kernel.errors import Gone, Invalid, ProofNeeded, Refused
from custode.people import alerting, erasing
from custode.signin import leaving
from tests.cast import Cast
from tests.guard.erased import everything_said, persons
from tests.guard.locked import SAID, sql


@pytest.fixture
def scene(bare_scene: Cast) -> Cast:
    """The scene, of whose log nobody has a checkpoint."""
    return bare_scene


@pytest.fixture
def gone(scene: Cast) -> Cast:
    """Ugo has left."""
    leaving.disable(scene.actor(scene.anna), scene.ugo)
    scene.ugo.refresh_from_db()
    return scene


def told(seq: int) -> LogEntry:
    return LogEntry.objects.get(seq=seq)


def test_somebody_who_has_left_is_erased_from_what_they_did(gone: Cast) -> None:
    account = gone.ferri.account.pk
    own = set(LogEntry.objects.filter(actor_id=gone.ugo.pk).values_list("seq", flat=True))
    others = persons() - own
    assert own
    assert "Ugo Conti" in everything_said()
    act = erasing.erase(gone.actor(gone.anna), gone.ugo, reason="He asked for it")
    assert persons() & own == set()
    # What concerned him (here: that he was disabled) is erased too, and nothing else.
    lost = others - persons()
    assert {told(seq).verb for seq in lost} == {"users"}
    assert act.count == len(own) + len(lost)
    assert "Ugo Conti" not in everything_said()
    walk = Walk(account)
    assert list(walk.faults()) == []
    assert (walk.erased, walk.erasures.acts) == (act.count, 1)


def test_the_entry_that_says_so_names_nobody_but_who_erased(gone: Cast) -> None:
    act = erasing.erase(gone.actor(gone.anna), gone.ugo)
    entry, person = told(act.seq), json.loads(LogPerson.objects.get(seq=act.seq).data)
    assert (entry.verb, entry.outcome, entry.count) == ("erase", "done", act.count)
    assert person["actor"] == "Anna Ferri"
    assert person["labels"] == []
    assert json.loads(entry.details)["of"] == ["user", gone.ugo.pk]


def test_what_was_noted_of_their_alerts_is_erased_with_them(gone: Cast) -> None:
    """Of the alerts about them the notes; of those that they acknowledged their name too."""
    anna, account = gone.actor(gone.anna), gone.ferri.account.pk
    with lock.opened(f"alert:{account}"):
        for seq, actor_id in ((1, gone.ugo.pk), (2, gone.bruna.pk), (3, gone.bruna.pk)):
            Alert.objects.create(
                rule="many", actor_kind="user", actor_id=actor_id, first_seq=seq, last_seq=seq,
                first_at=clock.now(), last_at=clock.now(), acts=1, items=10,
            )  # fmt: skip
    of_ugo, by_ugo, other = Alert.objects.order_by("-pk")[:3][::-1]
    alerting.acknowledge(anna, [of_ugo.pk], "Ugo Conti was ill that day")
    alerting.acknowledge(replace(anna, name="Ugo Conti"), [by_ugo.pk], "Ugo here: all is well")
    alerting.acknowledge(anna, [other.pk], "Bruna tidied up")
    erasing.erase(anna, gone.ugo)
    for one in (of_ugo, by_ugo, other):
        one.refresh_from_db()
    assert (of_ugo.note, of_ugo.acknowledged_by) == ("", "Anna Ferri")
    assert (by_ugo.note, by_ugo.acknowledged_by) == ("", "")
    assert (other.note, other.acknowledged_by) == ("Bruna tidied up", "Anna Ferri")
    assert None not in {of_ugo.acknowledged_at, by_ugo.acknowledged_at}
    said = everything_said()
    assert "was ill" not in said
    assert "Bruna tidied up" in said
    assert list(log.verify(account)) == []


def test_who_erases_reopens_no_alert_and_writes_no_note(gone: Cast) -> None:
    account = gone.ferri.account.pk
    with lock.opened(f"alert:{account}"):
        one = Alert.objects.create(
            rule="many", actor_kind="user", actor_id=gone.ugo.pk, first_seq=1, last_seq=1,
            first_at=clock.now(), last_at=clock.now(), acts=1, items=10,
        )  # fmt: skip
    alerting.acknowledge(gone.actor(gone.anna), [one.pk], "Seen")
    mine = Alert.objects.filter(pk=one.pk)
    for values in (
        {"note": "", "acknowledged_at": None},
        {"note": "Another"},
        {"note": "", "acknowledged_by": "Carla"},
        {"note": "", "items": 1},
    ):
        with (
            pytest.raises(DatabaseError, match=SAID),
            transaction.atomic(),
            lock.opened(f"erase:{account}"),
        ):
            mine.update(**values)
    with transaction.atomic(), lock.opened(f"erase:{account}"):
        assert mine.update(note="") == 1


def test_what_an_erased_entry_still_tells(gone: Cast) -> None:
    entry = LogEntry.objects.filter(actor_id=gone.ugo.pk, verb="delete", outcome="done").get()
    erasing.erase(gone.actor(gone.anna), gone.ugo)
    again = told(entry.seq)
    assert (again.verb, again.kind, again.count, again.at) == ("delete", "lead", 1, entry.at)


def test_what_they_do_afterwards_is_not_covered(gone: Cast) -> None:
    account = gone.ferri.account.pk
    erasing.erase(gone.actor(gone.anna), gone.ugo)
    leaving.enable(gone.actor(gone.anna), gone.ugo)
    with pytest.raises(Refused):
        door.delete(gone.actor(gone.ugo), [gone.lead(gone.ugo, "Later")])
    last = LogEntry.objects.latest("seq").seq
    with lock_installation.lifted():
        sql(f"DELETE FROM guard_logperson WHERE account_id = {account} AND seq = {last}")
    assert [(f.what, f.seq) for f in log.verify(account)] == [(Wrong.ERASED, last)]


def test_one_entry_is_erased_with_what_belongs_to_the_same_act(scene: Cast) -> None:
    ugo = scene.actor(scene.ugo)
    leads = type(scene.lead(scene.ugo, "Leaving")).objects.filter(title="Leaving")
    leaving_now = door.export(ugo, leads, format="csv", filter_words={"en": "Of Maria Rossi"})
    list(leaving_now.rows())
    start, end = leaving_now.seq, LogEntry.objects.latest("seq").seq
    before = persons()
    act = door.erase_entry(scene.actor(scene.anna), end)
    assert before - persons() == {start, end}
    assert act.count == 2
    assert "Maria Rossi" not in everything_said()
    assert list(log.verify(scene.ferri.account.pk)) == []


def test_an_erasure_made_while_somebody_walks_is_no_fault(
    gone: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifying, "PIECE", 2)
    done: list[int] = []

    def tell(walk: Walk) -> None:
        if not done:
            done.append(erasing.erase(gone.actor(gone.anna), gone.ugo).seq)

    walk = Walk(gone.ferri.account.pk, tell=tell)
    assert list(walk.faults()) == []


# What somebody with all power writes into an entry that erases -> it allows no more than it may.
def test_an_entry_excuses_nothing_that_came_after_it(gone: Cast) -> None:
    account = gone.ferri.account.pk
    act = door.erase_entry(gone.actor(gone.anna), 3)
    later = door.delete(gone.actor(gone.anna), [gone.lead(gone.anna)]).seq
    with lock_installation.lifted():
        sql(f"DELETE FROM guard_logperson WHERE account_id = {account} AND seq = {later}")
        forged = json.dumps({"entries": [[1, later]], "of": ["user", gone.anna.pk], "upto": later})
        LogEntry.objects.filter(seq=act.seq).update(details=forged)
    found = {(fault.what, fault.seq) for fault in log.verify(account)}
    assert (Wrong.ERASED, later) in found
    assert (Wrong.CHANGED, act.seq) in found


@pytest.mark.parametrize(
    "details",
    ["x", "[]", '{"of":3}', '{"of":["user"]}', '{"entries":7}', '{"entries":[[1]]}', "null",
     '{"of":["user","x"]}'],
)  # fmt: skip
def test_nonsense_in_an_entry_that_erases_excuses_nothing(gone: Cast, details: str) -> None:
    account = gone.ferri.account.pk
    act = door.erase_entry(gone.actor(gone.anna), 3)
    with lock_installation.lifted():
        LogEntry.objects.filter(seq=act.seq).update(details=details)
    found = {(fault.what, fault.seq) for fault in log.verify(account)}
    assert found == {(Wrong.ERASED, 3), (Wrong.CHANGED, act.seq)}


# who, whom -> what the door says
TABLE = [
    ("anna", "gone", "done"),
    ("anna", "bruna", "has not left"),
    ("anna", "anna", "has not left"),
    ("ugo", "gone", "no"),
    ("bruna", "gone", "no"),
    ("carla", "gone", "nothing"),
    ("operator", "gone", "done"),
    ("unproved", "gone", "proof"),
]


@pytest.mark.parametrize(("who", "whom", "answer"), TABLE)
def test_who_may_erase_whom(gone: Cast, who: str, whom: str, answer: str) -> None:
    actors = {
        "operator": Actor.operator(gone.ferri.account.pk),
        "unproved": gone.anna.actor(gone.actor(gone.anna).entrance),
    }
    actor = actors.get(who) or gone.actor(getattr(gone, who))
    user = gone.ugo if whom == "gone" else getattr(gone, whom)
    before = persons()
    said = {"no": Refused, "has not left": Invalid, "nothing": Gone, "proof": ProofNeeded}
    if answer == "done":
        assert erasing.erase(actor, user).count
        assert persons() != before
        return
    with pytest.raises(said[answer]):
        erasing.erase(actor, user)
    assert persons() - {LogEntry.objects.latest("seq").seq} == before - {
        LogEntry.objects.latest("seq").seq
    }
    refused = LogEntry.objects.filter(verb="erase", outcome="refused")
    assert refused.count() == (1 if answer == "no" else 0)


def test_nothing_is_erased_twice(gone: Cast) -> None:
    anna = gone.actor(gone.anna)
    erasing.erase(anna, gone.ugo)
    with pytest.raises(Gone, match="no personal data left"):
        erasing.erase(anna, gone.ugo)
    for seq in (3, 999_999):
        door.erase_entry(anna, 3) if seq == 3 and 3 in persons() else None
        with pytest.raises(Gone):
            door.erase_entry(anna, seq)


def test_another_accounts_entry_is_not_there(gone: Cast) -> None:
    before = persons()
    with pytest.raises(Gone):
        door.erase_entry(gone.actor(gone.carla), LogEntry.objects.latest("seq").seq)
    assert persons() == before


@pytest.mark.parametrize("word", ["log:{a}", "erase:0", "erase:", "delete:{a}", "users:{a}"])
def test_no_other_word_erases(scene: Cast, word: str) -> None:
    account = scene.ferri.account.pk
    with lock.opened(word.format(a=account)), pytest.raises(Error, match=SAID):
        sql("DELETE FROM guard_logperson WHERE account_id = %s AND seq = 3", account)
