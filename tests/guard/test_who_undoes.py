"""Who may undo whose act, whole or in part: a table written by hand, not computed from the policy.

Who did something may undo it as long as the rules let them; admins undo anything. Undoing an import
deletes, undoing a deletion restores what one must be allowed to delete; what an admin retired only
admins take back.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from custode.accounts import moves as account_moves
from custode.guard import door
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry
from custode.kernel.errors import Refused
from custode.leads import tagging
from custode.leads.models import Lead
from tests.cast import Cast
from tests.isolation import everything_of


def deleted(cast: Cast) -> int:
    return door.delete(cast.actor(cast.ugo), Lead.objects.all()).seq


def moved(cast: Cast) -> int:
    return door.change(cast.actor(cast.ugo), Lead.objects.all(), "step", cast.ferri.steps[1]).seq


def assigned(cast: Cast) -> int:
    return door.change(cast.actor(cast.ugo), Lead.objects.all(), "owner", cast.bruna).seq


def tagged(cast: Cast) -> int:
    ugo = cast.actor(cast.ugo)
    return door.change_labels(
        ugo, Lead.objects.all(), "tag", add=tagging.tags_named(ugo, ["Hot"])
    ).seq


def moved_back(cast: Cast) -> int:
    return door.undo(cast.actor(cast.ugo), moved(cast)).seq


def imported(cast: Cast) -> int:
    ugo = cast.actor(cast.ugo)
    entry = door.begin_import(ugo, "lead", details={}, labels=["leads.csv"])
    with door.import_chunk(ugo, entry):
        leads = [Lead(title=f"Row {n}", step=cast.ferri.steps[0], owner=cast.ugo) for n in range(2)]
        for lead in leads:
            lead.derive()
        door.save_imported(entry, list(leads))
    return door.finish_import(ugo, entry, details={}).seq


def import_undone(cast: Cast) -> int:
    return door.undo(cast.actor(cast.ugo), imported(cast)).seq


def retired(cast: Cast) -> int:
    steps = cast.ferri.steps
    return door.retire(cast.actor(cast.anna), "lead", "step", steps[:1], steps[1]).seq


# the act (Ugo's own, but for the last) -> may Anna, Ugo, Bruna undo it; under which verb the no is
# logged
TABLE = {
    deleted: ("yes", "yes", "no", Verb.RESTORE),
    moved: ("yes", "yes", "no", Verb.UNDO),
    assigned: ("yes", "yes", "no", Verb.UNDO),
    tagged: ("yes", "yes", "no", Verb.UNDO),
    moved_back: ("yes", "yes", "no", Verb.UNDO),
    imported: ("yes", "yes", "no", Verb.DELETE),
    import_undone: ("yes", "yes", "no", Verb.RESTORE),
    retired: ("yes", "no", "no", Verb.UNDO),
}
# The same, when only admins may delete leads.
RULED = TABLE | {
    deleted: ("yes", "no", "no", Verb.RESTORE),
    imported: ("yes", "no", "no", Verb.DELETE),
    import_undone: ("yes", "no", "no", Verb.RESTORE),
}
PEOPLE = ("anna", "ugo", "bruna")
CASES = [
    (act, ruled, who, answers[place], answers[3])
    for ruled, table in ((False, TABLE), (True, RULED))
    for act, answers in table.items()
    for place, who in enumerate(PEOPLE)
]


@pytest.mark.parametrize("in_part", [False, True])
@pytest.mark.parametrize(("act", "ruled", "who", "expected", "verb"), CASES)
def test_an_act_is_undone_by_whom_the_table_names(
    ferri: Cast, act: Callable[[Cast], int], ruled: bool, who: str, expected: str, verb: Verb,
    in_part: bool,
) -> None:  # fmt: skip
    first = ferri.lead(ferri.ugo, "First")
    ferri.lead(ferri.ugo, "Second")
    seq = act(ferri)
    if ruled:
        account_moves.set_privacy(ferri.actor(ferri.anna), Verb.DELETE, "lead", True)
    one = Lead.with_trashed.filter(title="Row 0").first() or first
    part = door.UndoPart(only=frozenset({one.pk})) if in_part else door.WHOLE_ACT
    actor, before = ferri.actor(getattr(ferri, who)), all_but_the_log(ferri)
    if expected == "yes":
        done = door.undo(actor, seq, part)
        assert (done.count, done.stayed) == (1 if in_part else 2, 0)
        assert LogEntry.objects.get(seq=done.seq).about == seq
        return
    with pytest.raises(Refused):
        door.undo(actor, seq, part)
    refusal = LogEntry.objects.latest("seq")
    assert (refusal.verb, refusal.outcome, refusal.actor_id) == (verb, "refused", actor.id)
    assert all_but_the_log(ferri) == before


def all_but_the_log(cast: Cast) -> dict[str, object]:
    """What Ferri has."""
    log = {"guard.LogEntry", "guard.LogPerson", "guard.LogHead", "guard.RefusalWindow"}
    found = everything_of(cast.ferri.account)
    return {name: rows for name, rows in found.items() if name not in log}
