"""A new lead like another one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from custode.fields import moves as default_fields
from custode.guard import history
from custode.kernel.actor import Actor
from custode.kernel.errors import Gone
from custode.leads import moves, pipelines, queries
from custode.leads.models import Lead

COPY_OF: Final = "copy_of"
COPIED_TO: Final = "copied_to"
"""What the histories of a lead and of its copy call each other."""


def duplicate(actor: Actor, lead: Lead) -> Lead:
    """A new lead like one that the actor sees: theirs, to do, in the first step of its pipeline.

    It has the title, the description, the default fields, the amount and the tags; what happened to
    the other one, its comments and its reminder it has not. The history of each names the other.

    Raises:
        Gone: the actor does not see the lead, or it has been moved to the trash in the meantime.
    """
    if not queries.visible(actor).filter(pk=lead.pk).exists():
        raise Gone(_("This does not exist."))
    with transaction.atomic():
        history.hold(lead)
        made = moves.create(
            actor,
            title=_copied(lead.title),
            step=pipelines.steps_of(lead.step.pipeline)[0],
            tags=lead.tags.all(),
            owner_id=actor.user_id,
            description=lead.description,
            field_values=_offered(lead.field_values),
            amount_minor=lead.amount_minor,
            currency=lead.currency,
        )
        history.write(
            [
                history.line(actor, made, COPY_OF, None, lead.pk),
                history.line(actor, lead, COPIED_TO, None, made.pk),
            ]
        )
    return made


def _offered(held: Mapping[str, Any]) -> dict[str, Any]:
    """The values of the fields that are in use: the others are nobody's to check by now."""
    keys = {one.key for one in default_fields.offered(Lead.kind.name)}
    return {key: value for key, value in held.items() if key in keys}


def _copied(title: str) -> str:
    """The title of a copy; one that is long is cut, so that what makes it another stays."""
    told = _("%(title)s (copy)")
    return told % {"title": title[: 200 - len(told % {"title": ""})]}
