"""The process is killed at every statement of every act: afterwards the act is whole or absent.

Each act runs in a child process that kills itself (SIGKILL) right before its nth statement, or
right before or after it commits, for every n until it comes through. What an act finds is a lead
with all that hangs on it, a prospecting list, and a client folder.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from custode.activities import moves as comment_moves
from custode.activities.files import Incoming
from custode.activities.models import Attachment, Comment, EmailFile, Version
from custode.clients import moves as folder_moves
from custode.clients.models import ClientFolder, Contact
from custode.guard import door, kinds, log
from custode.guard.models import Change, LogEntry, LogPerson, TrashEntry
from custode.kernel.actor import Actor
from custode.leads.models import Lead, LeadTag
from custode.leads.tagging import tags_named
from custode.prospecting.models import ListColumn, Prospect, ProspectingList
from tests.cast import Cast
from tests.emails.made import an_email
from tests.house.tally import Tally
from tests.postsales.processes import a_task, won
from tests.proof.killing import KILLED, MOST, comes_through
from tests.proof.killing_more import MORE, Prepare
from tests.prospecting.sheets import a_list

pytestmark = [pytest.mark.proof, pytest.mark.django_db(transaction=True)]


def state() -> tuple[Any, ...]:
    """All that an act may change, in a form that can be compared."""
    return (
        [
            (model.kind.name, *row)
            for model in kinds.all_models()
            for row in model.with_trashed.order_by("pk").values_list("pk", "trash_id")
        ],
        sorted(Lead.with_trashed.values_list("pk", "step_id", "owner_id", "client_folder_id")),
        sorted(LeadTag.objects.values_list("lead_id", "tag_id")),
        [sorted(model.objects.values_list("pk", flat=True)) for model in (Attachment, EmailFile)],
        list(TrashEntry.objects.order_by("pk").values_list("pk", "count", "state")),
        list(LogEntry.objects.order_by("seq").values_list("seq", "verb", "outcome", "count")),
        list(LogPerson.objects.order_by("seq").values_list("seq", flat=True)),
        sorted(Change.objects.values_list("pk", "seq")),
        sorted(Comment.with_trashed.values_list("pk", "text")),
        sorted(Attachment.objects.values_list("pk", "taken_in_id")),
        Version.objects.count(),
        sorted(Contact.objects.values_list("folder_id", "name")),
        sorted(ListColumn.objects.values_list("pk", "retired_at")),
        [
            (row.pk, row.outcome, sorted(row.cells.items()))
            for row in Prospect.with_trashed.order_by("pk")
        ],
    )


def restored(cast: Cast) -> Callable[[], Any]:
    entry = door.delete(cast.actor(cast.ugo), Lead.objects.all()).entry
    return lambda: door.restore(cast.actor(cast.ugo), entry or 0)


def restored_in_part(cast: Cast) -> Callable[[], Any]:
    first = Lead.objects.earliest("pk").pk
    entry = door.delete(cast.actor(cast.ugo), Lead.objects.all()).entry
    return lambda: door.restore(cast.actor(cast.ugo), entry or 0, only=[first])


def purged(cast: Cast) -> Callable[[], Any]:
    entry = door.delete(cast.actor(cast.ugo), Lead.objects.all()).entry
    return lambda: door.purge(cast.actor(cast.anna), entry or 0, reason="for good")


def list_purged(cast: Cast) -> Callable[[], Any]:
    entry = door.delete(cast.actor(cast.ugo), ProspectingList.objects.all()).entry
    return lambda: door.purge(cast.actor(cast.anna), entry or 0, reason="for good")


def folder_purged(cast: Cast) -> Callable[[], Any]:
    entry = door.delete(cast.actor(cast.ugo), ClientFolder.objects.all()).entry
    return lambda: door.purge(cast.actor(cast.anna), entry or 0, reason="for good")


def undone(cast: Cast) -> Callable[[], Any]:
    act = door.change(cast.actor(cast.ugo), Lead.objects.all(), "step", cast.ferri.steps[2])
    return lambda: door.undo(cast.actor(cast.ugo), act.seq)


def labelled(cast: Cast) -> Callable[[], Any]:
    hot, cold = tags_named(cast.actor(cast.ugo), ["Hot", "Cold"])
    return lambda: door.change_labels(
        cast.actor(cast.ugo), Lead.objects.all(), "tag", add=[cold], remove=[hot]
    )


def import_finished(cast: Cast) -> Callable[[], Any]:
    ugo = cast.actor(cast.ugo)
    entry = door.begin_import(ugo, "lead", details={}, labels=["leads.csv"])
    with door.import_chunk(ugo, entry):
        lead = Lead(title="Arriving", step=cast.ferri.steps[0])
        lead.derive()
        door.save_imported(entry, [lead])
    return lambda: door.finish_import(ugo, entry, details={})


def import_undone(cast: Cast) -> Callable[[], Any]:
    import_finished(cast)()
    seq = LogEntry.objects.filter(verb="import", outcome="done").latest("seq").seq
    return lambda: door.undo(cast.actor(cast.ugo), seq)


def import_abandoned(cast: Cast) -> Callable[[], Any]:
    ugo = cast.actor(cast.ugo)
    entry = door.begin_import(ugo, "lead", details={}, labels=["leads.csv"])
    system = Actor.system(ugo.account_id, "imports")
    return lambda: door.purge(system, entry, reason="withdrawn")


ACTS: dict[str, Prepare] = {
    "delete": lambda cast: lambda: door.delete(cast.actor(cast.ugo), Lead.objects.all()),
    "delete a list": lambda cast: (
        lambda: door.delete(cast.actor(cast.ugo), ProspectingList.objects.all())
    ),
    "restore": restored,
    "restore in part": restored_in_part,
    "purge": purged,
    "purge a list": list_purged,
    "purge a folder": folder_purged,
    "bulk change": lambda cast: (
        lambda: door.change(cast.actor(cast.ugo), Lead.objects.all(), "step", cast.ferri.steps[1])
    ),
    "undo of it": undone,
    "bulk tags": labelled,
    "end of an import": import_finished,
    "undo of an import": import_undone,
    "abandoned import": import_abandoned,
    **MORE,
}


def furnished(cast: Cast) -> None:
    """Leads of Ugo's with everything that can hang on one, a list of his, and a folder."""
    ugo, tags = cast.actor(cast.ugo), tags_named(cast.actor(cast.ugo), ["Hot"])
    folder = folder_moves.create(ugo, "Client", owner=cast.ugo)
    for i in range(3):
        cast.lead(cast.ugo, f"Lead {i}", tags=tags, client_folder=folder)
    lead = won(cast, title="Sold")
    a_task(cast, lead, cast.ugo)
    an_email(cast, lead, [Incoming("offer.txt", 1, [b"x"])])
    said = "Called; they ask for a second offer by the end of the month."
    comment_moves.write(ugo, lead, said, None, [Incoming("note.txt", 1, [b"x"])])
    folder_moves.add_contact(ugo, folder, name="Ada")
    a_list(ugo)


