"""Random days at Ferri's: anybody tries anything, in any order, and the door answers as it should.

What each may do is written here by hand, in a few lines, from the seed's sentences: a book is kept
of what everybody should have, and after every act the database is compared with the book.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custode.accounts import moves as account_moves
from custode.guard import door, log
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry, TrashEntry
from custode.kernel.actor import Actor, Entrance
from custode.kernel.errors import CustodeError, Refused
from custode.leads import moves as lead_moves
from custode.leads.models import Lead
from tests.cast import Cast
from tests.proof.fuzzing import examples, forgotten

pytestmark = [pytest.mark.proof, pytest.mark.django_db]

ADMINS = {"anna"}
PEOPLE = ["anna", "ugo", "bruna"]
WHOSE = ["anna", "ugo", "bruna", ""]
LEADS = len(WHOSE)

numbers = st.integers(0, LEADS - 1)
some = st.lists(numbers, min_size=1, max_size=LEADS, unique=True)
acts = st.one_of(
    st.tuples(st.just("delete"), some),
    st.tuples(st.just("export"), some),
    st.tuples(st.just("hand over"), st.tuples(some, st.sampled_from(WHOSE))),
    st.tuples(st.just("rename"), numbers),
    st.tuples(st.just("restore"), st.integers(0, 5)),
    st.tuples(st.just("purge"), st.integers(0, 5)),
    st.tuples(st.just("undo"), st.integers(0, 5)),
    st.tuples(st.just("tick"), st.tuples(st.sampled_from(["delete", "export"]), st.booleans())),
)
days = st.lists(st.tuples(st.sampled_from(PEOPLE), acts), min_size=4, max_size=20)
entrances = st.sampled_from([Entrance.WEB, Entrance.API, Entrance.CONSOLE])


@dataclass
class Book:
    """What should be: kept by hand, beside the database."""

    owner: dict[int, str]
    lies: dict[int, int] = field(default_factory=dict)
    """Which lead lies in the trash, under which deletion."""
    gone: set[int] = field(default_factory=set)
    deletions: list[tuple[str, list[int]]] = field(default_factory=list)
    """Who deleted what, and where the entry is; in order."""
    entries: list[tuple[int, int]] = field(default_factory=list)
    """Each deletion's entry in the trash and number in the log."""
    ticked: set[str] = field(default_factory=set)
    refusals: int = 0

    def living(self, chosen: list[int]) -> list[int]:
        return [one for one in chosen if one not in self.lies and one not in self.gone]

    def stopped(self, who: str, rule: str) -> bool:
        """Whether a ticked rule stops somebody: everybody but admins."""
        return rule in self.ticked and who not in ADMINS

    def edits(self, who: str, chosen: list[int]) -> bool:
        """Whether all of these are somebody's to edit: their own, nobody's, an admin's any."""
        return who in ADMINS or all(self.owner[one] in (who, "") for one in self.living(chosen))

    def brings_back(self, who: str, deletion: int) -> bool:
        """Whether somebody may restore it: who deleted it, while they may delete; admins."""
        return who in ADMINS or (
            self.deletions[deletion][0] == who and not self.stopped(who, "delete")
        )


