"""Activity types: each account's own, ordered, retired but never deleted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from custode.activities.models import ActivityType, Icon
from custode.guard import naming, policy
from custode.guard.ordering import next_position
from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid

NAMES: Final = naming.Names(
    longest=60,
    empty=gettext_lazy("An activity needs a name."),
    too_long=gettext_lazy("An activity's name has at most 60 characters."),
    taken=gettext_lazy("There is an activity of this name already."),
)


def offered() -> Sequence[ActivityType]:
    """Return the types that can be chosen now, in order."""
    return list(ActivityType.objects.filter(retired_at=None))


def first(actor: Actor) -> None:
    """Create the types of a new account; raise `Refused` when the actor is no admin."""
    policy.require_admin(actor)
    usual = (
        (_("Call"), Icon.PHONE),
        (_("Meeting"), Icon.MEETING),
        (_("Visit"), Icon.VISIT),
        (_("Video call"), Icon.VIDEO),
        (_("Quotation"), Icon.OFFER),
    )
    ActivityType.objects.bulk_create(
        ActivityType(account_id=actor.account_id, name=name, icon=icon, position=n)
        for n, (name, icon) in enumerate(usual, start=1)
    )


def create(actor: Actor, name: str, icon: str) -> ActivityType:
    """Create a type, at the end of the order.

    Raises:
        Refused: the actor is no admin.
        Invalid: the name is empty, too long or taken, or the icon is unknown.
    """
    policy.require_admin(actor)
    made = ActivityType(account_id=actor.account_id, name=NAMES.read(name), icon=_picture(icon))
    with transaction.atomic():
        naming.alone()
        made.position = next_position(ActivityType.objects.all())
        with NAMES.giving(made):
            made.save()
    return made


def change(actor: Actor, one: ActivityType, name: str, icon: str) -> None:
    """Change a type's name or icon; comments that have it show the new ones.

    Raises:
        Refused: the actor is no admin.
        Invalid: the name is empty, too long or taken, or the icon is unknown.
    """
    policy.require_admin(actor)
    one.name, one.icon = NAMES.read(name), _picture(icon)
    with transaction.atomic():
        naming.alone()
        with NAMES.giving(one):
            one.save(update_fields=["name", "icon"])


def retire(actor: Actor, one: ActivityType, on: bool) -> None:
    """Stop offering a type, or offer it again; raise `Refused` when the actor is no admin."""
    policy.require_admin(actor)
    one.retired_at = clock.now() if on else None
    one.save(update_fields=["retired_at"])


def _picture(icon: str) -> str:
    if icon not in Icon.values:
        raise Invalid(_("Choose a picture from the list."), field="icon")
    return icon
