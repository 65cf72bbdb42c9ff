"""Operations on tags and their categories. Only admins perform them.

Anybody creates a tag by giving it to a lead (`tagging.tags_named`). Deleting one, and merging one
into another, is the door's: it concerns all leads that have it, including those in the trash.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from custode.accounts.models import Account
from custode.guard import door, policy
from custode.guard.door import Act
from custode.guard.ordering import put_in_order
from custode.kernel.actor import Actor
from custode.kernel.errors import Gone, Invalid
from custode.kernel.text import fold, line
from custode.leads.models import Lead, Tag, TagCategory

LONGEST: Final = 60
"""The maximum number of characters of a name."""


def create(actor: Actor, name: str, category: TagCategory | None = None) -> Tag:
    """Create a tag.

    Raises:
        Refused: the actor is no admin.
        Invalid: the name is empty, too long, taken, or has a comma.
    """
    policy.require_admin(actor)
    tag = Tag(account_id=actor.account_id, name=_read(name), category=category)
    if "," in tag.name:
        raise _no_comma()
    with transaction.atomic():
        _alone(actor)
        _require_free(tag)
        tag.save()
    return tag


def change(actor: Actor, tag: Tag, name: str, category: TagCategory | None) -> None:
    """Change a tag's name or category; all leads that have it show the new ones.

    Raises:
        Refused: the actor is no admin.
        Invalid: the name is empty, too long, taken, or has a comma.
        Gone: it has been deleted in the meantime.
    """
    policy.require_admin(actor)
    name = _read(name)
    if "," in name:
        raise _no_comma()
    with transaction.atomic():
        _alone(actor)
        tag.refresh_from_db()
        if tag.retired_at is not None:
            raise Gone(_("“%(name)s” has been deleted in the meantime.") % {"name": tag})
        tag.name, tag.category = name, category
        _require_free(tag)
        tag.save(update_fields=["name", "folded", "category"])


def delete(actor: Actor, tag: Tag, into: Tag | None = None) -> Act:
    """Take a tag off all leads, including those in the trash, and stop offering it.

    Args:
        into: the tag that these leads get in its place, which merges the two.

    Raises:
        Refused: the actor is no admin.
        Invalid: `into` does not exist, or is the tag itself.
        Gone: it has been deleted in the meantime.
    """
    return door.retire(actor, Lead.kind.name, "tag", [tag], into)


def create_category(actor: Actor, name: str) -> TagCategory:
    """Create a category, at the end of the order.

    Raises:
        Refused: the actor is no admin.
        Invalid: the name is empty, too long or taken.
    """
    policy.require_admin(actor)
    with transaction.atomic():
        _alone(actor)
        last = TagCategory.objects.aggregate(last=Max("position"))["last"]
        made = TagCategory(
            account_id=actor.account_id, name=_read(name), position=0 if last is None else last + 1
        )
        _require_own_name(made)
        made.save()
    return made


def rename_category(actor: Actor, one: TagCategory, name: str) -> None:
    """Rename a category.

    Raises:
        Refused: the actor is no admin.
        Invalid: the name is empty, too long or taken.
    """
    policy.require_admin(actor)
    with transaction.atomic():
        _alone(actor)
        one.name = _read(name)
        _require_own_name(one)
        one.save(update_fields=["name"])


def order_categories(actor: Actor, ids: Sequence[int]) -> None:
    """Set the order of the categories.

    Raises:
        Refused: the actor is no admin.
        Invalid: these are not exactly the present categories.
    """
    policy.require_admin(actor)
    with transaction.atomic():
        _alone(actor)
        put_in_order(TagCategory.objects.all(), ids)


def dissolve_category(actor: Actor, one: TagCategory) -> None:
    """Remove a category but not its tags; raise `Refused` when the actor is no admin."""
    policy.require_admin(actor)
    one.delete()


def _alone(actor: Actor) -> None:
    """Serialise admins who name things at the same time."""
    Account.objects.select_for_update(no_key=True).get(pk=actor.account_id)


def _read(name: str) -> str:
    name = line(name)
    if not name:
        raise Invalid(_("It needs a name."), field="name")
    if len(name) > LONGEST:
        raise Invalid(_("A name has at most 60 characters."), field="name")
    return name


def _no_comma() -> Invalid:
    return Invalid(_("A tag's name cannot have a comma: commas separate tags."), field="name")


def _require_free(tag: Tag) -> None:
    if Tag.offered.filter(folded=fold(tag.name)).exclude(pk=tag.pk or 0).exists():
        raise Invalid(
            _("There is a tag “%(name)s” already. You can merge the two.") % {"name": tag.name},
            field="name",
        )


def _require_own_name(one: TagCategory) -> None:
    if TagCategory.objects.filter(name__iexact=one.name).exclude(pk=one.pk or 0).exists():
        raise Invalid(_("There is a category of this name already."), field="name")
