"""Every kind of object × verb × role × edition × rule, at the door: the answer and its entry."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from custode.activities import moves as comment_moves
from custode.clients import moves as folder_moves
from custode.guard import door
from custode.guard.door import UndoPart
from custode.guard.models import LogEntry
from custode.guard.owned import Guarded
from custode.kernel import scope
from custode.kernel.errors import Gone, Invalid, Refused
from tests.cast import Cast
from tests.emails.made import an_email
from tests.house.tally import Tally
from tests.postsales.processes import a_task, won
from tests.proof.matrix.kinds import KINDS, VERBS, expected
from tests.proof.matrix.world import (
    EDITIONS,
    ROLES,
    RULES,
    People,
    entries_since,
    gathered,
    last_entry,
    settle,
    taken_back,
)
from tests.prospecting.sheets import a_list, row_of

pytestmark = [pytest.mark.proof, pytest.mark.dealt, pytest.mark.django_db]

SIGNED_IN = ROLES[:-1]


def a_thing(people: People, kind: str) -> Guarded:
    """Something of this kind that is Bruna's."""
    cast, bruna = people.cast, people.actor("owner")
    lead = cast.lead(cast.bruna, "Bruna's")
    if kind == "lead":
        return lead
    if kind in {"prospecting_list", "prospect"}:
        one = a_list(bruna)
        return one if kind == "prospecting_list" else row_of(one, "Verdi 2000")
    if kind == "client_folder":
        return folder_moves.create(bruna, "Bruna's", owner=cast.bruna)
    if kind == "comment":
        return comment_moves.write(bruna, lead, "Bruna's")
    if kind == "email":
        return an_email(cast, lead, who=cast.bruna)
    task = a_task(cast, won(cast, cast.bruna), cast.bruna)
    return task if kind == "task" else task.process


def new_value(people: People, kind: str, role: str) -> Any:
    """What it is changed to, of the account of who tries."""
    cast, stranger = people.cast, role == "other account's admin"
    if kind == "lead":
        return (cast.lodi if stranger else cast.ferri).steps[2]
    return cast.carla if stranger else cast.anna


def prepared(people: People, kind: str, verb: str, role: str) -> Callable[[], Any]:
    """The attempt, on something that is as it must be for it: deleted before, or changed."""
    thing, field = a_thing(people, kind), KINDS[kind].bulk
    rows = type(thing).objects.filter(pk=thing.pk)
    first = "change" if verb == "undo a change" else "delete"
    if expected(kind, first, role, "dream_team", "") == "yes" and verb != "purge":
        before = people.actor(role)
    else:
        before = people.actor("admin")
    if verb == "delete":
        return lambda: door.delete(people.actor(role), rows)
    if verb == "export":
        return lambda: list(door.export(people.actor(role), rows, format="csv").rows())
    if verb in {"restore", "undo a deletion", "undo a part", "purge"}:
        act = door.delete(before, rows)
        return {
            "restore": lambda: door.restore(people.actor(role), act.entry or 0),
            "undo a deletion": lambda: door.undo(people.actor(role), act.seq),
            "undo a part": lambda: door.undo(
                people.actor(role), act.seq, UndoPart(kind, only=frozenset({thing.pk}))
            ),
            "purge": lambda: door.purge(people.actor(role), act.entry or 0, reason="for good"),
        }[verb]
    if verb == "change":
        return lambda: door.change(people.actor(role), rows, field, new_value(people, kind, role))
    seq = door.change(before, rows, field, new_value(people, kind, "admin")).seq if field else 0
    return lambda: door.undo(people.actor(role), seq)


def answer(attempt: Callable[[], Any]) -> str:
    try:
        made = attempt()
    except Refused:
        return "no"
    except Gone:
        return "none"
    except Invalid:
        return "never"
    return "yes" if (made if isinstance(made, list) else made.count) else "none"


def told(kind: str, verb: str, says: str) -> list[str]:
    """What Ferri's log must have of it."""
    if says == "no":
        # Who restores or purges names an entry of the trash: of which kind, the door finds out.
        tried = {
            "restore": "restore", "undo a deletion": "restore", "undo a part": "restore",
            "purge": "purge",
            "undo a change": f"undo {kind}",
        }.get(verb, f"{verb} {kind}")  # fmt: skip
        return [f"refused {tried}"]
    if says == "yes" and verb == "export":
        return [f"export {kind} 0 started", f"export {kind} 1"]
    return [f"{verb.partition(' ')[0]} {kind} 1"] if says == "yes" else []


def cell(
    people: People, kind: str, verb: str, role: str, edition: str, rule: str,
    attempt: Callable[[], Any],
) -> str:  # fmt: skip
    """Try it; "" when answer and entry are as the table says."""
    wanted = expected(kind, verb, role, edition, rule)
    with taken_back():
        before, who = last_entry(), people.user(role)
        says = answer(attempt)
        with scope.account(people.cast.ferri.account.pk):
            entries = entries_since(before, actor=who)
            because = list(
                LogEntry.objects.filter(seq__gt=before, outcome="refused")
                .values_list("details", flat=True)
            )  # fmt: skip
    by_rule = wanted == "no" and expected(kind, verb, role, edition, "") == "yes"
    rule_named = not by_rule or f'"{rule}"' in "".join(because)
    if (says, entries) == (wanted, told(kind, verb, wanted)) and rule_named:
        return ""
    place = " × ".join((kind, verb, role, edition, rule or "no rule"))
    return f"{place}: {wanted} {told(kind, verb, wanted)}, but was {says} {entries} {because}"


@pytest.mark.parametrize("kind", KINDS)
def test_the_door_answers_as_the_table_says(ferri: Cast, kind: str, matrix: Tally) -> None:
    people = gathered(ferri)
    attempts = {
        (verb, role): prepared(people, kind, verb, role) for verb in VERBS for role in SIGNED_IN
    }
    found = []
    for edition in EDITIONS:
        for rule in ("", *RULES):
            with taken_back():
                settle(people, edition, (rule,) if rule else ())
                for (verb, role), attempt in attempts.items():
                    found.append(cell(people, kind, verb, role, edition, rule, attempt))
    wrong = [one for one in found if one]
    matrix.count(len(found), len(wrong))
    assert not wrong, "\n".join(wrong)
