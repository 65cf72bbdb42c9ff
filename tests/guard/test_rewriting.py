"""Something else is written over many objects, one by one: an act once whoever does it rests."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from custode.clients.models import ClientFolder
from custode.guard import door, rewriting
from custode.guard.alerts import judging
from custode.guard.alerts.models import Alert
from custode.guard.content_loss import is_written_over
from custode.guard.models import Change, LogEntry
from custode.kernel import clock, schedule, scope
from custode.kernel.actor import Actor
from custode.leads import moves
from custode.leads.models import Lead
from tests.cast import Cast

NOTES = "Wants three lifts for the new hall.\nPhone: +39 011 555\nContact: Rosa Neri"
OTHER = "Qwrt plk mnb vcx."

# kind, field, what stood there, what is written -> whether something else stands there now
OVER: list[tuple[str, str, str | None, str | None, bool]] = [
    ("lead", "title", "Pallet scanner", OTHER, True),
    ("lead", "title", "Pallet scanner", "Pallet scanners", False),
    ("lead", "title", "Pallet scanner", "Pallet scanner for Parma", False),
    ("lead", "title", "Asti", "Bari", True),
    ("lead", "title", "Asti", "ASTI", False),
    ("lead", "title", None, "Bari", False),
    ("lead", "title", "\u2800", "Bari", False),
    ("lead", "description", NOTES, NOTES.replace("555", "999"), True),
    ("lead", "description", NOTES, f"{NOTES}\nRole: buyer", False),
    ("lead", "description", NOTES, NOTES.replace("three", "four"), False),
    ("lead", "amount_minor", "120000", "100", True),
    ("lead", "field_values:7", "Turin", "Milan", True),
    ("lead", "step", "4", "5", False),
    ("client_folder", "name", "Rossi S.r.l.", "Ditta cancellata", True),
]


@pytest.mark.parametrize(("kind", "field", "old", "new", "over"), OVER)
def test_something_else_stands_where_something_stood(
    kind: str, field: str, old: str | None, new: str | None, over: bool
) -> None:
    model = {"lead": Lead, "client_folder": ClientFolder}[kind]
    assert is_written_over(model.kind, field, old, new) is over


def acts() -> list[LogEntry]:
    """What is noted of edits, in order."""
    return list(LogEntry.objects.filter(verb="change", outcome="done").order_by("seq"))


def look(cast: Cast, after: timedelta = timedelta(minutes=4)) -> int:
    """The job looks, a little later; gives how many lines became an act's."""
    job = schedule.named("what was written over")
    assert job is not None
    with clock.at(clock.now() + after):
        done = job.work(Actor.system(cast.ferri.account.pk, job.name))
    assert isinstance(done, int)
    return done


def leads(cast: Cast, many: int) -> list[Lead]:
    """Leads of Ugo's, each with a title and notes of its own."""
    return [cast.lead(cast.ugo, f"Pallet scanner {n}", description=NOTES) for n in range(many)]


def spoil(actor: Actor, some: list[Lead]) -> None:
    """Write something else over their titles."""
    for lead in some:
        moves.edit(actor, lead, title=OTHER)


def test_more_than_ten_are_an_act_with_its_way_back(ferri: Cast) -> None:
    some = leads(ferri, 11)
    spoil(ferri.actor(ferri.ugo), some)
    assert acts() == []
    assert look(ferri) == 11
    (act,) = acts()
    assert (act.kind, act.actor_id, act.count) == ("lead", ferri.ugo.pk, 11)
    assert (act.entrance, '"written":11' in act.details) == ("job", True)
    door.undo(ferri.actor(ferri.anna), act.seq)
    assert Lead.objects.filter(title__startswith="Pallet scanner").count() == 11
    assert look(ferri) == 0


def test_ten_are_ordinary_work_and_so_is_correcting(ferri: Cast) -> None:
    some = leads(ferri, 20)
    spoil(ferri.actor(ferri.ugo), some[:10])
    for lead in some[10:]:
        moves.edit(ferri.actor(ferri.ugo), lead, title=f"{lead.title}, used")
    spoil(ferri.actor(ferri.anna), some[10:15])
    assert look(ferri) == 0
    assert acts() == []


def test_one_lead_written_over_again_and_again_is_one(ferri: Cast) -> None:
    (lead,) = leads(ferri, 1)
    for n in range(12):
        moves.edit(ferri.actor(ferri.ugo), lead, title=("Asti", "Bari")[n % 2])
    assert look(ferri) == 0


def test_who_is_still_at_it_is_waited_for_and_one_entry_tells_of_all(ferri: Cast) -> None:
    some, now = leads(ferri, 20), clock.now()
    for n, lead in enumerate(some):
        with clock.at(now + timedelta(seconds=20 * n)):
            spoil(ferri.actor(ferri.ugo), [lead])
            assert rewriting.gather_left(Actor.system(ferri.ferri.account.pk, "job")) == 0
    assert look(ferri, timedelta(minutes=25)) == 20
    assert [act.count for act in acts()] == [20]


