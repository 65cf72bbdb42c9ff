"""One person for all spellings of a name; one that fits several people is asked, never guessed."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from custode.exchange.importing import runs
from custode.exchange.importing.choices import NEW, NONE, Choices
from custode.exchange.importing.forecast import Forecast
from custode.exchange.importing.names import Names, who
from custode.exchange.importing.needs import needs
from custode.exchange.importing.owners import owners_of
from custode.exchange.models import ImportRun, RunState
from custode.guard import door
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid
from custode.leads.models import Lead
from custode.people import moves as people_moves
from custode.people.models import User
from tests.cast import Cast
from tests.exchange.bringing import checked, many, started, worked

SPELLINGS = 'title,owner\nA,Mario Rossi\nB,mario rossi\nC,"Rossi, Mario"\nD,MARIO  ROSSI\n'
ONE = "title,owner\nA,Mario Rossi\n"


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DATA", tmp_path)


def person(cast: Cast, first: str = "Mario", last: str = "Rossi", email: str | None = None) -> User:
    return people_moves.create(
        Actor.operator(cast.ferri.account.pk), first_name=first, last_name=last, email=email
    )


def marios() -> list[User]:
    found = User.objects.order_by("pk")
    return [user for user in found if who(str(user)) == who("Mario Rossi")]


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Mario Rossi", "mario  ROSSI", True),
        ("Mario Rossi", "Rossi, Mario", True),
        ("Mario Rossi", "Rossi Mario", True),
        ("Maria Grazia De Luca", "De Luca, Maria Grazia", True),
        ("Niccolò Bò", "niccolo bo", True),
        ("Anna Maria Rossi", "Maria Anna Rossi", False),
        ("Mario Rossi", "Mario Rossini", False),
        ("Mario Rossi", "Mario", False),
    ],
)
def test_which_spellings_are_one_name(one: str, other: str, alike: bool) -> None:
    assert (who(one) == who(other)) is alike


@pytest.mark.parametrize(
    ("spellings", "first", "last"),
    [
        ({"mario rossi": 9, "Mario Rossi": 1}, "Mario", "Rossi"),
        ({"Rossi, Mario": 9, "MARIO ROSSI": 1}, "Mario", "Rossi"),
        ({"Maria Grazia De Luca": 2, "De Luca, Maria Grazia": 1}, "Maria Grazia", "De Luca"),
        ({"Mara": 1}, "Mara", ""),
        ({"Rossi,": 1}, "Rossi", ""),
        ({"a" * 70 + " " + "b" * 40: 1}, "a" * 60, "b" * 40),
        ({"Ufficio " + "vendite " * 13: 1}, "Ufficio" + " vendite" * 6, "vendite " * 6 + "vendite"),
    ],
)
def test_who_is_made_has_the_name_as_people_write_it(
    spellings: dict[str, int], first: str, last: str
) -> None:
    (owner,) = owners_of(spellings, {})
    assert owner.parts == (first, last)


def test_all_spellings_of_a_name_become_one_person_who_gets_all_leads(ferri: Cast) -> None:
    run = worked(started(ferri, ferri.anna, SPELLINGS))
    assert (run.state, run.imported) == (RunState.DONE, 4)
    (mario,) = marios()
    assert (mario.first_name, mario.last_name, mario.email) == ("Mario", "Rossi", None)
    assert {lead.owner for lead in Lead.objects.all()} == {mario}
    made = LogEntry.objects.filter(verb=Verb.USERS, actor_id=ferri.anna.pk)
    assert [(entry.count, entry.entrance) for entry in made] == [(1, "job")]


def test_the_next_file_finds_the_person_again_however_written(ferri: Cast) -> None:
    worked(started(ferri, ferri.anna, ONE))
    for text in (ONE, SPELLINGS, "title,owner\nA,Rossi Mario\n"):
        assert worked(started(ferri, ferri.anna, text)).state == RunState.DONE
    assert len(marios()) == 1
    assert Lead.objects.filter(owner=marios()[0]).count() == 7


def test_the_trial_tells_of_one_person_and_of_the_spellings(ferri: Cast) -> None:
    run = checked(ferri, ferri.anna, SPELLINGS)
    needed = needs(
        Forecast.from_dict(run.forecast),
        Names.load(ferri.actor(ferri.anna)),
        Choices(**run.choices),
    )
    (mario,) = needed.people
    assert (mario.name, mario.rows) == ("Mario Rossi", 4)
    assert sorted(mario.spellings) == ["MARIO ROSSI", "Mario Rossi", "Rossi, Mario", "mario rossi"]


def test_unassigned_leads_are_counted_over_all_spellings(ferri: Cast) -> None:
    run = checked(ferri, ferri.ugo, SPELLINGS)
    needed = needs(
        Forecast.from_dict(run.forecast),
        Names.load(ferri.actor(ferri.anna)),
        Choices(**run.choices),
    )
    assert needed.unassigned == {"Mario Rossi": 4}


def test_a_name_that_fits_two_people_sends_the_file_back_to_be_asked(ferri: Cast) -> None:
    person(ferri)
    person(ferri, email="mario@rossi.example")
    for user in (ferri.anna, ferri.ugo):
        run = checked(ferri, user, SPELLINGS)
        assert run.state == RunState.MAPPING
        assert "Mario Rossi" in run.why
    assert len(marios()) == 2
    assert not Lead.with_trashed.exists()


@pytest.mark.parametrize("written", ["Mario Rossi", "rossi, MARIO"])
def test_the_answer_is_who_gets_the_leads(ferri: Cast, written: str) -> None:
    person(ferri)
    second = person(ferri, email="mario@rossi.example")
    run = worked(started(ferri, ferri.anna, SPELLINGS, owners={written: str(second.pk)}))
    assert run.state == RunState.DONE
    assert {lead.owner for lead in Lead.objects.all()} == {second}
    assert len(marios()) == 2


def test_nobody_and_somebody_new_are_answers_too(ferri: Cast) -> None:
    person(ferri)
    person(ferri)
    worked(started(ferri, ferri.anna, ONE, owners={"Mario Rossi": NONE}))
    assert Lead.objects.get().owner is None
    assert len(marios()) == 2
    worked(started(ferri, ferri.anna, ONE, owners={"Mario Rossi": NEW}))
    assert len(marios()) == 3
    assert Lead.objects.latest("pk").owner == marios()[-1]


def test_the_general_answer_for_unknown_names_does_not_decide_between_two(ferri: Cast) -> None:
    person(ferri)
    person(ferri)
    for others in (NEW, NONE):
        assert checked(ferri, ferri.anna, ONE, others=others).state == RunState.MAPPING


def test_of_two_the_one_who_is_still_here_is_meant(ferri: Cast) -> None:
    gone, here = person(ferri), person(ferri)
    with door.sensitive_act(ferri.actor(ferri.anna), Verb.USERS):
        User.objects.filter(pk=gone.pk).update(disabled_at=gone.created_at)
    worked(started(ferri, ferri.anna, ONE))
    assert Lead.objects.get().owner == here


def test_who_came_after_the_trial_makes_it_a_question_again(ferri: Cast) -> None:
    person(ferri)
    run = checked(ferri, ferri.anna, ONE)
    person(ferri)
    with pytest.raises(Invalid, match="Mario Rossi"):
        runs.start(run, ferri.actor(ferri.anna))
    assert ImportRun.objects.get().state == RunState.CHECKED


def test_who_came_after_the_start_stops_it_before_the_first_row(ferri: Cast) -> None:
    person(ferri)
    run = started(ferri, ferri.anna, ONE)
    person(ferri)
    assert worked(run).state == RunState.FAILED
    assert "Mario Rossi" in run.why
    assert not Lead.with_trashed.exists()


def test_many_owners_are_asked_after_the_trial(ferri: Cast) -> None:
    """A column of more values than are listed is known only once the whole file was tried."""
    person(ferri)
    person(ferri)
    rows = "".join(f"L{n},Persona {chr(97 + n % 26)}{n}\n" for n in range(250))
    run = checked(ferri, ferri.anna, "title,owner\n" + rows + "Z,Mario Rossi\n")
    assert run.state == RunState.MAPPING
    assert "Mario Rossi" in run.why
    assert run.forecast["owners"]["Mario Rossi"] == 1


def test_a_file_without_owners_asks_for_nobody(ferri: Cast) -> None:
    person(ferri)
    person(ferri)
    assert worked(started(ferri, ferri.anna, many(3))).state == RunState.DONE
