"""The types of activities: each account's own, ordered, retired but never deleted."""

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
"""Characters of a type's name."""


def offered() -> Sequence[ActivityType]:
    """The types that can be chosen now, in order."""
    return list(ActivityType.objects.filter(retired_at=None))


def first(actor: Actor) -> None:
    """The types that every new account begins with; raises `Refused` to who is no admin."""
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
    """A new type, at the end.

    Raises:
        Refused: the actor is no admin.
        Invalid: the name is empty, too long or taken, or there is no such picture.
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
    """Give a type another name or picture; the comments that have it show them too.

    Raises:
        Refused: the actor is no admin.
        Invalid: the name is empty, too long or taken, or there is no such picture.
    """
    policy.require_admin(actor)
    one.name, one.icon = _read(name), _picture(icon)
    _require_free(one)
    with naming.unless_taken(_taken()):
        one.save(update_fields=["name", "icon"])


def retire(actor: Actor, one: ActivityType, on: bool) -> None:
    """Offer a type no more, or again; raises `Refused` when the actor is no admin."""
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