def test_who_never_rests_has_an_entry_ten_minutes_after_the_first(ferri: Cast) -> None:
    ugo, some = ferri.actor(ferri.ugo), leads(ferri, 14)
    spoil(ugo, some[:11])
    for minute, lead in zip((2, 5, 8), some[11:], strict=True):
        with clock.at(clock.now() + timedelta(minutes=minute)):
            spoil(ugo, [lead])
    assert look(ferri, timedelta(minutes=9)) == 0
    assert look(ferri, timedelta(minutes=10, seconds=30)) == 14
    assert [one.count for one in acts()] == [14]


def test_amounts_are_told_in_their_currency(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    some = [ferri.lead(ferri.ugo, f"Crane {n}", amount_minor=7_140_000) for n in range(11)]
    for lead in some:
        moves.edit(ugo, lead, amount_minor=100)
    look(ferri)
    (preview,) = door.undo_previews(ferri.actor(ferri.anna), acts()[0])
    assert preview.states is not None
    told = preview.states[some[0].pk]
    assert (told.before, told.after) == ("amount: 71,400.00 EUR", "amount: 1.00 EUR")


def test_an_amount_comes_back_in_the_currency_that_it_had(ferri: Cast) -> None:
    ugo, anna = ferri.actor(ferri.ugo), ferri.actor(ferri.anna)
    some = [ferri.lead(ferri.ugo, f"Crane {n}", amount_minor=7_140_000) for n in range(12)]
    for lead in some:
        moves.edit(ugo, lead, amount_minor=100, currency="JPY")
    for lead in some[1:]:
        moves.edit(ugo, lead, currency="USD")
    look(ferri)
    (preview,) = door.undo_previews(anna, acts()[0])
    assert preview.states is not None
    for lead in some[:2]:
        told = preview.states[lead.pk]
        assert (told.before, told.after) == ("amount: 71,400.00 EUR", "amount: 100 JPY")
    door.undo(anna, acts()[0].seq)
    assert set(Lead.objects.values_list("amount_minor", "currency")) == {(7_140_000, "EUR")}
    # The undo counts amounts; each brings its currency along in a line of its own.
    (undo,) = LogEntry.objects.filter(verb="undo")
    assert (undo.count, '"written":12' in undo.details) == (12, True)
    lines = Change.objects.filter(seq=undo.seq, object_id=some[1].pk).order_by("pk")
    assert [(line.field, line.old, line.new) for line in lines] == [
        ("amount_minor", "100", "7140000"), ("currency", "USD", "EUR"),
    ]  # fmt: skip


def test_what_follows_within_the_hour_counts_with_it(ferri: Cast) -> None:
    some, now = leads(ferri, 13), clock.now()
    spoil(ferri.actor(ferri.ugo), some[:11])
    assert look(ferri) == 11
    with clock.at(now + timedelta(minutes=30)):
        spoil(ferri.actor(ferri.ugo), some[11:])
        assert look(ferri) == 2
    assert [act.count for act in acts()] == [11, 2]


def test_what_was_never_many_within_an_hour_is_no_act(ferri: Cast) -> None:
    now = clock.now()
    for n, lead in enumerate(leads(ferri, 12)):
        with clock.at(now + timedelta(minutes=10 * n)):
            spoil(ferri.actor(ferri.ugo), [lead])
    assert look(ferri, timedelta(minutes=115)) == 0


def test_an_application_that_does_it_in_two_names_has_done_all_of_it(ferri: Cast) -> None:
    some = leads(ferri, 12)
    for user, its in ((ferri.ugo, some[:6]), (ferri.anna, some[6:])):
        spoil(replace(ferri.actor(user), as_key=7), its)
    assert look(ferri) == 12
    assert sorted(act.actor_id or 0 for act in acts()) == sorted((ferri.ugo.pk, ferri.anna.pk))


def test_what_somebody_wrote_since_stays(ferri: Cast) -> None:
    some = leads(ferri, 11)
    spoil(ferri.actor(ferri.ugo), some)
    look(ferri)
    moves.edit(ferri.actor(ferri.anna), some[0], title="What Anna knows")
    door.undo(ferri.actor(ferri.anna), acts()[0].seq)
    titles = set(Lead.objects.values_list("title", flat=True))
    assert ("What Anna knows" in titles, len(titles)) == (True, 11)


def test_fifty_are_an_alert_too(ferri: Cast) -> None:
    some = leads(ferri, 50)
    spoil(ferri.actor(ferri.ugo), some[:49])
    look(ferri)
    judging.judge(ferri.ferri.account.pk)
    assert "overwritten" not in Alert.objects.values_list("rule", flat=True)
    spoil(ferri.actor(ferri.ugo), some[49:])
    look(ferri)
    judging.judge(ferri.ferri.account.pk)
    assert "overwritten" in Alert.objects.values_list("rule", flat=True)


def test_another_accounts_edits_are_not_looked_at(ferri: Cast) -> None:
    spoil(ferri.actor(ferri.ugo), leads(ferri, 11))
    with scope.account(ferri.lodi.account.pk):
        assert rewriting.gather_left(Actor.system(ferri.lodi.account.pk, "job")) == 0
