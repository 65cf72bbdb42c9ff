"""What may happen to client folders. Deleting, restoring and exporting are the door's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from custode.clients import sight
from custode.clients.models import ClientFolder, Contact
from custode.fields import keys
from custode.fields import values as fields
from custode.fields.reading import Value
from custode.guard import door, emptying, history, remains
from custode.guard.door import Act, Tried
from custode.guard.kinds import Verb
from custode.guard.models import Change
from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.kernel.errors import Gone, Invalid, Refused
from custode.kernel.text import is_blank, line

EDITABLE: Final = frozenset({"name", "description", "owner"})
MOST_CONTACTS: Final = 100
LONGEST: Final = {"name": 120, "role": 120, "email": 254, "phone": 40}
"""The parts of a contact that people write -> how many characters each has at most."""
WAY: Final = "contact"
"""What the log calls the act of taking one out."""


def _any(_folder: ClientFolder) -> None:
    """Any folder will do."""


def create(actor: Actor, name: str, **values: Any) -> ClientFolder:
    """A new client folder.

    Raises:
        Invalid: the name is empty or too long, or the description is too long.
        Refused: it is for somebody to whom the actor may not assign folders.
    """
    owner = values.get("owner")
    if owner is not None and owner.pk != actor.user_id:
        sight.require_assign(actor, owner)
    return begin(actor, name, **values)


def begin(
    actor: Actor, name: str, *, own: Mapping[int, Value | None] | None = None, **values: Any
) -> ClientFolder:
    """A new folder for a lead, whose owner has it too: nothing is given to anybody.

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
        look: looks at the folder before anything is changed, and may raise.
        own: values of default fields, by the fields' numbers (`fields.values.put`).

    Raises:
        Refused: it belongs to somebody else, or may not be assigned to whom is named.
        Invalid: a value does not fit its field.
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
        keys.keep(folder, fields.put(folder, own or {}))
        _check(folder)
        if folder.owner_id != had:
            sight.require_assign(actor, folder.owner)
    return changed


def deactivate(actor: Actor, folder: ClientFolder, on: bool) -> None:
    """Put a folder aside, or back in use: nothing new goes into one that is deactivated.

    Raises:
        Refused: it belongs to somebody else.
        Gone: it has been moved to the trash in the meantime.
    """
    with history.editing(actor, folder):
        require_edit(actor, folder)
        if on is folder.is_active:
            folder.deactivated_at = clock.now() if on else None


def add_contact(actor: Actor, folder: ClientFolder, **values: str) -> Contact:
    """Somebody new whom one speaks to there.

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
    """Raise `Invalid` when nobody more goes into a folder."""
    if folder.contacts.count() >= MOST_CONTACTS:
        raise Invalid(
            _("A client folder has at most %(n)s contacts.") % {"n": MOST_CONTACTS}, field="name"
        )


def change_contact(actor: Actor, contact: Contact, *, was: str | None, **values: str) -> None:
    """Correct a contact.

    Args:
        was: how the contact read when the person began to write (`Contact.written`); None asks
            nothing.

    Raises:
        Refused: as for `add_contact`; or many were emptied lately, and only admins may delete them.
        Gone: as for `add_contact`.
        Invalid: as for `add_contact`; or it was changed meanwhile.
    """
    with emptying.watching(actor):
        _hold(actor, contact.folder)
        contact.refresh_from_db()
        old, before = contact.written, contact.parts
        if was is not None and was != old:
            raise Invalid(
                _("Somebody has changed this while you were editing. Save again to replace it."),
                field="name",
            )
        _write(contact, values)
        contact.save()
        if contact.written != old:
            _note_change(actor, contact, old, before)


def remove_contact(actor: Actor, contact: Contact) -> Act:
    """Take a contact out: deleting by another name, by the rule for client folders, and an act.

    Raises:
        Refused: the folder belongs to somebody else, or only admins may delete client folders.
        Gone: the folder has been moved to the trash in the meantime, or the contact was taken out.
    """
    kind = ClientFolder.kind.name
    tried = Tried(1, {"contact": contact.pk}, [contact.name])
    with door.noting(actor, Verb.DELETE, kind, WAY, tried) as note:
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
        raise Refused(
            _("This client folder belongs to %(owner)s. Ask them or an admin to change it.")
            % {"owner": folder.owner}
        )


def may_edit(actor: Actor, folder: ClientFolder) -> bool:
    """Whether the actor may edit this folder: asked of the database, in the one place's words."""
    condition = sight.edits(actor)
    return not condition or ClientFolder.with_trashed.filter(condition, pk=folder.pk).exists()


def _hold(actor: Actor, folder: ClientFolder) -> None:
    history.hold(folder)
    require_edit(actor, folder)


def _note_change(
    actor: Actor, contact: Contact, old: str, before: Mapping[str, str]
) -> None:  # fmt: skip
    """One line for a correction; of parts emptied or written over one for each: its way back."""
    folder, lines = contact.folder, []
    for part, now in contact.parts.items():
        if now != before[part]:
            key = f"contact:{contact.pk}.{part}"
            lines.append(history.line(actor, folder, key, before[part], now))
    if any(line.emptied or _is_over(line) for line in lines):
        history.write(lines)
        _touch(folder)
    else:
        note_contact(actor, folder, old, contact.written)


def _is_over(line: Change) -> bool:
    return remains.is_written_over(ClientFolder.kind, line.field, line.old, line.new)


def note_contact(
    actor: Actor, folder: ClientFolder, old: str | None, new: str | None, seq: int | None = None
) -> None:
    """Write a line of the folder's history, and let search and lists know."""
    history.write([history.line(actor, folder, "contact", old, new, seq)])
    _touch(folder)


def _touch(folder: ClientFolder) -> None:
    folder.updated_at = clock.now()
    folder.save(update_fields=["updated_at", *folder.follows])


def _write(contact: Contact, values: dict[str, str]) -> None:
    for name, most in LONGEST.items():
        text = line(values.get(name, ""))
        if len(text) > most:
            raise Invalid(_("This has at most %(n)s characters.") % {"n": most}, field=name)
        setattr(contact, name, text)
    if not contact.name:
        raise Invalid(_("A contact needs a name."), field="name")
    if contact.email:
        try:
            validate_email(contact.email)
        except ValidationError as error:
            raise Invalid(_("This is not an e-mail address."), field="email") from error


def checked_name(text: str) -> str:
    """A folder's name in one line; raises `Invalid` when it is empty or too long."""
    name = line(text)
    if is_blank(name):
        raise Invalid(_("A client folder needs a name."), field="name")
    if len(name) > 200:
        raise Invalid(_("A name has at most 200 characters."), field="name")
    return name


def checked_description(text: str) -> str:
    """A description; raises `Invalid` when it is too long."""
    if len(text) > 50_000:
        raise Invalid(_("A description has at most 50,000 characters."), field="description")
    return text


def _check(folder: ClientFolder) -> None:
    checked_name(folder.name)
    checked_description(folder.description)
