"""What somebody gave away and no longer sees comes back only as long as nobody works on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from custode.accounts import sharing
from custode.accounts.sharing import Sharing
from custode.activities import moves as comments
from custode.clients import moves as folders
from custode.guard import door
from custode.guard.door import Act
from custode.guard.models import Change
from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.kernel.errors import Refused
from custode.leads.models import Lead
from custode.postsales import moves as post_sales
from custode.prospecting import moves as lists
from custode.prospecting import sheet
from tests.cast import Cast
from tests.prospecting.sheets import a_list, add, edit, row_of

THINGS: dict[str, Callable[[Cast, Actor], Any]] = {
    "lead": lambda cast, ugo: cast.lead(cast.ugo, status="won"),
    "folder": lambda cast, ugo: folders.create(ugo, "Rossi S.r.l.", owner=cast.ugo),
    "list": lambda cast, ugo: a_list(ugo),
}


def say(actor: Actor, thing: Any) -> None:
    comments.write(actor, thing, "Their price floor is 45,000")


def say_of_before(actor: Actor, thing: Any) -> None:
    comments.write(actor, thing, "As I said", created_at=clock.now().replace(year=2020))


def add_a_row(actor: Actor, thing: Any) -> None:
    add(actor, thing, [("Gallo S.p.A.", "Bari", "")])


def write_in_a_row(actor: Actor, thing: Any) -> None:
    sheet.write(actor, thing, edits=[edit(thing, "Rossi S.r.l.", "City", "Genova")])


def say_of_a_row(actor: Actor, thing: Any) -> None:
    say(actor, row_of(thing, "Rossi S.r.l."))


def begin_a_process(actor: Actor, thing: Any) -> None:
    post_sales.start(actor, thing, title="Delivery")


WORK = [
    ("lead", say), ("lead", say_of_before), ("lead", begin_a_process), ("folder", say),
    ("list", say), ("list", add_a_row), ("list", write_in_a_row), ("list", say_of_a_row),
]  # fmt: skip


@pytest.fixture
def ugo(ferri: Cast) -> Actor:
    """Ugo, of an account whose users see only what is their own."""
    sharing.change(ferri.actor(ferri.anna), Sharing("admins", False, "managers", "everybody"))
    return ferri.actor(ferri.ugo)


def give(cast: Cast, ugo: Actor, thing: Any) -> Act:
    if thing.kind.name == "prospecting_list":
        return lists.assign(ugo, thing, cast.bruna)
    return door.change(ugo, [thing], "owner", cast.bruna)


def owner_of(thing: Any) -> str:
    return str(type(thing).objects.get(pk=thing.pk).owner.first_name)


@pytest.mark.parametrize(("kind", "work"), WORK)
def test_what_the_new_owner_has_worked_on_stays_theirs(ferri: Cast, ugo, kind, work) -> None:
    thing = THINGS[kind](ferri, ugo)
    act = give(ferri, ugo, thing)
    work(ferri.actor(ferri.bruna), thing)
    with pytest.raises(Refused):
        door.undo(ugo, act.seq)
    assert owner_of(thing) == "Bruna"
    assert door.undo(ferri.actor(ferri.anna), act.seq).count == 1
    assert owner_of(thing) == "Ugo"


@pytest.mark.parametrize("kind", THINGS)
def test_what_nobody_has_worked_on_comes_back(ferri: Cast, ugo, kind) -> None:
    thing = THINGS[kind](ferri, ugo)
    say(ugo, thing)
    assert door.undo(ugo, give(ferri, ugo, thing).seq).count == 1
    assert owner_of(thing) == "Ugo"


def test_the_rest_comes_back_and_is_counted(ferri: Cast, ugo) -> None:
    first, second = ferri.lead(ferri.ugo, "First"), ferri.lead(ferri.ugo, "Second")
    act = door.change(ugo, Lead.objects.all(), "owner", ferri.bruna)
    say(ferri.actor(ferri.bruna), first)
    done = door.undo(ugo, act.seq)
    assert (done.count, done.stayed) == (1, 1)
    assert (owner_of(first), owner_of(second)) == ("Bruna", "Ugo")
    assert not Change.objects.filter(seq=done.seq, object_id=first.pk).exists()


def test_what_one_sees_all_the_same_comes_back_with_what_hangs_on_it(ferri: Cast) -> None:
    lead, ugo = ferri.lead(ferri.ugo), ferri.actor(ferri.ugo)
    act = door.change(ugo, [lead], "owner", ferri.bruna)
    say(ferri.actor(ferri.bruna), lead)
    assert door.undo(ugo, act.seq).count == 1
