"""To take many leads out of their client folders is deleting; to date many otherwise is an act."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from custode.accounts import moves as account_moves
from custode.clients import moves as folders
from custode.clients.models import ClientFolder
from custode.guard import door, rewriting
from custode.guard.content_loss import is_written_over
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry
from custode.kernel.actor import Actor
from custode.kernel.errors import Refused
from custode.leads import moves
from custode.leads.models import Lead
from tests.alerts.judged import forget_what_was, judge, opened
from tests.cast import Cast

THEN = datetime(2004, 5, 6, 7, 8, tzinfo=timezone(timedelta(hours=2)))


@pytest.fixture
def rossi(ferri: Cast) -> ClientFolder:
    return folders.create(ferri.actor(ferri.anna), "Rossi", owner=ferri.anna)


def leads_in(cast: Cast, folder: ClientFolder | None, many: int = 12) -> list[Lead]:
    """Leads of Ugo's in a folder."""
    return [cast.lead(cast.ugo, f"Lead {n}", client_folder=folder) for n in range(many)]


def put(actor: Actor, some: list[Lead], folder: ClientFolder | None) -> None:
    """Put leads into a folder one by one, or take them out of theirs."""
    for lead in some:
        moves.edit(actor, lead, client_folder=folder)


def look(cast: Cast) -> list[str]:
    """What alerts are open once the job and the judge have come round."""
    rewriting.look(Actor.system(cast.ferri.account.pk, "job"), timedelta(0))
    judge(cast)
    return [rule for rule, _acts, _objects in opened()]


def acts() -> list[LogEntry]:
    """What is noted of edits, in order."""
    return list(LogEntry.objects.filter(verb="change", outcome="done").order_by("seq"))


def where() -> list[str]:
    """The folders in which the leads are, in order."""
    rows = Lead.objects.order_by("pk").values_list("client_folder__name", flat=True)
    return [name or "" for name in rows]


def test_more_than_ten_taken_out_are_an_act_with_its_alert_and_the_undo_puts_them_back(
    ferri: Cast, rossi: ClientFolder
) -> None:
    forget_what_was(ferri)
    some, ugo = leads_in(ferri, rossi), ferri.actor(ferri.ugo)
    put(ugo, some[:10], None)
    assert (acts(), look(ferri)) == ([], [])
    put(ugo, some[10:], None)
    (act,) = acts()
    assert (act.kind, act.count, act.actor_id) == ("lead", 11, ferri.ugo.pk)
    assert (look(ferri), where()) == (["emptied"], [""] * 12)
    door.undo(ferri.actor(ferri.anna), act.seq)
    assert where() == ["Rossi"] * 12
    # Neither the undo nor what it gave back counts for anybody again.
    assert [one.verb for one in LogEntry.objects.order_by("-seq")[:1]] == ["undo"]
    moves.edit(ferri.actor(ferri.anna), some[0], client_folder=None)
    assert acts()[-1].actor_id == ferri.ugo.pk


def test_where_only_admins_delete_leads_the_eleventh_stays_in_its_folder(
    ferri: Cast, rossi: ClientFolder
) -> None:
    account_moves.set_privacy(ferri.actor(ferri.anna), Verb.DELETE, "lead", True)
    some, ugo = leads_in(ferri, rossi), ferri.actor(ferri.ugo)
    put(ugo, some[:10], None)
    with pytest.raises(Refused, match="Emptying more than 10 fields within an hour"):
        put(ugo, some[10:], None)
    assert where() == [""] * 10 + ["Rossi"] * 2
    put(ferri.actor(ferri.anna), some[10:], None)
    assert where() == [""] * 12


def test_putting_leads_into_folders_and_from_one_to_another_is_ordinary_work(
    ferri: Cast, rossi: ClientFolder
) -> None:
    account_moves.set_privacy(ferri.actor(ferri.anna), Verb.DELETE, "lead", True)
    forget_what_was(ferri)
    some, ugo = leads_in(ferri, None), ferri.actor(ferri.ugo)
    bianchi = folders.create(ugo, "Bianchi")
    for folder in (rossi, bianchi, rossi):
        put(ugo, some, folder)
    for lead in some:
        moves.start_folder(ugo, lead, "Of its own")
    assert (look(ferri), acts(), where()) == ([], [], ["Of its own"] * 12)


