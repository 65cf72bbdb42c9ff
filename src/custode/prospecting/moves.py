"""What may happen to a prospecting list. Deleting, restoring and exporting are the door's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from custode.guard import door, history
from custode.guard.door import Act
from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid, Refused
from custode.kernel.text import is_blank
from custode.leads.models import Tag
from custode.people.models import User
from custode.prospecting import columns
from custode.prospecting.holding import held, require_seen
from custode.prospecting.models import ListTag, ProspectingList

LONGEST_TITLE = 120
LONGEST_DESCRIPTION = 5_000


def create(
    actor: Actor,
    title: str,
    names: Sequence[str],
    *,
    description: str = "",
    tags: Iterable[Tag] = (),
) -> ProspectingList:
    """A new list of the actor's own, with columns of these names.

    Raises:
        Invalid: the title or a column's name is empty or too long, two columns have one name, or
            there is no column.
    """
    one = new(actor, title, description)
    wanted = columns.read_all(names)
    if not wanted:
        raise Invalid(_("A list needs at least one column."), field="columns")
    with transaction.atomic():
        history.create(actor, one)
        columns.make(one, wanted)
        _put_tags(actor, one, list(tags))
    return one


def new(actor: Actor, title: str, description: str = "") -> ProspectingList:
    """A list of the actor's own, not yet saved; raises `Invalid` as `create` does."""
    one = ProspectingList(
        account_id=actor.account_id,
        title=read_title(title),
        description=_description(description),
        owner_id=actor.user_id,
        created_by_id=actor.user_id,
    )
    one.derive()
    return one


def describe(actor: Actor, one: ProspectingList, title: str, description: str) -> None:
    """Give a list another title and description.

    Raises:
        Invalid: the title is empty, or one of them is too long.
        Gone: the list is not the actor's to change any more.
    """
    title, description = read_title(title), _description(description)
    with history.editing(actor, one):
        require_seen(actor, one)
        one.title, one.description = title, description


def set_tags(actor: Actor, one: ProspectingList, tags: Iterable[Tag]) -> None:
    """Make these the list's tags; raises `Gone` as `describe` does."""
    wanted = {tag.pk: tag for tag in tags}
    with held(actor, one):
        had = set(ListTag.objects.filter(in_list=one).values_list("tag_id", flat=True))
        gone = had - wanted.keys()
        ListTag.objects.filter(in_list=one, tag_id__in=gone).delete()
        history.write(history.line(actor, one, "tag", pk, None) for pk in sorted(gone))
        _put_tags(actor, one, [tag for pk, tag in wanted.items() if pk not in had])


def share(actor: Actor, one: ProspectingList, on: bool) -> None:
    """Let everybody of the account see and edit a list, or no longer.

    Raises:
        Refused: the actor neither made the list nor has it, and is no admin.
        Gone: the list is not the actor's to see any more.
    """
    with history.editing(actor, one):
        require_seen(actor, one)
        if not may_share(actor, one):
            raise Refused(_("Only whoever made or has this list, or an admin, can share it."))
        if bool(one.shared_at) != on:
            one.shared_at = clock.now() if on else None


def may_share(actor: Actor, one: ProspectingList) -> bool:
    """Whether the actor may share the list with everybody, and take that back."""
    mine = actor.user_id is not None and actor.user_id in {one.created_by_id, one.owner_id}
    return actor.is_admin or mine


def archive(actor: Actor, one: ProspectingList, on: bool) -> None:
    """Put a list aside, or take it out again; raises `Gone` as `describe` does."""
    with history.editing(actor, one):
        require_seen(actor, one)
        if bool(one.archived_at) != on:
            one.archived_at = clock.now() if on else None


def assign(actor: Actor, one: ProspectingList, owner: User | None) -> Act:
    """Give a list to somebody, as an act that can be undone; the door asks who may."""
    return door.change(actor, [one], "owner", owner)


def _put_tags(actor: Actor, one: ProspectingList, new: list[Tag]) -> None:
    ListTag.objects.bulk_create(
        [ListTag(account_id=one.account_id, in_list=one, tag=tag) for tag in new]
    )
    history.write(history.line(actor, one, "tag", None, tag.pk) for tag in new)


def read_title(title: str) -> str:
    """A list's title, as it is kept; raises `Invalid` when it is empty or too long."""
    title = " ".join(title.replace("\x00", "").split())
    if is_blank(title):
        raise Invalid(_("A list needs a title."), field="title")
    if len(title) > LONGEST_TITLE:
        raise Invalid(_("A list's title has at most 120 characters."), field="title")
    return title


def _description(text: str) -> str:
    text = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if len(text) > LONGEST_DESCRIPTION:
        raise Invalid(_("A list's description has at most 5,000 characters."), field="description")
    return text
