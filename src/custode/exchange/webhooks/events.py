"""The events that can be told, each with its description, and which of them a change is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from custode.guard import history
from custode.guard.kinds import Translatable
from custode.guard.news import News, Sort
from custode.leads.models import Status, Step
from custode.postsales.models import State

LEAD: Final = _("Leads")
OTHERS: Final = _("Prospects, clients and tasks")
SECURITY: Final = _("Security")
SETTINGS: Final = _("The account's settings")

ANY: Final = "lead.any_update"
MANUAL: Final = "lead.manual.trigger"
PRESSED: Final = "webhook"
"""The entry in a lead's history for pressing a webhook's button, which changes nothing."""
STEP_TO: Final = "lead.step.changed.to."

DONE: Final = "sensitive_action.done"
REFUSED: Final = "sensitive_action.refused"
OF_SECURITY: Final = frozenset({DONE, REFUSED})
"""Events that exist only in editions with sensitive actions."""

_CONTENT: Final = ("title", "description", "field_values")
_SUBJECTS: Final = {
    "lead": "lead.", "prospect": "prospect.", "client_folder": "client_folder.", "task": "task.",
}  # fmt: skip
"""The kinds whose edits are events -> the prefix of these."""
_OF_ACTS: Final = frozenset({
    DONE, REFUSED, "trash.restored", "trash.purged", "lead.creation", "lead.deleted",
    "prospect.created", "account.step.deleted", "account.default_field.deleted",
    "account.default_field.updated",
})  # fmt: skip
"""The events that come from the log."""
_FACTS: Final[Mapping[str, tuple[str, ...]]] = {
    "lead.commented": ("lead.commented", ANY),
    "step.created": ("account.step.created",),
    "step.updated": ("account.step.updated",),
    "pipeline.updated": ("account.pipeline.updated",),
    "default_field.created": ("account.default_field.created",),
    "default_field.updated": ("account.default_field.updated",),
}


@dataclass(frozen=True, slots=True)
class Event:
    """An event that can be chosen."""

    name: str
    words: Translatable
    group: Translatable


_PLAIN: Final = (
    Event("lead.creation", _("A lead is created, by hand, by a file or by a program."), LEAD),
    Event("lead.status.changed", _("A lead gets another status."), LEAD),
    *(
        Event(f"lead.status.changed.to.{status.value}", words, LEAD)
        for status, words in (
            (Status.TODO, _("A lead is to do.")),
            (Status.STANDBY, _("A lead goes on standby.")),
            (Status.WON, _("A lead is won.")),
            (Status.LOST, _("A lead is lost.")),
            (Status.CANCELLED, _("A lead is cancelled.")),
        )
    ),
    Event("lead.step.changed", _("A lead goes to another step."), LEAD),
    Event("lead.assigned", _("A lead gets another owner."), LEAD),
    Event("lead.unassigned", _("A lead belongs to nobody any more."), LEAD),
    Event("lead.commented", _("Somebody writes a comment about a lead."), LEAD),
    Event(
        "lead.content_has_changed",
        _("The title, the description or a default field of a lead changes."), LEAD,
    ),
    Event(ANY, _("Anything about a lead changes, or somebody comments on it."), LEAD),
    Event("lead.deleted", _("A lead is moved to the trash."), LEAD),
    Event(MANUAL, _("Somebody presses the webhook's button on a lead."), LEAD),
    Event("prospect.created", _("A prospect comes into a list."), OTHERS),
    Event("prospect.updated", _("A prospect's row or outcome changes."), OTHERS),
    Event("client_folder.created", _("A client folder is created."), OTHERS),
    Event("task.status.changed", _("A post-sales task gets another status."), OTHERS),
    *(
        Event(f"task.status.changed.to.{state.value}", words, OTHERS)
        for state, words in (
            (State.TODO, _("A post-sales task is to do.")),
            (State.STANDBY, _("A post-sales task goes on standby.")),
            (State.DONE, _("A post-sales task is done.")),
        )
    ),
    Event("trash.restored", _("Something is restored from the trash."), SECURITY),
    Event("trash.purged", _("Something is deleted for ever."), SECURITY),
    Event(DONE, _("Somebody has done a sensitive action."), SECURITY),
    Event(REFUSED, _("Somebody was refused a sensitive action."), SECURITY),
    Event("account.step.created", _("A step is created."), SETTINGS),
    Event("account.step.updated", _("A step gets another name or place."), SETTINGS),
    Event("account.step.deleted", _("A step is deleted."), SETTINGS),
    Event("account.pipeline.updated", _("A pipeline is created or changed."), SETTINGS),
    Event("account.default_field.created", _("A default field is created."), SETTINGS),
    Event(
        "account.default_field.updated", _("A default field is changed or taken up again."),
        SETTINGS,
    ),
    Event(
        "account.default_field.deleted", _("A default field is taken out of use."), SETTINGS,
    ),
)  # fmt: skip
_NAMES: Final = {event.name: event for event in _PLAIN}


def all_events() -> list[Event]:
    """Return all events that can be chosen in the account in scope, including those of steps."""
    found: list[Event] = []
    for event in _PLAIN:
        found.append(event)
        if event.name == "lead.step.changed":
            found += _of_steps()
    return found


def _of_steps() -> Iterator[Event]:
    steps = Step.offered.filter(pipeline__retired_at=None).select_related("pipeline")
    for step in steps.order_by("pipeline__position", "position", "pk"):
        yield Event(step_event(step), _step_words(step.pipeline.name, step.name), LEAD)


def step_event(step: Step) -> str:
    """Return the event of a lead moving to a step."""
    return f"{STEP_TO}{step.pipeline.name}.{step.name}"


def _step_words(pipeline: str, step: str) -> str:
    words = {"pipeline": pipeline, "step": step}
    return gettext("A lead goes to the step “%(step)s” of “%(pipeline)s”.") % words


def exists(name: str) -> bool:
    """Return whether there is such an event in the account in scope."""
    if name in _NAMES:
        return True
    return name.startswith(STEP_TO) and any(event.name == name for event in _of_steps())


def words_of(name: str) -> Translatable:
    """Return what happens in an event, as a sentence."""
    if name in _NAMES:
        return _NAMES[name].words
    pipeline, _dot, step = name.removeprefix(STEP_TO).partition(".")
    return _step_words(pipeline, step)


def may_concern(news: News, wanted: Collection[str]) -> bool:
    """Return whether news may be one of these events, judging by its subject."""
    if news.sort is Sort.ACT:
        return not _OF_ACTS.isdisjoint(wanted)
    if news.sort is Sort.FACT:
        return any(name in wanted for name in of_fact(news.subject))
    begins = _SUBJECTS.get(news.subject)
    return begins is not None and any(name.startswith(begins) for name in wanted)


def of_fact(what: str) -> tuple[str, ...]:
    """Return the events that a fact stands for."""
    return _FACTS.get(what, ())


def of_edit(
    kind: str, changes: Iterable[tuple[str, str | None]], steps: Mapping[str, str]
) -> list[str]:
    """Return the events that the edit of one object stands for.

    Args:
        changes: field and new value of each line of its history.
        steps: the number of a step -> its event.
    """
    told = list(changes)
    if any(field == history.CREATED for field, _new in told):
        return _CREATED.get(kind, [])
    if kind == "lead":
        told = [(field, new) for field, new in told if field != PRESSED]
        if not told:
            return []
        found = [name for field, new in told for name in _of_lead(field, new, steps)]
        return [*dict.fromkeys(found), ANY]
    if kind == "task":
        new = next((new for field, new in told if field == "status"), None)
        return [] if new is None else ["task.status.changed", f"task.status.changed.to.{new}"]
    return ["prospect.updated"] if kind == "prospect" else []


_CREATED: Final = {
    "lead": ["lead.creation"],
    "prospect": ["prospect.created"],
    "client_folder": ["client_folder.created"],
}


def _of_lead(field: str, new: str | None, steps: Mapping[str, str]) -> Iterator[str]:
    if field == "status":
        yield from ("lead.status.changed", f"lead.status.changed.to.{new}")
    elif field == "step":
        yield "lead.step.changed"
        if new in steps:
            yield steps[str(new)]
    elif field == "owner":
        yield "lead.assigned" if new is not None else "lead.unassigned"
    elif field.partition(":")[0] in _CONTENT:
        yield "lead.content_has_changed"
