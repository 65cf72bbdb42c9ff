"""Duplicating a lead."""

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
"""The field in the histories of a lead and of its copy that names the other."""


def duplicate(actor: Actor, lead: Lead) -> Lead:
    """Create a copy of a lead that the actor sees: theirs, to do, in its pipeline's first step.

    It has the same title, description, default fields, amount and tags, but not the other's
    history, comments and reminder. The history of each names the other.

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
    """Return the values of the fields in use: those of other fields can no longer be checked."""
    keys = {one.key for one in default_fields.offered(Lead.kind.name)}
    return {key: value for key, value in held.items() if key in keys}


def _copied(title: str) -> str:
    """Return the title of a copy; a long one is cut so that its distinguishing suffix fits."""
    told = _("%(title)s (copy)")
    return told % {"title": title[: 200 - len(told % {"title": ""})]}
