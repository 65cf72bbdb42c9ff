"""Operations on prospecting lists. Deleting, restoring and exporting are the door's."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from custode.guard import door, emptying, history, reach
from custode.guard.door import (
    Act,
    Attempt,
    ObjectState,
    PreparedUndo,
    UndoHandler,
    UndoStatus,
    UndoTargets,
)
from custode.guard.kinds import Verb
from custode.guard.models import Change, LogEntry
from custode.guard.policy import YES, Decision
from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid, Refused
from custode.kernel.text import line
from custode.leads import sight as lead_sight
from custode.leads import tagging
from custode.leads.tagging import TagsOrNames
from custode.people.models import User
from custode.prospecting import columns, naming, overwriting, sheet, sight
from custode.prospecting.list_locks import held, require_seen, touch
from custode.prospecting.models import ListTag, ProspectingList

SHARED = "shared"
"""The name of the act of sharing a list in the log."""
_SHARED_AT = "shared_at"
_KIND = ProspectingList.kind.name
LONGEST_TITLE = 120
LONGEST_DESCRIPTION = 5_000


def _any(_one: ProspectingList) -> None:
    """Accept any list."""


def create(
    actor: Actor,
    title: str,
    names: Sequence[str],
    rows: Sequence[Sequence[str]] = (),
    *,
    description: str = "",
    tags: TagsOrNames = (),
    owner: User | None = None,
    shared: bool = False,
) -> ProspectingList:
    """Create a list of the actor's with these columns. With many rows it is an act.

    Args:
        rows: the texts of the first rows, in the order of the columns.
        owner: another owner.
        shared: whether everybody in the account sees and edits it.

    Raises:
        Invalid: the title or a column's name is empty or too long, two columns have one name,
            there is no column, or a row is not acceptable (`sheet.write`). Nothing is created.
        Refused: the owner is somebody to whom the actor may not assign lists.
    """
    one = new(actor, title, description)
    wanted = naming.read_new(names)
    if owner is not None and owner.pk != actor.user_id:
        lead_sight.require_assign(actor, owner)
        one.owner = owner
    one.shared_at = clock.now() if shared else None
    with overwriting.beginning(actor, one, len(rows)) as act:
        history.create(actor, one)
        made = [column.pk for column in columns.make(one, wanted)]
        tagging.put(actor, one, ListTag, tags)
        sheet.fill(act, [naming.by_place(made, row) for row in rows])
    return one


def new(actor: Actor, title: str, description: str = "") -> ProspectingList:
    """Return an unsaved list of the actor's; raise `Invalid` as `create` does."""
    one = ProspectingList(
        account_id=actor.account_id,
        title=read_title(title),
        description=read_description(description),
        owner_id=actor.user_id,
        created_by_id=actor.user_id,
    )
    one.derive()
    return one


def describe(actor: Actor, one: ProspectingList, title: str, description: str) -> None:
    """Set a list's title and description.

    Raises:
        Invalid: the title is empty, or one of them is too long.
        Refused: it is somebody else's (`may_change`).
        Gone: the actor may no longer change the list.
    """
    title, description = read_title(title), read_description(description)
    with history.editing(actor, one):
        require_seen(actor, one)
        if (one.title, one.description) != (title, description):
            require_own(actor, one)
        one.title, one.description = title, description


def set_tags(actor: Actor, one: ProspectingList, tags: TagsOrNames) -> None:
    """Set the list's tags; raise `Gone` as `describe` does, `Invalid` for a name too long."""
    with held(actor, one):
        tagging.replace(actor, one, ListTag, tags)


def share(actor: Actor, one: ProspectingList, on: bool) -> None:
    """Let everybody in the account see and edit a list, or no longer: an act with an undo.

    Raises:
        Refused: the actor neither created nor owns the list, and is no admin.
        Gone: the list is no longer visible to the actor.
    """
    with _sharing(actor, one, on):
        pass


@contextmanager
def _sharing(actor: Actor, one: ProspectingList, on: bool) -> Iterator[None]:
    """Share a list, or stop sharing it; other changes in the body succeed or fail with it."""
    tried = Attempt(1, {"shared": on}, [one.title])
    with (
        emptying.around(actor),
        door.undoable_act(actor, Verb.CHANGE, _KIND, SHARED, tried) as note,
        held(actor, one),
    ):
        if not may_share(actor, one):
            raise Refused(
                _("Only whoever made or has this list, or an admin, can share it."),
                because="not_own",
            )
        if bool(one.shared_at) != on:
            _set_shared(actor, one, on, note(1, labels=[one.title], details={"shared": on}))
        yield


def _set_shared(actor: Actor, one: ProspectingList, on: bool, seq: int) -> None:
    before, one.shared_at = one.shared_at, clock.now() if on else None
    one.save(update_fields=["shared_at"])
    history.write([history.line(actor, one, _SHARED_AT, before, one.shared_at, seq)])
    touch(one)


