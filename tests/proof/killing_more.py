"""Acts that are killed besides: deletions by another name, undos in part, somebody erased."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from custode.activities import files
from custode.activities import moves as comment_moves
from custode.activities.models import Comment
from custode.clients import moves as folder_moves
from custode.clients.models import Contact
from custode.guard import door
from custode.guard.door import UndoPart
from custode.guard.models import LogEntry
from custode.leads.models import Lead
from custode.people import erasing
from custode.prospecting import columns, outcomes, sheet
from custode.prospecting.models import Outcome, Prospect, ProspectingList
from custode.signin import leaving
from tests.cast import Cast
from tests.prospecting.sheets import add, edit

Prepare = Callable[[Cast], Callable[[], Any]]
"""What an act finds, and the act."""


def undone_in_part(cast: Cast) -> Callable[[], Any]:
    ugo, first = cast.actor(cast.ugo), Lead.objects.earliest("pk").pk
    act = door.change(ugo, Lead.objects.all(), "step", cast.ferri.steps[2])
    return lambda: door.undo(ugo, act.seq, UndoPart("lead", only=frozenset({first})))


def deletion_undone_in_part(cast: Cast) -> Callable[[], Any]:
    ugo, first = cast.actor(cast.ugo), Lead.objects.earliest("pk").pk
    act = door.delete(ugo, Lead.objects.all())
    return lambda: door.undo(ugo, act.seq, UndoPart("lead", only=frozenset({first})))


def person_erased(cast: Cast) -> Callable[[], Any]:
    leaving.disable(cast.actor(cast.anna), cast.ugo)
    cast.ugo.refresh_from_db()
    return lambda: erasing.erase(cast.actor(cast.anna), cast.ugo, reason="asked for")


def comment_cut(cast: Cast) -> Callable[[], Any]:
    one = Comment.objects.get(excerpt__startswith="Called")
    gone = {file.pk for file in files.of(one)}
    return lambda: comment_moves.edit(cast.actor(cast.ugo), one, "x", None, was=None, without=gone)


def contact_out(cast: Cast) -> Callable[[], Any]:
    contact = Contact.objects.get()
    return lambda: folder_moves.remove_contact(cast.actor(cast.ugo), contact)


def column_out(cast: Cast) -> Callable[[], Any]:
    column = columns.of(ProspectingList.objects.get())[1]
    return lambda: columns.take_out(cast.actor(cast.ugo), column)


def many_rows(cast: Cast) -> tuple[ProspectingList, list[Prospect]]:
    one = ProspectingList.objects.get()
    add(cast.actor(cast.ugo), one, [(f"Firm {n}", "Torino", "") for n in range(11)])
    return one, list(Prospect.objects.filter(in_list=one, name__startswith="Firm"))


def cells_written_over(cast: Cast) -> Callable[[], Any]:
    one, rows = many_rows(cast)
    edits = [edit(one, row.name, "City", "Asti") for row in rows]
    return lambda: sheet.write(cast.actor(cast.ugo), one, edits)


def cells_back(cast: Cast) -> Callable[[], Any]:
    cells_written_over(cast)()
    return undone_of_latest(cast, "change")


def undone_of_latest(cast: Cast, verb: str) -> Callable[[], Any]:
    seq = LogEntry.objects.filter(verb=verb).latest("seq").seq
    return lambda: door.undo(cast.actor(cast.ugo), seq)


def prospects_marked(cast: Cast) -> Callable[[], Any]:
    one, rows = many_rows(cast)
    ids = [row.pk for row in rows]
    return lambda: outcomes.mark(cast.actor(cast.ugo), one, ids, Outcome.NOT_INTERESTED)


def back(prepare: Prepare) -> Prepare:
    """The undo of what another of these does."""

    def prepared(cast: Cast) -> Callable[[], Any]:
        prepare(cast)()
        return undone_of_latest(cast, "delete")

    return prepared


MORE: dict[str, Prepare] = {
    "undo in part": undone_in_part,
    "undo of a deletion in part": deletion_undone_in_part,
    "somebody erased from the log": person_erased,
    "a comment cut": comment_cut,
    "undo of a comment cut": back(comment_cut),
    "a contact out": contact_out,
    "undo of a contact out": back(contact_out),
    "a column out": column_out,
    "undo of a column out": back(column_out),
    "cells written over": cells_written_over,
    "undo of cells": cells_back,
    "prospects marked": prospects_marked,
}
