"""Operations on tags and their categories. Only admins perform them.

Anybody creates a tag by giving it to a lead (`tagging.tags_named`). Deleting one, and merging one
into another, is the door's: it concerns all leads that have it, including those in the trash.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from custode.guard import door, naming, policy
from custode.guard.door import Act
from custode.guard.ordering import next_position, put_in_order
from custode.kernel.actor import Actor
from custode.kernel.errors import Gone, Invalid
from custode.leads.models import Lead, Tag, TagCategory

TAGS: Final = naming.Names(
    longest=60,
    too_long=gettext_lazy("A name has at most 60 characters."),
    taken=gettext_lazy("There is a tag “%(name)s” already. You can merge the two."),
    barred=",",
    has_barred=gettext_lazy("A tag's name cannot have a comma: commas separate tags."),
)
CATEGORIES: Final = naming.Names(
    longest=60,
    too_long=gettext_lazy("A name has at most 60 characters."),
    taken=gettext_lazy("There is a category of this name already."),
)


def create(actor: Actor, name: str, category: TagCategory | None = None) -> Tag:
    """Create a tag.

    Raises:
        Refused: the actor is no admin.
        Invalid: the name is empty, too long, taken, or has a comma; or the category was removed
            in the meantime.
    """
    policy.require_admin(actor)
    tag = Tag(account_id=actor.account_id, name=TAGS.read(name), category=category)
    with transaction.atomic():
        naming.alone()
        _require_category(category)
        with TAGS.giving(tag):
            tag.save()
    return tag


def change(actor: Actor, tag: Tag, name: str, category: TagCategory | None) -> None:
    """Change a tag's name or category; all leads that have it show the new ones.

    Raises:
        Refused: the actor is no admin.
        Invalid: the name is empty, too long, taken, or has a comma; or the category was removed
            in the meantime.
        Gone: it has been deleted in the meantime.
    """
    policy.require_admin(actor)
    name = TAGS.read(name)
    with transaction.atomic():
        naming.alone()
        tag.refresh_from_db()
        if tag.retired_at is not None:
            raise _gone(tag)
        _require_category(category)
        tag.name, tag.category = name, category
        with TAGS.giving(tag):
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
        naming.alone()
        made = TagCategory(
            account_id=actor.account_id,
            name=CATEGORIES.read(name),
            position=next_position(TagCategory.objects.all()),
        )
        with CATEGORIES.giving(made):
            made.save()
    return made


def rename_category(actor: Actor, one: TagCategory, name: str) -> None:
    """Rename a category.

    Raises:
        Refused: the actor is no admin.
        Invalid: the name is empty, too long or taken.
        Gone: it has been removed in the meantime.
    """
    policy.require_admin(actor)
    name = CATEGORIES.read(name)
    with transaction.atomic():
        naming.alone()
        if not TagCategory.objects.filter(pk=one.pk).exists():
            raise _gone(one)
        one.name = name
        with CATEGORIES.giving(one):
            one.save(update_fields=["name"])


def order_categories(actor: Actor, ids: Sequence[int]) -> None:
    """Set the order of the categories.

    Raises:
        Refused: the actor is no admin.
        Invalid: these are not exactly the present categories.
    """
    policy.require_admin(actor)
    with transaction.atomic():
        naming.alone()
        put_in_order(TagCategory.objects.all(), ids)


def dissolve_category(actor: Actor, one: TagCategory) -> None:
    """Remove a category but not its tags; raise `Refused` when the actor is no admin."""
    policy.require_admin(actor)
    with transaction.atomic():
        naming.alone()
        one.delete()


def _require_category(category: TagCategory | None) -> None:
    """Raise `Invalid` for a category that has been removed since it was chosen."""
    if category is not None and not TagCategory.objects.filter(pk=category.pk).exists():
        raise Invalid(_("Choose a category from the list."), field="category")


def _gone(one: Tag | TagCategory) -> Gone:
    return Gone(_("“%(name)s” has been deleted in the meantime.") % {"name": one})
