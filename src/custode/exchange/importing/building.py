"""Turns a row's draft into a lead."""

from __future__ import annotations

from datetime import date, datetime, time, tzinfo

from custode.exchange.importing.choices import Choices
from custode.exchange.importing.making import Objects
from custode.exchange.importing.names import same
from custode.exchange.importing.own import Own
from custode.exchange.reading import Field, LeadDraft, LeadMapping, label_of
from custode.exchange.reading import Status as DraftStatus
from custode.kernel import clock, money
from custode.leads.models import Lead, Origin, Status, Tag

_NOON = time(12)


def lead_of(
    draft: LeadDraft, mapping: LeadMapping, objects: Objects, choices: Choices, zone: tzinfo,
    creator_id: int | None, own: Own,
) -> Lead:  # fmt: skip
    """Return the unsaved lead that a draft describes.

    Days without an hour become noon in the user's time zone, so that they stay the same day for
    every reader. A lead on standby needs a reminder: without one it gets today's. An owner or a
    step that does not exist here is kept as a line of the description.
    """
    status = Status(draft.status.value) if draft.status else Status.TODO
    closed = status in {Status.WON, Status.LOST, Status.CANCELLED}
    open_step, closed_step = objects.steps[(draft.pipeline, draft.step)]
    currency = draft.currency or choices.currency
    now = clock.now()
    remind = None if closed else draft.remind_date
    if draft.status is DraftStatus.STANDBY and remind is None:
        remind = now.astimezone(zone).date()
    owner = objects.owners.get(draft.owner) if draft.owner else None
    lost = []
    if draft.owner and owner is None:
        lost.append(f"{label_of(mapping.one(Field.OWNER))}: {draft.owner}")
    if draft.step and same(draft.step) != same(open_step.name):
        lost.append(f"{label_of(mapping.one(Field.STEP))}: {draft.step}")
    lead = Lead(
        title=_clean(draft.title),
        description=_clean("\n".join(filter(None, [draft.description, *lost]))),
        field_values=own.values(draft.own),
        step=closed_step if closed else open_step,
        status=status,
        amount_minor=None if draft.amount is None else money.to_minor(draft.amount, currency),
        currency=currency,
        probability=draft.probability,
        estimated_closing_date=draft.estimated_closing_date,
        remind_date=remind,
        starred=draft.starred,
        owner=owner,
        created_by_id=creator_id,
        origin=Origin.IMPORT,
        reference=_clean(draft.reference),
        created_at=_moment(draft.created_at, zone) or now,
        closed_at=_moment(draft.closed_at, zone) if closed else None,
    )
    lead.derive()
    return lead


def tags_of(draft: LeadDraft, objects: Objects) -> list[Tag]:
    """Return the tags of a draft, each once."""
    found = map(objects.tags.find, draft.tags)
    return list({tag.pk: tag for tag in found if tag is not None}.values())


def _moment(told: date | None, zone: tzinfo) -> datetime | None:
    if told is None:
        return None
    moment = told if isinstance(told, datetime) else datetime.combine(told, _NOON)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _clean(text: str) -> str:
    """Return the text without the one character that no database accepts."""
    return text.replace("\x00", "")