def test_what_went_by_another_folder_first_comes_back_to_the_first(
    ferri: Cast, rossi: ClientFolder
) -> None:
    some, ugo = leads_in(ferri, rossi), ferri.actor(ferri.ugo)
    put(ugo, some, folders.create(ugo, "Dump"))
    put(ugo, some, None)
    door.undo(ugo, acts()[0].seq)
    assert where() == ["Rossi"] * 12


def test_the_preview_names_the_folder_and_what_lies_elsewhere_since_stays(
    ferri: Cast, rossi: ClientFolder
) -> None:
    some, ugo, anna = leads_in(ferri, rossi), ferri.actor(ferri.ugo), ferri.actor(ferri.anna)
    put(ugo, some, None)
    moves.edit(anna, some[0], client_folder=folders.create(anna, "Verdi"))
    (act,) = acts()
    (preview,) = door.undo_previews(anna, act)
    assert preview.states is not None
    told = [preview.states[lead.pk] for lead in some[:2]]
    assert [(one.before, one.after, one.now) for one in told] == [
        ("client folder: Rossi", "client folder: –", "client folder: Verdi"),
        ("client folder: Rossi", "client folder: –", ""),
    ]
    back = door.undo(anna, act.seq)
    assert (back.count, back.stayed, where()) == (11, 1, ["Verdi"] + ["Rossi"] * 11)


def test_a_folder_in_the_trash_takes_them_back_and_one_that_is_gone_for_good_does_not(
    ferri: Cast, rossi: ClientFolder
) -> None:
    anna, ugo = ferri.actor(ferri.anna), ferri.actor(ferri.ugo)
    gone = folders.create(anna, "Gone")
    kept, lost = leads_in(ferri, rossi, 6), leads_in(ferri, gone, 6)
    put(ugo, [*kept, *lost], None)
    door.delete(anna, [rossi])
    door.purge(anna, door.delete(anna, [gone]).entry or 0, reason="asked by the client")
    (act,) = acts()
    assert door.undo(anna, act.seq).count == 6
    ids = Lead.objects.order_by("pk").values_list("client_folder_id", flat=True)
    assert list(ids) == [rossi.pk] * 6 + [None] * 6


def test_many_leads_dated_otherwise_are_an_act_with_its_undo(ferri: Cast) -> None:
    """Only programs do so: no screen has a field for it."""
    forget_what_was(ferri)
    some, ugo = leads_in(ferri, None, 50), ferri.actor(ferri.ugo)
    were = dict(Lead.objects.values_list("pk", "created_at"))
    for lead in some[:10]:
        moves.edit(ugo, lead, created_at=THEN)
    assert (look(ferri), acts()) == ([], [])
    for lead in some[10:]:
        moves.edit(ugo, lead, created_at=THEN)
    assert look(ferri) == ["overwritten"]
    (act,) = acts()
    (preview,) = door.undo_previews(ferri.actor(ferri.anna), act)
    assert preview.states is not None
    assert "2004" in preview.states[some[0].pk].after
    back = door.undo(ferri.actor(ferri.anna), act.seq)
    assert (back.count, back.stayed) == (50, 0)
    assert dict(Lead.objects.values_list("pk", "created_at")) == were


NOW = "2026-12-01T09:00:00+00:00"
# when a lead was created by what the history says, and by what it says then -> written over
MOMENTS = [
    (NOW, NOW, False),
    (NOW, "2026-12-01T09:01:00+00:00", True),
    (NOW, "2020-12-01T09:00:00+00:00", True),
    (NOW, datetime(2020, 12, 1, tzinfo=UTC).isoformat(), True),
]


@pytest.mark.parametrize(("old", "new", "over"), MOMENTS)
def test_another_moment_is_written_over(old: str, new: str, over: bool) -> None:
    assert is_written_over(Lead.kind, "created_at", old, new) is over