def _list_of(entry: LogEntry) -> QuerySet[ProspectingList]:
    lines = Change.objects.filter(kind=_KIND, seq=entry.seq, field=_SHARED_AT)
    return ProspectingList.with_trashed.filter(pk__in=lines.values("object_id"))


def _look(entry: LogEntry) -> Sequence[ObjectState]:
    """Return the list's state: as the act left it, unless somebody has set it since."""
    one = _list_of(entry).first()
    if one is None:
        return []
    on = bool(json.loads(entry.details)["shared"])
    latest = history.of(one).filter(field=_SHARED_AT).first()
    undo = LogEntry.objects.filter(seq=(latest and latest.seq) or 0, verb=Verb.UNDO)
    if not one.lives:
        stands = UndoStatus.TRASHED
    elif (one.shared_at is not None) is not on:
        stands = UndoStatus.SETTLED
    else:
        by_act = latest is not None and latest.seq == entry.seq
        stands = UndoStatus.AS_LEFT if by_act or undo.exists() else UndoStatus.CHANGED
    last = latest.pk if latest else None
    return [
        ObjectState(one.pk, stands, seen=str(last), last=last, before=_said(not on),
                    after=_said(on), now=_said(on) if stands == UndoStatus.CHANGED else "")
    ]  # fmt: skip


def _said(shared: bool) -> str:
    return _("shared with everybody") if shared else _("not shared")


def _give(actor: Actor, entry: LogEntry, _going: UndoTargets) -> PreparedUndo:
    """Prepare to set sharing back to what it was."""
    one, on = _list_of(entry).get(), bool(json.loads(entry.details)["shared"])
    return PreparedUndo(lambda seq: _set_shared(actor, one, not on, seq), {"shared": on})


def _hold(entry: LogEntry) -> None:
    door.locked(_list_of(entry))


door.register_undo_handler(SHARED, UndoHandler(_look, _give, _hold))


def may_share(actor: Actor, one: ProspectingList) -> bool:
    """Return whether the actor may share the list with everybody, and stop sharing it."""
    mine = actor.user_id is not None and actor.user_id in {one.created_by_id, one.owner_id}
    return actor.is_admin or mine


def archive(actor: Actor, one: ProspectingList, on: bool) -> None:
    """Archive a list, or reactivate it; raise `Refused` and `Gone` as `describe` does."""
    with history.editing(actor, one):
        require_seen(actor, one)
        require_own(actor, one)
        if bool(one.archived_at) != on:
            one.archived_at = clock.now() if on else None


def change(
    actor: Actor,
    one: ProspectingList,
    *,
    title: str | None = None,
    description: str | None = None,
    tags: TagsOrNames | None = None,
    shared: bool | None = None,
    archived: bool | None = None,
    look: Callable[[ProspectingList], None] = _any,
) -> None:
    """Change several properties of a list together, or none; None leaves one unchanged.

    Args:
        look: checks the list as it is now, and may raise; then nothing is changed.

    Raises:
        Invalid, Refused, Gone: as for `describe`, `share` and `archive`.
    """
    shares = shared is not None and bool(one.shared_at) != shared
    # Sharing is an act: the door is outermost, around all other changes.
    with _sharing(actor, one, bool(shared)) if shares else held(actor, one):
        look(one)
        if title is not None or description is not None:
            describe(
                actor, one,
                one.title if title is None else title,
                one.description if description is None else description,
            )  # fmt: skip
        if archived is not None:
            archive(actor, one, archived)
        if tags is not None:
            set_tags(actor, one, tags)


def may_change(actor: Actor, one: ProspectingList) -> Decision:
    """Return whether the actor may rename, archive and assign this list."""
    if reach.meets(one, sight.owned(actor)):
        return YES
    return Decision(
        False, _("Only whoever made or has this list, who manages them, or an admin, can do this.")
    )


def require_own(actor: Actor, one: ProspectingList) -> None:
    """Raise `Refused` unless `may_change` allows it."""
    decision = may_change(actor, one)
    if not decision.ok:
        raise Refused(decision.why, because="not_own")


def may_assign(actor: Actor, one: ProspectingList) -> Decision:
    """Return whether the actor may assign this list, for a screen; the door checks again."""
    own = may_change(actor, one)
    return lead_sight.may_assign(actor) if own.ok else own


def assign(actor: Actor, one: ProspectingList, owner: User | None) -> Act:
    """Assign a list to somebody, as an act that can be undone; the door checks who may."""
    return door.change(actor, [one], "owner", owner)


def read_title(title: str) -> str:
    """Return a list's title as stored; raise `Invalid` when it is empty or too long."""
    title = line(title)
    if not title:
        raise Invalid(_("A list needs a title."), field="title")
    if len(title) > LONGEST_TITLE:
        raise Invalid(_("A list's title has at most 120 characters."), field="title")
    return title


def read_description(text: str) -> str:
    """Return a list's description as stored; raise `Invalid` if it is too long."""
    text = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if len(text) > LONGEST_DESCRIPTION:
        raise Invalid(_("A list's description has at most 5,000 characters."), field="description")
    return text
