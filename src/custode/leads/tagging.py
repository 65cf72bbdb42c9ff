"""Putting tags on leads, and on what is tagged like them (prospecting lists)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.utils.translation import gettext as _

from custode.guard import history
from custode.guard.owned import Guarded
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid
from custode.kernel.text import fold, line
from custode.leads.models import Tag

TagsOrNames = Iterable[Tag | str]
"""Tags, and names of tags, of which missing ones are created."""
MOST: Final = 100
"""The maximum number of tags on a lead or a list, through whichever entrance they are set."""


def put(actor: Actor, thing: Guarded, through: type[Any], tags: TagsOrNames) -> None:
    """Put tags on something that has none of them yet, and record it in its history.

    Call it in the transaction of the change, so that no tag is created for a change that is
    refused. Tags that are being deleted are left out.

    Args:
        through: the model between it and its tags.

    Raises:
        Invalid: a name is too long, or there are more than `MOST`.
    """
    new = _held(resolved(actor, tags))
    on = {"account_id": thing.account_id, through.part_of: thing}
    through.objects.bulk_create(through(**on, tag=tag) for tag in new)
    history.write(history.line(actor, thing, "tag", None, tag.pk) for tag in new)


def replace(actor: Actor, thing: Guarded, through: type[Any], tags: TagsOrNames) -> None:
    """Set the tags of something, and record in its history which were added and removed.

    Args, Raises: as `put`; also called in the transaction of the change.
    """
    wanted = {tag.pk: tag for tag in resolved(actor, tags)}
    rows = through.objects.filter(**{through.part_of: thing})
    had = set(rows.values_list("tag_id", flat=True))
    gone = had - wanted.keys()
    rows.filter(tag_id__in=gone).delete()
    history.write(history.line(actor, thing, "tag", pk, None) for pk in sorted(gone))
    put(actor, thing, through, [tag for pk, tag in wanted.items() if pk not in had])


def tags_named(actor: Actor, names: Iterable[str]) -> list[Tag]:
    """Return the tags of these names, creating missing ones. A comma separates two names.

    Raises:
        Invalid: a name is too long.
    """
    wanted = _read(names)
    known = {tag.folded: tag for tag in Tag.offered.filter(folded__in=wanted)}
    # In one order, so that two people who create the same ones do not wait for each other.
    for folded, name in sorted(wanted.items()):
        if folded not in known:
            # Somebody else may be creating the same one at this moment.
            new = {"account_id": actor.account_id, "name": name}
            known[folded], _made = Tag.offered.get_or_create(new, folded=folded)
    return [known[folded] for folded in wanted]


def require_few(names: Iterable[str], field: str = "tags") -> None:
    """Raise `Invalid` when a tag's name is too long, or there are more than `MOST`."""
    _require_few(len(_read(names, field)), field)


def resolved(actor: Actor, tags: TagsOrNames) -> list[Tag]:
    """Return some tags, each once, creating the missing ones.

    Raises:
        Invalid: a name is too long, or there are more than `MOST`.
    """
    several = list(tags)
    names = [one for one in several if isinstance(one, str)]
    require_few(names)  # before any is created
    there = [one for one in several if isinstance(one, Tag)]
    found = {tag.pk: tag for tag in [*there, *tags_named(actor, names)]}
    _require_few(len(found))
    return list(found.values())


def _read(names: Iterable[str], field: str = "tags") -> dict[str, str]:
    """Return the names as stored, each once, by their folded form."""
    found: dict[str, str] = {}
    parted = (line(part) for told in names for part in told.split(","))
    for name in filter(None, parted):
        if len(name) > 60:
            raise Invalid(_("A tag has at most 60 characters."), field=field)
        found.setdefault(fold(name), name)
    return found


def _require_few(count: int, field: str = "tags") -> None:
    if count > MOST:
        raise Invalid(_("There is room for %(most)s tags at most.") % {"most": MOST}, field=field)


def _held(tags: Iterable[Tag]) -> list[Tag]:
    """Return the existing ones of these tags, locked against deletion for the transaction."""
    ids = [tag.pk for tag in tags]
    if not ids:
        return []
    rows = Tag.offered.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True)
    found = {tag.pk: tag for tag in rows}
    return [found[pk] for pk in dict.fromkeys(ids) if pk in found]
