"""Routes of an account's configuration: every program may read it, admins may add to it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router

from custode.activities.models import ActivityType
from custode.api.answers import answer
from custode.api.v2 import params, writing
from custode.api.v2.shapes import configuration as shapes
from custode.kernel.errors import Invalid
from custode.leads.models import Pipeline, Step

router = Router(tags=["What an account has set up"])


@router.get("/pipelines", response=list[shapes.PipelineShape], summary="List pipelines")
def pipelines(request: HttpRequest, wanted: Query[params.Directed]) -> HttpResponse:
    """Return the pipelines in the order in which people see them."""
    rows = Pipeline.offered.order_by(*_places(wanted, "position", "pk"))
    return answer([shapes.pipeline(one) for one in _page(rows, wanted)], total=rows.count())


@router.get("/steps", response=list[shapes.StepShape], summary="List the steps of all pipelines")
def steps(request: HttpRequest, wanted: Query[params.Directed]) -> HttpResponse:
    """Return the steps by pipeline and position."""
    rows = Step.offered.filter(pipeline__retired_at=None).select_related("pipeline")
    rows = rows.order_by(*_places(wanted, "pipeline__position", "pipeline_id", "position", "pk"))
    return answer([shapes.step(one) for one in _page(rows, wanted)], total=rows.count())


@router.get("/steps/{str:which}", response=shapes.StepShape, summary="Get a step")
def step(request: HttpRequest, which: str) -> HttpResponse:
    """Return a step by number or name.

    A name in several pipelines means the default pipeline's step.
    """
    try:
        found = writing.step_named(which.replace("\x00", ""))
    except Invalid as error:
        raise Http404 from error
    return answer(shapes.step(found))


@router.get("/activities", response=list[shapes.Activity], summary="List activity types")
def activities(request: HttpRequest, wanted: Query[params.Directed]) -> HttpResponse:
    """Return the activity types, including those no longer offered."""
    rows = ActivityType.objects.order_by(*_places(wanted, "position", "pk"))
    return answer([shapes.activity(one) for one in _page(rows, wanted)], total=rows.count())


def _places(wanted: params.Directed, *columns: str) -> list[str]:
    sign = "-" if wanted.direction == "desc" else ""
    return [f"{sign}{column}" for column in columns]


def _page(rows: Any, wanted: params.Paged) -> Any:
    return wanted.page(rows)
