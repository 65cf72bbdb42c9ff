"""Operations on client folders. Deleting, restoring and exporting are the door's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from custode.clients import sight
from custode.clients.models import ClientFolder, Contact
from custode.fields import key_fields
from custode.fields import values as fields
from custode.fields.reading import Value
from custode.guard import content_loss, door, emptying, history, reach
from custode.guard.door import Act, Attempt
from custode.guard.kinds import Verb
from custode.guard.models import Change
from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.kernel.errors import Gone, Invalid, Overtaken, Refused, read_all
from custode.kernel.text import is_blank, line, pieces

EDITABLE: Final = frozenset({"name", "description", "owner"})
MOST_CONTACTS: Final = 100
LONGEST: Final = {"name": 120, "role": 120, "email": 254, "phone": 40}
"""The parts of a contact that people write -> the maximum number of characters of each."""
_CORRECTED: Final = 3
"""About so many characters go where a word is put in between."""
WAY: Final = "contact"
"""The name of the act of removing a contact in the log."""


def _any(_folder: ClientFolder) -> None:
    """Accept any folder."""


def create(actor: Actor, name: str, **values: Any) -> ClientFolder:
    """Create a client folder.

    Raises:
        Invalid: the name is empty or too long, or the description is too long.
        Refused: its owner is somebody to whom the actor may not assign folders.
    """
    owner = values.get("owner")
    if owner is not None and owner.pk != actor.user_id:
        sight.require_assign(actor, owner)
    return begin(actor, name, **values)


def begin(
    actor: Actor, name: str, *, own: Mapping[int, Value | None] | None = None, **values: Any
) -> ClientFolder:
    """Create a folder for a lead, with the lead's owner: nothing is assigned to anybody new.

    Args:
        own: values of default fields, by the fields' numbers (`fields.values.put`).

    Raises:
        Invalid: as for `create`.
    """
    folder = ClientFolder(
        account_id=actor.account_id, name=line(name), created_by_id=actor.user_id, **values
    )
    _check(folder)
    with transaction.atomic():
        fields.put(folder, own or {})
        history.create(actor, folder)
        fields.keep_many(folder.kind.name, [folder])
    return folder


def edit(
    actor: Actor,
    folder: ClientFolder,
    *,
    look: Callable[[ClientFolder], None] = _any,
    own: Mapping[int, Value | None] | None = None,
    **values: Any,
) -> history.Changed:
    """Change fields of a folder as it is now, whatever it was when it was read.

    Args:
        look: checks the folder before anything is changed, and may raise.
        own: values of default fields, by the fields' numbers (`fields.values.put`).

    Raises:
        Refused: it belongs to somebody else, or may not be assigned to the named owner.
        Invalid: a value is not valid for its field.
        Gone: it has been moved to the trash in the meantime.
    """
    unknown = values.keys() - EDITABLE
    if unknown:
        raise Invalid(_("This field cannot be edited."), field=unknown.pop())
    with history.editing(actor, folder) as changed:
        require_edit(actor, folder)
        look(folder)
        had = folder.owner_id
        for name, value in values.items():
            setattr(folder, name, line(value) if name == "name" else value)
        key_fields.keep(folder, fields.put(folder, own or {}))
        _check(folder)
        if folder.owner_id != had:
            sight.require_assign(actor, folder.owner)
    return changed


def deactivate(actor: Actor, folder: ClientFolder, on: bool) -> None:
    """Deactivate a folder or reactivate it: nothing new goes into one that is deactivated.

    Raises:
        Refused: it belongs to somebody else.
        Gone: it has been moved to the trash in the meantime.
    """
    with history.editing(actor, folder):
        require_edit(actor, folder)
        if on is folder.is_active:
            folder.deactivated_at = clock.now() if on else None


def add_contact(actor: Actor, folder: ClientFolder, **values: str) -> Contact:
    """Add a contact.

    Raises:
        Refused: the folder belongs to somebody else.
        Invalid: a part is too long or no e-mail address, there is no name, or there are too many.
        Gone: the folder has been moved to the trash in the meantime.
    """
    contact = Contact(account_id=folder.account_id, folder=folder)
    _write(contact, values)
    with transaction.atomic():
        _hold(actor, folder)
        require_room(folder)
        contact.save()
        note_contact(actor, folder, None, contact.written)
    return contact


def require_room(folder: ClientFolder) -> None:
    """Raise `Invalid` when a folder has the maximum number of contacts."""
    if folder.contacts.count() >= MOST_CONTACTS:
        raise Invalid(
            _("A client folder has at most %(n)s contacts.") % {"n": MOST_CONTACTS}, field="name"
        )


def change_contact(actor: Actor, contact: Contact, *, was: str | None, **values: str) -> None:
    """Change a contact.

    Args:
        was: the contact as it was when the user started editing (`Contact.written`); None to skip
            the check.

    Raises:
        Refused: as for `add_contact`; or many were emptied lately, and only admins may delete them.
        Gone: as for `remove_contact`.
        Invalid: as for `add_contact`.
        Overtaken: it was changed in the meantime.
    """
    with emptying.watching(actor):
        _hold(actor, contact.folder)
        try:
            contact.refresh_from_db()
        except Contact.DoesNotExist as error:
            said = _("“%(name)s” has been deleted in the meantime.") % {"name": contact.name}
            raise Gone(said) from error
        old, before = contact.written, contact.parts
        if was is not None and was != old:
            raise Overtaken(
                _("Somebody has changed this while you were editing. Save again to replace it."),
                field="name",
            )
        _write(contact, values)
        contact.save()
        if contact.written != old:
            _note_change(actor, contact, old, before)


def remove_contact(actor: Actor, contact: Contact) -> Act:
    """Remove a contact: equivalent to deleting, under the rule for client folders, and an act.

    Raises:
        Refused: the folder belongs to somebody else, or only admins may delete client folders.
        Gone: the folder is in the trash by now, or the contact was removed already.
    """
    kind = ClientFolder.kind.name
    tried = Attempt(1, {"contact": contact.pk}, [contact.name])
    with door.undoable_act(actor, Verb.DELETE, kind, WAY, tried) as note:
        _hold(actor, contact.folder)
        there = Contact.objects.filter(pk=contact.pk).first()
        if there is None:
            raise Gone(_("Somebody has done this in the meantime."))
        seq = note(
            1,
            labels=[there.name],
            details={"contact": there.pk, "folder": there.folder_id},
            personal={"contact": there.parts, "folder": contact.folder.name},
        )
        there.delete()
        note_contact(actor, contact.folder, there.written, None, seq)
    return Act(1, seq)


def require_edit(actor: Actor, folder: ClientFolder) -> None:
    """Raise `Refused` unless the actor may edit this folder."""
    if not may_edit(actor, folder):
        words = _("This client folder belongs to %(owner)s. Ask them or an admin to change it.")
        raise Refused(words % {"owner": folder.owner})


def may_edit(actor: Actor, folder: ClientFolder) -> bool:
    """Return whether the actor may edit this folder."""
    return reach.edits(actor, folder)


def _hold(actor: Actor, folder: ClientFolder) -> None:
    history.hold(folder)
    require_edit(actor, folder)


def _note_change(actor: Actor, contact: Contact, old: str, before: Mapping[str, str]) -> None:
    """Write one line of history; one for each part, for undo, if it is more than a correction."""
    folder, lines = contact.folder, []
    for part, now in contact.parts.items():
        if now != before[part]:
            key = f"contact:{contact.pk}.{part}"
            lines.append(history.line(actor, folder, key, before[part], now))
    if any(line.emptied or _is_more(line) for line in lines):
        history.write(lines)
        _touch(folder)
    else:
        note_contact(actor, folder, old, contact.written)


def _is_more(line: Change) -> bool:
    old, new = line.old or "", line.new or ""
    # Made much longer first, what it was is known when the rest of it goes.
    is_drowned, lost = 0 < 2 * len(old) <= len(new), (pieces(old) - pieces(new)).total()
    over = content_loss.is_written_over(ClientFolder.kind, line.field, old, new)
    return over or is_drowned or lost > _CORRECTED


def note_contact(
    actor: Actor, folder: ClientFolder, old: str | None, new: str | None, seq: int | None = None
) -> None:
    """Write a line of the folder's history, and update search and lists."""
    history.write([history.line(actor, folder, "contact", old, new, seq)])
    _touch(folder)


