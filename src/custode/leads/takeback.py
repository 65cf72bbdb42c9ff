"""Taking back one's own latest change of a lead's status, step and reminder."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext as _

from custode.guard import history
from custode.guard.models import Change
from custode.kernel.actor import Actor
from custode.kernel.errors import Gone, Invalid
from custode.leads import moves, queries
from custode.leads.models import Lead, Step

FIELDS: Final = frozenset({"status", "step", "remind_date", "remind_time", "closed_at"})


def offered(actor: Actor, lead: Lead) -> int:
    """Return the number by which the actor's latest edit can be taken back; 0 for none."""
    lines = history.last_edit(lead)
    if not lines or not _are_of(actor, lines) or not {line.field for line in lines} <= FIELDS:
        return 0
    return int(lines[0].pk)


def lead_of(actor: Actor, number: int) -> Lead | None:
    """Return the lead of such an edit of the actor's, if they still see it."""
    line = Change.objects.filter(pk=number, kind=Lead.kind.name, seq=None).first()
    if line is None or not _are_of(actor, [line]):
        return None
    return queries.visible(actor).filter(pk=line.object_id).first()


def take_back(actor: Actor, lead: Lead, number: int) -> None:
    """Restore a lead's values from before the actor's edit with this number.

    Raises:
        Gone: the step that it was in has been deleted since.
        Invalid: the lead has been edited again since, by anybody.
        Refused: the lead belongs to somebody else.
    """
    step = None

    def look(now: Lead) -> None:
        """Raise `Invalid` when the lead has been edited again."""
        if offered(actor, now) != number:
            raise Invalid(
                _("“%(lead)s” has been changed in the meantime. This is how it stands now.")
                % {"lead": now.title}
            )

    values: dict[str, Any] = {}
    for line in history.last_edit(lead):
        if line.field == "step":
            step = Step.offered.filter(pk=int(line.old or 0)).first()
            if step is None:
                raise Gone(_("The step in which it stood is not there any more."))
            values["step"] = step
        elif line.field in FIELDS:
            field: Any = Lead._meta.get_field(line.field)
            values[line.field] = field.to_python(line.old)
    moves.edit(actor, lead, look=look, **values)


def _are_of(actor: Actor, lines: list[Change]) -> bool:
    return all((line.actor_kind, line.actor_id) == (actor.kind.value, actor.id) for line in lines)
