"""A refusal's entry tells what was tried, on how many, and why it was refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from custode.accounts import moves as account_moves
from custode.accounts import sharing
from custode.accounts.sharing import Sharing
from custode.exchange import exporting
from custode.exchange.orders import Order
from custode.guard import door
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry, LogPerson
from custode.kernel.errors import Refused
from custode.leads import tagging
from custode.leads.models import Lead
from custode.people import moves as people_moves
from tests.cast import Cast

ADMINS = {"rule": "", "because": "admins"}


def refused(act: Callable[[], object]) -> tuple[int, dict[str, Any], list[str]]:
    """The count, the facts and the names in the entry of an act that is refused."""
    with pytest.raises(Refused):
        act()
    entry = LogEntry.objects.filter(outcome="refused").latest("seq")
    person = json.loads(LogPerson.objects.get(seq=entry.seq).data)
    assert person["why"]
    return entry.count, json.loads(entry.details), person["labels"]


@pytest.fixture
def leads(ferri: Cast) -> list[Lead]:
    """Two leads of Ugo's and three of Bruna's."""
    owners = [ferri.ugo] * 2 + [ferri.bruna] * 3
    return [ferri.lead(owner, f"Lead {n}") for n, owner in enumerate(owners)]


def test_how_many_belong_to_others(ferri: Cast, leads: list[Lead]) -> None:
    ugo, others = ferri.actor(ferri.ugo), {"rule": "", "because": "others", "others": 3}
    every = Lead.objects.all()
    assert refused(lambda: door.delete(ugo, leads)) == (
        5, others, ["Lead 0", "Lead 1", "Lead 2", "Lead 3", "Lead 4"],
    )  # fmt: skip
    assert refused(lambda: door.change(ugo, every, "owner", None)) == (
        5, {**others, "tried": {"field": "owner"}}, [f"Lead {n}" for n in range(5)],
    )  # fmt: skip
    assert Lead.objects.count() == 5


@pytest.mark.parametrize(
    ("first", "last", "deleting", "changing"),
    [
        (0, 5, "not delete 3 of these 5 leads: they", "not change 3 of these 5 leads: they"),
        (1, 3, "not delete 1 of these 2 leads: it", "not change 1 of these 2 leads: it"),
        (2, 3, "see this but not delete it: it", "see this but not change it: it"),
    ],
)
def test_the_sentence_says_what_was_not_done(
    ferri: Cast, leads: list[Lead], first: int, last: int, deleting: str, changing: str
) -> None:
    ugo, some = ferri.actor(ferri.ugo), leads[first:last]
    with pytest.raises(Refused, match=f"{deleting} belong"):
        door.delete(ugo, some)
    with pytest.raises(Refused, match=f"{changing} belong"):
        door.change(ugo, some, "owner", None)


def test_how_many_of_a_query_a_rule_keeps(ferri: Cast, leads: list[Lead]) -> None:
    anna, ugo = ferri.actor(ferri.anna), ferri.actor(ferri.ugo)
    for verb in (Verb.DELETE, Verb.EXPORT):
        account_moves.set_privacy(anna, verb, "lead", True)
    every = Lead.objects.order_by("title")[:4]
    assert refused(lambda: door.delete(ugo, every)) == (
        4, {"rule": "delete:lead"}, [f"Lead {n}" for n in range(4)],
    )  # fmt: skip
    assert refused(lambda: door.export(ugo, every, format="csv")) == (
        4, {"rule": "export:lead", "tried": {"format": "csv"}}, [],
    )  # fmt: skip


@pytest.mark.parametrize("way", ["stream", "file_for"])
def test_how_many_somebody_wanted_to_export(ferri: Cast, leads: list[Lead], way: str) -> None:
    account_moves.set_privacy(ferri.actor(ferri.anna), Verb.EXPORT, "lead", True)
    order = Order(format="xlsx", query=f"owner={ferri.bruna.pk}")
    assert refused(lambda: getattr(exporting, way)(ferri.ugo, ferri.actor(ferri.ugo), order)) == (
        3, {"rule": "export:lead", "tried": {"format": "xlsx"}}, [],
    )  # fmt: skip


def test_labels_on_leads_of_others(ferri: Cast, leads: list[Lead]) -> None:
    tags = tagging.tags_named(ferri.actor(ferri.anna), ["Hot"])
    count, told, _names = refused(
        lambda: door.change_labels(ferri.actor(ferri.ugo), leads[1:], "tag", add=tags)
    )
    assert (count, told["others"]) == (4, 3)


def test_whom_somebody_wanted_to_make_what(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    assert refused(lambda: people_moves.set_role(ugo, ferri.ugo, "admin")) == (
        1, {**ADMINS, "tried": {"role": {"from": "user", "to": "admin"}}}, ["Ugo Conti"],
    )  # fmt: skip


def test_which_rule_somebody_wanted_to_lift(ferri: Cast) -> None:
    account_moves.set_privacy(ferri.actor(ferri.anna), Verb.DELETE, "lead", True)
    assert refused(
        lambda: account_moves.set_privacy(ferri.actor(ferri.ugo), Verb.DELETE, "lead", False)
    ) == (1, {**ADMINS, "tried": {"rule": "delete:lead", "on": False}}, [])


def test_whose_act_somebody_wanted_to_reverse(ferri: Cast, leads: list[Lead]) -> None:
    anna, ugo = ferri.actor(ferri.anna), ferri.actor(ferri.ugo)
    not_own = {"rule": "", "because": "not_own"}
    changed = door.change(anna, leads, "owner", None)
    assert refused(lambda: door.undo(ugo, changed.seq)) == (
        5, {**not_own, "tried": {"undo": changed.seq}}, [],
    )  # fmt: skip
    deleted = door.delete(anna, leads)
    assert deleted.entry is not None
    entry = deleted.entry
    tried, names = {"tried": {"of": "lead"}}, [f"Lead {n}" for n in range(5)]
    assert refused(lambda: door.restore(ugo, entry)) == (5, {**not_own, **tried}, names)
    assert refused(lambda: door.purge(ugo, entry, reason="x")) == (5, {**ADMINS, **tried}, names)


def test_a_refusal_names_nothing_that_the_refused_does_not_see(ferri: Cast) -> None:
    """What Ugo asks to delete holds Bruna's lead, too; neither he nor his refusal knows that."""
    anna = ferri.actor(ferri.anna)
    sharing.change(anna, Sharing("admins", False, "managers", "everybody"))
    account_moves.set_privacy(anna, Verb.DELETE, "lead", True)
    ferri.ugo.account.refresh_from_db()
    ferri.lead(ferri.ugo, "His")
    ferri.lead(ferri.bruna, "Hers")
    every = Lead.objects.all()
    count, _told, names = refused(lambda: door.delete(ferri.actor(ferri.ugo), every))
    assert (count, names) == (1, ["His"])
