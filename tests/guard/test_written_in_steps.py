"""What is taken away in several steps counts as a whole, and an undo goes back to its beginning."""

from __future__ import annotations

from datetime import timedelta

import pytest

from custode.clients import moves as folders
from custode.clients.models import ClientFolder, Contact
from custode.guard import door, history, stepwise
from custode.guard.alerts import judging
from custode.guard.alerts.models import Alert
from custode.guard.content_loss import only_adds
from custode.guard.models import Change, LogEntry
from custode.kernel import clock, schedule
from custode.kernel.actor import Actor
from custode.leads import moves
from custode.leads.models import Lead
from tests.cast import Cast

NOTES = (
    "Wants three lifts for the new hall, calls back after the fair in May; talk to Mrs Neri in the"
    " purchasing office, who also buys for Parma."
)
CUT, LESS = NOTES[:92], NOTES[:60]


def acts() -> list[LogEntry]:
    """What is noted of edits, in order."""
    return list(LogEntry.objects.filter(verb="change", outcome="done").order_by("seq"))


def look(cast: Cast) -> int:
    """The job looks, a little later."""
    job = schedule.named("what was written over")
    assert job is not None
    with clock.at(clock.now() + timedelta(minutes=4)):
        done = job.work(Actor.system(cast.ferri.account.pk, job.name))
    assert isinstance(done, int)
    return done


def leads(cast: Cast, many: int = 11) -> list[Lead]:
    return [cast.lead(cast.ugo, f"Lift {n}", description=NOTES) for n in range(many)]


def each(actor: Actor, some: list[Lead], text: str) -> None:
    """Let the descriptions of these say this."""
    for lead in some:
        moves.edit(actor, lead, description=text)


def said() -> set[str]:
    """What all the descriptions say."""
    return set(Lead.objects.values_list("description", flat=True))


def test_cut_down_by_halves_it_is_written_over_and_comes_back_whole(ferri: Cast) -> None:
    ugo, some = ferri.actor(ferri.ugo), leads(ferri)
    each(ugo, some, CUT)
    assert look(ferri) == 0
    each(ugo, some, LESS)
    assert look(ferri) == 11
    (act,) = acts()
    assert (act.count, '"written":11' in act.details) == (11, True)
    door.undo(ferri.actor(ferri.anna), act.seq)
    assert said() == {NOTES}


def test_a_sign_put_in_between_hides_nothing(ferri: Cast) -> None:
    ugo, some = ferri.actor(ferri.ugo), leads(ferri)
    for text in (CUT, f"{CUT}.", LESS, f"{LESS} Bye"):
        each(ugo, some, text)
    assert look(ferri) > 0
    door.undo(ferri.actor(ferri.anna), acts()[0].seq)
    assert said() == {NOTES}


def test_emptied_in_steps_it_comes_back_whole(ferri: Cast) -> None:
    ugo, some = ferri.actor(ferri.ugo), leads(ferri, 12)
    for text in (CUT, LESS, "."):
        each(ugo, some[:11], text)
    # The twelfth joins the act that there is by now.
    for text in (CUT, LESS, "."):
        each(ugo, some[11:], text)
    (act,) = acts()
    door.undo(ferri.actor(ferri.anna), act.seq)
    assert said() == {NOTES}


def test_what_somebody_else_wrote_in_between_is_where_it_begins(ferri: Cast) -> None:
    ugo, some = ferri.actor(ferri.ugo), leads(ferri)
    each(ugo, some, CUT)
    each(ferri.actor(ferri.anna), some, f"{CUT} Anna has called.")
    each(ugo, some, ".")
    door.undo(ferri.actor(ferri.anna), acts()[0].seq)
    assert said() == {f"{CUT} Anna has called."}


def test_what_was_only_written_on_before_stays(ferri: Cast) -> None:
    ugo, some = ferri.actor(ferri.ugo), leads(ferri)
    each(ugo, some, f"{NOTES} Called on Monday.")
    each(ugo, some, "")
    door.undo(ferri.actor(ferri.anna), acts()[0].seq)
    assert said() == {f"{NOTES} Called on Monday."}


def test_what_was_cut_more_than_an_hour_before_is_another_matter(ferri: Cast) -> None:
    ugo, some, now = ferri.actor(ferri.ugo), leads(ferri), clock.now()
    each(ugo, some, CUT)
    with clock.at(now + timedelta(minutes=61)):
        each(ugo, some, LESS)
        assert look(ferri) == 0
        each(ugo, some, ".")
        door.undo(ferri.actor(ferri.anna), acts()[0].seq)
    assert said() == {CUT}


ADDS = [
    ("", "New", True),
    (None, "New", True),
    ("⠀", "New", True),
    (NOTES, f"{NOTES} Bye.", True),
    (NOTES, f"Hello. {NOTES}", True),
    (NOTES, NOTES.replace("three", "four"), False),
    (NOTES, CUT, False),
    ("Asti", "Asti, Italy", True),
    ("Bo", "Bari", False),
    ("120000", "1200000", False),
    (NOTES, None, False),
]


@pytest.mark.parametrize(("old", "new", "adds"), ADDS)
def test_who_only_writes_on_takes_nothing_away(
    old: str | None, new: str | None, adds: bool
) -> None:
    assert only_adds(old, new) is adds


def test_an_edit_that_belongs_to_an_act_is_told_there() -> None:
    now = clock.now()
    first = Change(pk=1, old=NOTES, new=CUT, at=now, seq=7)
    second = Change(pk=2, old=CUT, new=LESS, at=now)
    third = Change(pk=3, old=LESS, new=".", at=now)
    assert stepwise.before(third, [first, second], timedelta(hours=1)) == [second]


