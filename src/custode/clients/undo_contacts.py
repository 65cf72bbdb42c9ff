"""Undo for contacts: removed ones are added again, emptied parts are restored."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from custode.clients import moves
from custode.clients.models import ClientFolder, Contact
from custode.guard import door
from custode.guard.door import (
    ObjectState,
    PreparedUndo,
    UndoHandler,
    UndoStatus,
    UndoTargets,
    VirtualField,
)
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry, LogPerson, Outcome
from custode.kernel.actor import Actor


def _contact(folder: ClientFolder, key: str) -> tuple[QuerySet[Contact], str]:
    """Return the contact and the part that a key like "12.phone" means; none if it was removed."""
    pk, _dot, part = key.partition(".")
    return Contact.objects.filter(folder=folder, pk=int(pk)), part


def _read(folder: ClientFolder, key: str) -> str | None:
    found, part = _contact(folder, key)
    return found.values_list(part, flat=True).first()


def _write(folder: ClientFolder, key: str, text: str | None) -> None:
    found, part = _contact(folder, key)
    for contact in found:
        setattr(contact, part, text or "")
        contact.save()


def _label(key: str) -> str:
    field: Any = Contact._meta.get_field(key.partition(".")[2])
    return str(field.verbose_name)


def _look(entry: LogEntry) -> Sequence[ObjectState]:
    """Return the state of the folder that lost a contact."""
    folder = _folders(entry).first()
    parts = _parts(entry)
    if folder is None or not parts:
        return []
    undone = LogEntry.objects.filter(about=entry.seq, verb=Verb.UNDO, outcome=Outcome.DONE)
    stands = UndoStatus.SETTLED if undone.exists() else UndoStatus.AS_LEFT
    if not folder.lives:
        stands = UndoStatus.TRASHED
    return [ObjectState(folder.pk, stands, after=f"− {parts.get('name') or '?'}")]


def _folders(entry: LogEntry) -> QuerySet[ClientFolder]:
    return ClientFolder.with_trashed.filter(pk=json.loads(entry.details)["folder"])


def _parts(entry: LogEntry) -> Mapping[str, str]:
    """Return the contact's former parts; empty once the entry's personal data was erased."""
    person = LogPerson.objects.filter(seq=entry.seq).first()
    return json.loads(person.data).get("contact") or {} if person is not None else {}


def _give(actor: Actor, entry: LogEntry, _going: UndoTargets) -> PreparedUndo:
    """Prepare to add a removed contact again, as it was."""
    folder, parts = _folders(entry).get(), _parts(entry)
    moves.require_room(folder)

    def do(seq: int) -> None:
        """Add the contact again."""
        contact = Contact(account_id=folder.account_id, folder=folder, **parts)
        contact.save()
        moves.note_contact(actor, folder, None, contact.written, seq)

    return PreparedUndo(do, {"contact": True})


def _hold_folder(entry: LogEntry) -> None:
    door.locked(_folders(entry))


door.register_undo_handler(moves.WAY, UndoHandler(_look, _give, _hold_folder))


door.register_virtual_fields("contact", VirtualField(_read, _write, _label))