def _touch(folder: ClientFolder) -> None:
    folder.updated_at = clock.now()
    folder.save(update_fields=["updated_at", *folder.follows])


def _write(contact: Contact, values: dict[str, str]) -> None:
    read = read_all({name: partial(_part, name, values.get(name, "")) for name in LONGEST})
    for name, text in read.items():
        setattr(contact, name, text)


def _part(name: str, text: str) -> str:
    """Return a part of a contact on one line; raise `Invalid` if it is not valid."""
    found = line(text)
    if len(found) > LONGEST[name]:
        raise Invalid(_("This has at most %(n)s characters.") % {"n": LONGEST[name]}, field=name)
    if name == "name" and not found:
        raise Invalid(_("A contact needs a name."), field="name")
    if name == "email" and found:
        try:
            validate_email(found)
        except ValidationError as error:
            raise Invalid(_("This is not an e-mail address."), field="email") from error
    return found


def checked_name(text: str) -> str:
    """Return a folder's name on one line; raise `Invalid` when it is empty or too long."""
    name = line(text)
    if is_blank(name):
        raise Invalid(_("A client folder needs a name."), field="name")
    if len(name) > 200:
        raise Invalid(_("A name has at most 200 characters."), field="name")
    return name


def checked_description(text: str) -> str:
    """Return a description; raise `Invalid` when it is too long."""
    if len(text) > 50_000:
        raise Invalid(_("A description has at most 50,000 characters."), field="description")
    return text


def _check(folder: ClientFolder) -> None:
    checked_name(folder.name)
    checked_description(folder.description)