def contacts(cast: Cast, many: int) -> list[Contact]:
    """Contacts of one folder of Ugo's."""
    ugo = cast.actor(cast.ugo)
    folder = folders.create(ugo, "Neri S.p.A.", owner=cast.ugo)
    return [
        folders.add_contact(
            ugo, folder, name=f"Rosa Neri {n}", role="Head of purchasing",
            email=f"rosa{n}@neri.example", phone=f"+39 011 5550{n:02}",
        )
        for n in range(many)
    ]  # fmt: skip


def spoil(actor: Actor, some: list[Contact]) -> None:
    """Somebody else, with another number."""
    for n, one in enumerate(some):
        folders.change_contact(
            actor, one, was=None, name="Qwrt Plkm", role="Zxcv bnm", email=f"no{n}@void.example",
            phone="02 777 123",
        )  # fmt: skip


def test_contacts_written_over_are_an_act_and_come_back(ferri: Cast) -> None:
    ugo, some = ferri.actor(ferri.ugo), contacts(ferri, 11)
    before = set(Contact.objects.values_list("written", flat=True))
    spoil(ugo, some)
    assert look(ferri) > 0
    (act,) = acts()
    assert (act.kind, act.actor_id, act.count) == ("client_folder", ferri.ugo.pk, 1)
    assert '"parts":11' in act.details
    door.undo(ferri.actor(ferri.anna), act.seq)
    assert set(Contact.objects.values_list("written", flat=True)) == before
    assert "rosa neri 10" in ClientFolder.objects.get().searched


def test_ten_contacts_are_ordinary_work_and_so_is_correcting(ferri: Cast) -> None:
    ugo, some = ferri.actor(ferri.ugo), contacts(ferri, 22)
    spoil(ugo, some[:10])
    for n, one in enumerate(some[10:], 10):
        folders.change_contact(
            ugo, one, was=None, name=f"Rosa Neri {n}", role="Head of the purchasing",
            email=f"rosa{n}@neri.example", phone=f"+39 011 5550{n:02}-1",
        )  # fmt: skip
    assert (look(ferri), acts()) == (0, [])
    # A correction is one line of the folder's history.
    lines = Change.objects.filter(field="contact", new__contains="Head of the purchasing")
    assert lines.count() == 12


def test_fifty_contacts_are_an_alert(ferri: Cast) -> None:
    spoil(ferri.actor(ferri.ugo), contacts(ferri, 50))
    look(ferri)
    judging.judge(ferri.ferri.account.pk)
    assert "overwritten" in Alert.objects.values_list("rule", flat=True)


NOISE = "qwertz plkmn " * 30


def drown(text: str) -> tuple[str, str, str]:
    """A text with noise after it, then without its labels, then the noise alone."""
    return f"{text}\n{NOISE}", f"{text.replace(': ', ':')}\n{NOISE}", NOISE


@pytest.mark.parametrize("text", [NOTES, "Phone: 011 123456\nCity: Torino"])
def test_what_drowns_in_noise_before_it_goes_is_written_over(ferri: Cast, text: str) -> None:
    ugo, some = ferri.actor(ferri.ugo), leads(ferri)
    each(ferri.actor(ferri.anna), some, text)
    for step in drown(text):
        each(ugo, some, step)
    assert look(ferri) > 0
    (act,) = [one for one in acts() if one.actor_id == ferri.ugo.pk]
    assert act.count == 11
    door.undo(ferri.actor(ferri.anna), act.seq)
    assert all("011" in one or "Parma" in one for one in said())


def test_titles_that_drown_in_noise_are_written_over(ferri: Cast) -> None:
    ugo, some = ferri.actor(ferri.ugo), leads(ferri)
    for lead in some:
        title = lead.title
        moves.edit(ugo, lead, title=f"{title} {NOISE[:120]}")
        moves.edit(ugo, lead, title=NOISE[:120].strip())
    assert look(ferri) > 0
    door.undo(ferri.actor(ferri.anna), acts()[0].seq)
    assert all(one.startswith("Lift ") for one in Lead.objects.values_list("title", flat=True))


def test_contacts_that_drown_in_noise_are_written_over(ferri: Cast) -> None:
    ugo, some = ferri.actor(ferri.ugo), contacts(ferri, 11)
    numbers = set(Contact.objects.values_list("phone", flat=True))
    for one in some:
        for phone in (f"{one.phone} / 0999 00 11 22 33 44 5", "0999 00 11 22 33 44 5"):
            folders.change_contact(ugo, one, was=None, **one.parts | {"phone": phone})
    assert look(ferri) > 0
    door.undo(ferri.actor(ferri.anna), acts()[0].seq)
    now = Contact.objects.values_list("phone", flat=True)
    assert {one.partition(" / ")[0] for one in now} == numbers


def test_much_that_goes_from_a_long_text_is_written_over_whatever_stays(ferri: Cast) -> None:
    ugo, some = ferri.actor(ferri.ugo), leads(ferri)
    each(ugo, some, f"{NOTES}\n{NOISE}")
    with clock.at(clock.now() + timedelta(hours=3)):
        each(ugo, some, NOISE)
        assert look(ferri) == 11
        door.undo(ferri.actor(ferri.anna), acts()[0].seq)
    assert said() == {f"{NOTES}\n{NOISE}"}


def test_no_noise_of_other_edits_hides_what_is_written_over(ferri: Cast) -> None:
    ugo, some = ferri.actor(ferri.ugo), leads(ferri)
    each(ugo, some, CUT)
    each(ugo, some, LESS)
    bruna = ferri.actor(ferri.bruna)
    Change.objects.bulk_create(
        history.line(bruna, some[0], "starred", n % 2 == 0, n % 2 == 1) for n in range(2_100)
    )
    assert look(ferri) == 11
