"""Creates deliveries for what has happened: in parts, each in one transaction with the progress.

Of several workers at the same event, only one records its progress; the others' parts are rolled
back. So none is lost, and none is created twice.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Q

from custode.exchange.webhooks import acts, events
from custode.exchange.webhooks.models import Delivery, Happening, Webhook
from custode.exchange.webhooks.payloads import other_objects
from custode.guard import database_time, history, kinds, ports
from custode.guard.models import Change
from custode.guard.news import Sort
from custode.kernel import clock, scope
from custode.leads.models import Step

CHUNK: Final = 100
"""How many objects are handled in one transaction."""
AGAIN: Final = timedelta(minutes=1)
"""The time after which an event that failed is retried; others do not wait for it."""

log = logging.getLogger(__name__)

Items = list[tuple[str, str, int]]
"""Event, kind, and number of an object."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of what has happened.

    Args:
        after: where this part ends; None when it is the last.
    """

    items: Items
    after: int | None = None


def unfold_due(most: int = 50) -> int:
    """Create deliveries for what has happened, a part of each, and return for how many.

    Args:
        most: the maximum number of events to handle.
    """
    with scope.everywhere("what has happened and is not told yet"):
        due = Happening.objects.filter(due_at__lte=clock.now()).order_by("due_at", "pk")
        found = list(due[:most])
    for one in found:
        try:
            with scope.account(one.account_id):
                _unfold_part(one)
        except Exception:
            log.exception("Deliveries of happening %s could not be made", one.pk)
            with scope.account(one.account_id):
                Happening.objects.filter(pk=one.pk).update(due_at=clock.now() + AGAIN)
    return len(found)


def _unfold_part(one: Happening) -> None:
    hooks = _listening(one)
    part = _part_of(one, set(hooks)) if hooks else Part([])
    made = _deliveries(part.items, hooks)
    with transaction.atomic():
        # Compare and set: whoever comes second creates none.
        mine = Happening.objects.filter(pk=one.pk, after=one.after)
        moved = mine.delete()[0] if part.after is None else mine.update(after=part.after)
        if moved:
            Delivery.objects.bulk_create(made, batch_size=CHUNK)


def _listening(one: Happening) -> dict[str, list[Webhook]]:
    """Return the webhooks that are on and existed when it happened, by event."""
    found: dict[str, list[Webhook]] = {}
    secured = ports.advanced_security(one.account_id)
    for hook in Webhook.living.filter(disabled_at=None, created_at__lte=one.at).order_by("pk"):
        if secured or hook.event not in events.OF_SECURITY:
            found.setdefault(hook.event, []).append(hook)
    return found


def _deliveries(items: Items, hooks: dict[str, list[Webhook]]) -> list[Delivery]:
    wanted = [item for item in items if item[0] in hooks]
    told: dict[str, other_objects.Told] = {}
    for kind in {kind for _event, kind, _pk in wanted}:
        told[kind] = other_objects.of(kind, {pk for _event, one, pk in wanted if one == kind})
    return [
        Delivery(
            account_id=hook.account_id,
            webhook=hook,
            event=event,
            data=told[kind][pk],
            due_at=database_time.now(),
        )
        for event, kind, pk in wanted
        for hook in hooks[event]
    ]


def _part_of(one: Happening, wanted: set[str]) -> Part:
    if one.sort == Sort.ACT:
        items, after = acts.part_of(int(one.seq or 0), one.after, CHUNK, wanted)
        return Part(items, after)
    if one.sort == Sort.BULK:
        return _bulk(one)
    if one.sort == Sort.FACT:
        return _fact(one)
    return _edit(one)


def _fact(one: Happening) -> Part:
    ids = one.data["ids"][one.after : one.after + CHUNK]
    kind = one.subject.partition(".")[0]
    items = [(name, kind, pk) for pk in ids for name in events.of_fact(one.subject)]
    return Part(items, _further(one.after + CHUNK, len(one.data["ids"])))


def _further(after: int, whole: int) -> int | None:
    return after if after < whole else None


def _edit(one: Happening) -> Part:
    by_object: dict[int, list[Sequence[Any]]] = {}
    for pk, *line in one.data["lines"]:
        by_object.setdefault(pk, []).append(line)
    some = dict(list(by_object.items())[one.after : one.after + CHUNK])
    return Part(_edits(one, some), _further(one.after + CHUNK, len(by_object)))


def _bulk(one: Happening) -> Part:
    lines = Change.objects.filter(
        seq=one.seq, kind=one.subject, field=one.field, pk__gt=one.after
    ).order_by("pk")[:CHUNK]
    found = list(lines.values_list("pk", "object_id", "field", "old", "new"))
    by_object: dict[int, list[Sequence[Any]]] = {}
    for _pk, object_id, *line in found:
        by_object.setdefault(object_id, []).append(line)
    items = _edits(one, by_object)
    return Part(items, found[-1][0] if len(found) == CHUNK else None)


def _edits(one: Happening, lines: dict[int, list[Sequence[Any]]]) -> Items:
    steps = _steps(line for some in lines.values() for line in some)
    untold = _untold(one, lines)
    items: Items = []
    for pk, some in lines.items():
        if pk not in untold:
            changes = [(str(field), new) for field, _old, new in some]
            items += [
                (name, one.subject, pk) for name in events.of_edit(one.subject, changes, steps)
            ]
    return items


def _steps(lines: Iterable[Sequence[Any]]) -> dict[str, str]:
    """Return the events of the steps that some lines mention."""
    numbers = {int(new) for field, _old, new in lines if field == "step" and new is not None}
    found = Step.objects.filter(pk__in=numbers).select_related("pipeline") if numbers else ()
    return {str(step.pk): events.step_event(step) for step in found}


def _untold(one: Happening, lines: dict[int, list[Sequence[Any]]]) -> set[int]:
    """Return objects to skip: trashed before, or part of an import, which is told at its end."""
    rows = kinds.model_of(one.subject).with_trashed.filter(pk__anyof=list(lines))
    arriving = {pk for pk, some in lines.items() if some[0][0] == history.CREATED}
    brought = Q(arrived__isnull=False, pk__anyof=list(arriving))
    found = rows.filter(Q(trash__at__lte=one.at) | brought)
    return set(found.values_list("pk", flat=True))