@pytest.mark.parametrize("prepare", ACTS.values(), ids=ACTS.keys())
def test_a_killed_act_is_whole_or_absent(
    transactional_db: None, ferri: Cast, tmp_path: Path, settings: Any, kills: Tally,
    prepare: Prepare,
) -> None:  # fmt: skip
    settings.DATA = settings.MEDIA_ROOT = tmp_path
    furnished(ferri)
    act = prepare(ferri)
    before = state()
    account = ferri.ferri.account.pk
    states: list[tuple[Any, ...]] = []
    for at in range(1, MOST):
        through = comes_through(account, act, at, tmp_path)
        states.append(state())
        assert list(log.verify(account)) == []
        if through or states[-1] != before:
            break
    after = states[-1]
    halves = sum(one not in (before, after) for one in states)
    kills.count(len(states), halves)
    assert after != before
    assert not halves
    # Killed after its commit, it was whole; before that, absent, so it could be tried again.
    assert len(states) > 5


def test_a_killed_stream_leaves_its_beginning_in_the_log(
    transactional_db: None, ferri: Cast, kills: Tally
) -> None:
    ferri.lead(ferri.ugo)
    ugo = ferri.actor(ferri.ugo)

    def leave() -> None:
        rows = door.export(ugo, Lead.objects.all(), format="csv").rows()
        next(rows)
        os.kill(os.getpid(), KILLED)

    assert not comes_through(ferri.ferri.account.pk, leave, at=MOST)
    told = list(LogEntry.objects.filter(verb="export").values_list("outcome", "count"))
    kills.count(1, int(told != [("started", 0)]))
    assert told == [("started", 0)]
