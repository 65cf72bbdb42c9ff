"""Activity types: each account's own, ordered, retired but never deleted."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Max
from django.utils.translation import gettext as _

from custode.activities.models import ActivityType, Icon
from custode.guard import naming, policy
from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid
from custode.kernel.text import line

LONGEST = 60
"""The maximum number of characters of a type's name."""


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
    last = ActivityType.objects.aggregate(last=Max("position"))["last"] or 0
    made = ActivityType(
        account_id=actor.account_id, name=_read(name), icon=_picture(icon), position=last + 1
    )
    _require_free(made)
    with naming.unless_taken(_taken()):
        made.save()
    return made


def change(actor: Actor, one: ActivityType, name: str, icon: str) -> None:
    """Change a type's name or icon; comments that have it show the new ones.

    Raises:
        Refused: the actor is no admin.
        Invalid: the name is empty, too long or taken, or the icon is unknown.
    """
    policy.require_admin(actor)
    one.name, one.icon = _read(name), _picture(icon)
    _require_free(one)
    with naming.unless_taken(_taken()):
        one.save(update_fields=["name", "icon"])


def retire(actor: Actor, one: ActivityType, on: bool) -> None:
    """Stop offering a type, or offer it again; raise `Refused` when the actor is no admin."""
    policy.require_admin(actor)
    one.retired_at = clock.now() if on else None
    one.save(update_fields=["retired_at"])


def _read(name: str) -> str:
    name = line(name)
    if not name:
        raise Invalid(_("An activity needs a name."), field="name")
    if len(name) > LONGEST:
        raise Invalid(_("An activity's name has at most 60 characters."), field="name")
    return name


def _picture(icon: str) -> str:
    if icon not in Icon.values:
        raise Invalid(_("Choose a picture from the list."), field="icon")
    return icon


def _require_free(one: ActivityType) -> None:
    same = ActivityType.objects.filter(name__iexact=one.name).exclude(pk=one.pk or 0)
    if same.exists():
        raise _taken()


def _taken() -> Invalid:
    return Invalid(_("There is an activity of this name already."), field="name")