class Day:
    """One day: everybody's attempts, and the book beside them."""

    def __init__(self, cast: Cast, entrance: Entrance) -> None:
        self.cast, self.entrance = cast, entrance
        leads = [cast.lead(getattr(cast, who) if who else None, f"Of {who}") for who in WHOSE]
        self.pks = [lead.pk for lead in leads]
        self.book = Book(dict(enumerate(WHOSE)))

    def actor(self, who: str) -> Actor:
        return self.cast.actor(getattr(self.cast, who), self.entrance)

    def rows(self, chosen: list[int]) -> Any:
        return Lead.with_trashed.filter(pk__in=[self.pks[one] for one in chosen])

    def answered(self, attempt: Callable[[], Any], *, allowed: bool) -> Any:
        """The attempt's result; that it was refused exactly where the book says so."""
        try:
            done = attempt()
        except Refused:
            assert not allowed, "refused, though allowed"
            self.book.refusals += 1
            return None
        except CustodeError:
            return None
        assert allowed, "a road round a rule"
        return done

    def delete(self, who: str, chosen: list[int]) -> None:
        book, living = self.book, self.book.living(chosen)
        allowed = not book.stopped(who, "delete") and book.edits(who, chosen)
        act = self.answered(
            lambda: door.delete(self.actor(who), self.rows(chosen)), allowed=allowed
        )
        if act and act.entry:
            for one in living:
                book.lies[one] = len(book.entries)
            book.deletions.append((who, living))
            book.entries.append((act.entry.pk, act.seq))

    def export(self, who: str, chosen: list[int]) -> None:
        allowed = not self.book.stopped(who, "export")
        rows = self.answered(
            lambda: list(door.export(self.actor(who), self.rows(chosen), format="csv").rows()),
            allowed=allowed,
        )
        if rows is not None:
            assert len(rows) == len(self.book.living(chosen))

    def hand_over(self, who: str, what: tuple[list[int], str]) -> None:
        chosen, to = what
        owner = getattr(self.cast, to) if to else None
        act = self.answered(
            lambda: door.change(self.actor(who), self.rows(chosen), "owner", owner),
            allowed=self.book.edits(who, chosen),
        )
        if act is not None:
            self.book.owner |= dict.fromkeys(self.book.living(chosen), to)

    def rename(self, who: str, one: int) -> None:
        lead = Lead.with_trashed.filter(pk=self.pks[one]).first()
        if lead is None or one in self.book.lies:
            return
        allowed = self.book.edits(who, [one])
        try:
            lead_moves.edit(self.actor(who), lead, title=f"By {who}")
        except Refused:
            assert not allowed, "refused, though allowed"
        else:
            assert allowed, "a road round a rule"

    def restore(self, who: str, at: int) -> None:
        self._bring_back(who, at, lambda entry, _seq: door.restore(self.actor(who), entry))

    def undo(self, who: str, at: int) -> None:
        self._bring_back(who, at, lambda _entry, seq: door.undo(self.actor(who), seq))

    def _bring_back(self, who: str, at: int, way: Callable[[int, int], Any]) -> None:
        book = self.book
        if at >= len(book.entries):
            return
        lying = [one for one, deletion in book.lies.items() if deletion == at]
        allowed = not lying or book.brings_back(who, at)
        if self.answered(lambda: way(*book.entries[at]), allowed=allowed):
            assert lying, "restored twice"
            for one in lying:
                del book.lies[one]

    def purge(self, who: str, at: int) -> None:
        book = self.book
        if at >= len(book.entries):
            return
        lying = [one for one, deletion in book.lies.items() if deletion == at]
        act = self.answered(
            lambda: door.purge(self.actor(who), book.entries[at][0], reason="a random day"),
            allowed=who in ADMINS,
        )
        if act:
            assert lying, "purged twice"
            for one in lying:
                del book.lies[one]
                book.gone.add(one)

    def tick(self, who: str, what: tuple[str, bool]) -> None:
        rule, on = what
        as_it_is = (rule in self.book.ticked) == on
        changed = self.answered(
            lambda: account_moves.set_privacy(self.actor(who), Verb(rule), "lead", on),
            allowed=who in ADMINS or as_it_is,
        )
        if changed:
            (self.book.ticked.add if on else self.book.ticked.discard)(rule)

    def compare(self) -> None:
        """The database and the book agree, on every lead."""
        found = {
            pk: (owner, trash)
            for pk, owner, trash in Lead.with_trashed.values_list("pk", "owner_id", "trash_id")
        }
        expected = {}
        for one, whose in self.book.owner.items():
            if one not in self.book.gone:
                lies = self.book.lies.get(one)
                expected[self.pks[one]] = (
                    getattr(self.cast, whose).pk if whose else None,
                    None if lies is None else self.book.entries[lies][0],
                )
        assert found == expected


def test_roads_round_a_rule_in_random_days_are_none(ferri: Cast) -> None:
    tried = dict.fromkeys(["acts", "refusals"], 0)

    @examples(600)
    @given(days, entrances)
    def a_day(day: list[tuple[str, tuple[str, Any]]], entrance: Entrance) -> None:
        with forgotten():
            told = Day(ferri, entrance)
            for who, (verb, what) in day:
                getattr(told, verb.replace(" ", "_"))(who, what)
                told.compare()
            assert list(log.verify(ferri.ferri.account.pk)) == []
            assert TrashEntry.objects.filter(state="trashed").count() == len(
                set(told.book.lies.values())
            )
            logged = LogEntry.objects.filter(outcome="refused")
            assert logged.exists() == bool(told.book.refusals)
            tried["acts"] += len(day)
            tried["refusals"] += told.book.refusals

    a_day()
    assert tried["refusals"] > tried["acts"] / 10, "too few are refused to prove anything"
    print(f"fuzz of the door: {tried['acts']} acts, {tried['refusals']} refused, 0 roads round")
