"""Objects that an import created for its leads, and that stay when it is undone or fails."""

from __future__ import annotations

from dataclasses import dataclass

from custode.exchange.importing.made import Made
from custode.exchange.models import ImportRun
from custode.leads.models import Pipeline, Step, Tag
from custode.people.models import User
from custode.prospecting.models import ListColumn, Prospect


@dataclass(frozen=True, slots=True)
class Leftovers:
    """The names of what stays."""

    people: list[str]
    pipelines: list[str]
    steps: list[tuple[str, str]]
    """Pairs of a step and its pipeline."""
    tags: list[str]
    columns: list[str]


def of(run: ImportRun) -> Leftovers | None:
    """Return what the run has created besides its rows; None if nothing."""
    if run.kind == Prospect.kind.name:
        made_columns = run.made.get("columns", {}).values()
        # Columns of a new list are deleted with it.
        names = ListColumn.objects.filter(pk__in=made_columns, in_list__trash=None, retired_at=None)
        return (
            Leftovers([], [], [], [], list(names.values_list("name", flat=True))) if names else None
        )
    made = Made.from_dict(run.made)
    if not (made.people or made.pipelines or made.steps or made.tags):
        return None
    steps = Step.objects.filter(pk__in=made.steps).select_related("pipeline")
    return Leftovers(
        people=[str(user) for user in User.objects.filter(pk__in=made.people).order_by("pk")],
        pipelines=[str(one) for one in Pipeline.objects.filter(pk__in=made.pipelines)],
        steps=[(step.name, step.pipeline.name) for step in steps],
        tags=[str(tag) for tag in Tag.objects.filter(pk__in=made.tags)],
        columns=[],
    )
