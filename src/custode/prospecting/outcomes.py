"""The outcomes of prospects: not interested, left to qualify again, or a lead."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from custode.accounts.models import Account
from custode.fields import moves as default_fields
from custode.fields import values as fields
from custode.guard import door, history
from custode.guard.door import Attempt, WriteEntry
from custode.guard.gathering import Limits
from custode.guard.kinds import Verb
from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.kernel.errors import Gone, Invalid
from custode.leads import moves as lead_moves
from custode.leads.models import Lead, Origin, Step
from custode.people.models import User
from custode.prospecting import columns
from custode.prospecting.list_locks import held, touch
from custode.prospecting.models import (
    ListColumn,
    ListTag,
    Outcome,
    Prospect,
    ProspectingList,
)

MOST = 100
"""The maximum number of prospects turned into leads at once."""
WAY = "outcome"
"""The name of the act of marking many in the log."""
KIND = Prospect.kind.name


def mark(
    actor: Actor, one: ProspectingList, ids: Sequence[int], outcome: Outcome
) -> list[Prospect]:
    """Mark prospects of a list as not interested, or as left to qualify again.

    Those that have become leads are left as they are, unless their lead has been deleted. More at
    once than the account calls many are an act that can be undone.

    Returns:
        Those that changed.

    Raises:
        Gone: the actor may no longer change the list.
    """
    if len(ids) <= Limits.of(actor).many:
        with held(actor, one):
            return _mark(actor, one, ids, outcome)
    tried = Attempt(len(ids), {"marked": outcome.value}, [one.title])
    with door.undoable_act(actor, Verb.CHANGE, KIND, WAY, tried) as note, held(actor, one):
        return _mark(actor, one, ids, outcome, note)


def _mark(
    actor: Actor,
    one: ProspectingList,
    ids: Sequence[int],
    outcome: Outcome,
    note: WriteEntry | None = None,
) -> list[Prospect]:
    rows = Prospect.objects.filter(in_list=one, pk__anyof=ids).order_by("pk")
    changed = [
        row for row in rows.select_for_update(of=("self",)) if row.outcome != outcome
    ]  # fmt: skip
    living = alive([row.lead_id for row in changed if row.lead_id])
    changed = [row for row in changed if row.lead_id not in living]
    if not changed:
        return []
    seq = (
        None
        if note is None
        else note(
            len(changed),
            labels=[row.name for row in changed[:5]],
            details={"marked": outcome.value},
            personal={"list": one.title},
        )
    )
    history.write(
        [history.line(actor, row, "outcome", row.outcome, outcome, seq) for row in changed]
    )
    now = clock.now()
    Prospect.objects.filter(pk__anyof=[row.pk for row in changed]).update(
        outcome=outcome, updated_at=now
    )
    touch(one)
    for row in changed:
        row.outcome, row.updated_at = outcome, now
    return changed


def alive(leads: Sequence[int]) -> set[int]:
    """Return those of these leads that exist and are not in the trash."""
    return set(Lead.objects.filter(pk__anyof=leads).values_list("pk", flat=True))


def into_leads(
    actor: Actor,
    one: ProspectingList,
    ids: Sequence[int],
    step: Step | None = None,
    *,
    owner: User | None = None,
    origin: Origin = Origin.MANUAL,
) -> list[Prospect]:
    """Turn prospects into leads of the actor's, with everything in their rows.

    The first cell becomes the title. A cell whose column has the name of a default field of leads
    is stored there if valid; each other cell becomes a `Column: text` line of the description. The
    list's tags are copied. Prospects that are leads already are skipped.

    Args:
        owner: another owner of the leads.
        origin: how the leads are created.

    Returns:
        Those that became leads.

    Raises:
        Invalid: there are more than `MOST`, or a row is empty. No lead is created.
        Refused: the owner is somebody to whom the actor may not assign leads.
        Gone: the list, or every row, no longer exists.
    """
    if len(set(ids)) > MOST:
        raise Invalid(
            _("At most %(n)s prospects become leads at once. Choose fewer.") % {"n": MOST}
        )
    with held(actor, one):
        found = Prospect.objects.filter(in_list=one, pk__anyof=ids).order_by("place", "pk")
        rows = list(found.select_for_update(of=("self",)))
        if not rows:
            raise Gone(_("None of these prospects is here any more. Reload the list."))
        living = alive([row.lead_id for row in rows if row.lead_id])
        becoming = [row for row in rows if row.lead_id not in living]
        standing = columns.of(one)
        own_fields = default_fields.offered(Lead.kind.name)
        tags = [
            mark.tag
            for mark in ListTag.objects.filter(in_list=one, tag__retired_at=None).select_related(
                "tag"
            )
        ]
        currency = Account.objects.get(pk=actor.account_id).currency
        for row in becoming:
            if not any(row.cells.get(column.key) for column in standing):
                raise Invalid(
                    _("A row without any text cannot become a lead. Write in it, or leave it out.")
                )
            texts = {column.name: row.cells.get(column.key, "") for column in standing}
            own, told = fields.from_lines(own_fields, texts)
            lines = [column for column in standing if column.name not in told]
            lead = lead_moves.create(
                actor,
                title=_title(row, standing),
                description=_description(row, lines),
                own=own,
                step=step,
                owner_id=owner.pk if owner else actor.user_id,
                origin=origin,
                currency=currency,
                tags=tags,
            )
            history.edit(actor, row, outcome=Outcome.LEAD, lead=lead)
        if becoming:
            touch(one)
    return becoming


def _title(row: Prospect, standing: Sequence[ListColumn]) -> str:
    texts = (" ".join(row.cells.get(column.key, "").split()) for column in standing)
    return next(filter(None, texts))[:200]


def _description(row: Prospect, standing: Sequence[ListColumn]) -> str:
    """Return lines that the lead's page shows as fields; a line break in a cell would end one."""
    lines = (
        f"{column.name.replace(':', ' ').strip()}: {' '.join(row.cells[column.key].split())}"
        for column in standing
        if row.cells.get(column.key)
    )
    return "\n".join(lines)[:50_000]


def has_lead(row: Prospect) -> bool:
    """Return whether the lead that a prospect became still exists."""
    return row.lead_id is not None and bool(alive([row.lead_id]))
