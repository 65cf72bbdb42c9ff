"""What an account has set up: read by every program, added to by admins."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router

from custode.activities.models import ActivityType
from custode.api.answers import answer
from custode.api.v2 import asked, writing
from custode.api.v2.shapes import configuration as shapes
from custode.kernel.errors import Invalid
from custode.leads.models import Pipeline, Step

router = Router(tags=["What an account has set up"])


@router.get("/pipelines", response=list[shapes.PipelineShape], summary="Pipelines")
def pipelines(request: HttpRequest, wanted: Query[asked.Directed]) -> HttpResponse:
    """In the order in which people see them."""
    rows = Pipeline.offered.order_by(*_places(wanted, "position", "pk"))
    return answer([shapes.pipeline(one) for one in _page(rows, wanted)], total=rows.count())


@router.get("/steps", response=list[shapes.StepShape], summary="Steps of all pipelines")
def steps(request: HttpRequest, wanted: Query[asked.Directed]) -> HttpResponse:
    """By pipeline and place."""
    rows = Step.offered.filter(pipeline__retired_at=None).select_related("pipeline")
    rows = rows.order_by(*_places(wanted, "pipeline__position", "pipeline_id", "position", "pk"))
    return answer([shapes.step(one) for one in _page(rows, wanted)], total=rows.count())


@router.get("/steps/{str:which}", response=shapes.StepShape, summary="One step")
def step(request: HttpRequest, which: str) -> HttpResponse:
    """By number or by name; of several of one name, the one of the default pipeline."""
    try:
        found = writing.step_named(which.replace("\x00", ""))
    except Invalid as error:
        raise Http404 from error
    return answer(shapes.step(found))


@router.get("/activities", response=list[shapes.Activity], summary="Types of activities")
def activities(request: HttpRequest, wanted: Query[asked.Directed]) -> HttpResponse:
    """Those that are offered no more, too."""
    rows = ActivityType.objects.order_by(*_places(wanted, "position", "pk"))
    return answer([shapes.activity(one) for one in _page(rows, wanted)], total=rows.count())


def _places(wanted: asked.Directed, *columns: str) -> list[str]:
    sign = "-" if wanted.direction == "desc" else ""
    return [f"{sign}{column}" for column in columns]


def _page(rows: Any, wanted: asked.Paged) -> Any:
    return wanted.page(rows)
