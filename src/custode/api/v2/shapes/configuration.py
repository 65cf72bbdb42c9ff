"""What an account has set up: pipelines, steps, activities, categories, tags, default fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from ninja import Schema
from pydantic import Field

from custode.activities.models import ActivityType, Icon
from custode.clients.models import ClientFolder
from custode.fields.models import DefaultField
from custode.kernel.clock import iso
from custode.leads.models import Lead, Pipeline, Step, Tag, TagCategory

GREY: Final = "#808080"
"""Activities have no colours; programs expect one."""
PARENTS: Final = {"lead": Lead.kind.name, "client": ClientFolder.kind.name}
"""What programs call the things that have default fields."""
_PARENT_OF: Final = {kind: name for name, kind in PARENTS.items()}


class PipelineShape(Schema):
    """A way that leads go."""

    id: int
    name: str
    is_default: bool
    created_at: str
    updated_at: str


class StepShape(Schema):
    """A stage of a pipeline."""

    id: int
    name: str
    position: int
    pipeline_id: int
    pipeline: PipelineShape
    created_at: str
    updated_at: str


class Activity(Schema):
    """What somebody can have done: a call, a meeting."""

    id: int
    name: str
    icon: str
    color: str
    kind: str = Field(description="What the picture shows: `phone`, `meeting`, `visit`, …")
    parent_id: int | None
    position: int
    is_disabled: bool = Field(description="Whether it is no longer available.")


class TagShape(Schema):
    """A tag."""

    id: int
    name: str
    category: str | None
    category_id: int | None
    position: int = Field(description="Tags are in the order of their names.")
    created_at: str | None


class Category(Schema):
    """Tags of one sort."""

    id: int
    name: str
    is_required: bool
    created_at: str
    updated_at: str


class CategoryWithTags(Category):
    """The same with its tags, where they are asked for."""

    supertags: list[TagShape] | None = None


class FieldShape(Schema):
    """A default field."""

    id: int
    name: str
    type: str = Field(description="`text`, `number`, `date`, `choice`, `email`, `phone` or `link`.")
    parent_type: str = Field(description="`lead` or `client`.")
    is_key: bool
    position: int
    choices: list[str] = Field(description="Of a choice: what can be chosen.")
    created_at: str
    updated_at: str


def pipeline(one: Pipeline) -> dict[str, Any]:
    """A pipeline."""
    made = iso(one.created_at)
    return {
        "id": one.pk,
        "name": one.name,
        "is_default": one.is_default,
        "created_at": made,
        "updated_at": made,
    }


def step(one: Step) -> dict[str, Any]:
    """A step, read with its pipeline."""
    made = iso(one.created_at)
    return {
        "id": one.pk,
        "name": one.name,
        "position": one.position,
        "pipeline_id": one.pipeline_id,
        "pipeline": pipeline(one.pipeline),
        "created_at": made,
        "updated_at": made,
    }


def activity(one: ActivityType) -> dict[str, Any]:
    """A type of activity."""
    return {
        "id": one.pk,
        "name": one.name,
        "icon": one.icon,
        "color": GREY,
        "kind": Icon(one.icon).name.lower(),
        "parent_id": None,
        "position": one.position,
        "is_disabled": one.retired_at is not None,
    }


def tag(one: Tag, position: int) -> dict[str, Any]:
    """A tag, read with its category."""
    return {
        "id": one.pk,
        "name": one.name,
        "category": one.category.name if one.category else None,
        "category_id": one.category_id,
        "position": position,
        "created_at": None,
    }


def category(one: TagCategory, tags: Iterable[Mapping[str, Any]] | None = None) -> dict[str, Any]:
    """A category; with its tags where some are given."""
    made = iso(one.created_at)
    shape = {
        "id": one.pk,
        "name": one.name,
        "is_required": False,
        "created_at": made,
        "updated_at": made,
    }
    return shape if tags is None else {**shape, "supertags": list(tags)}


def field(one: DefaultField) -> dict[str, Any]:
    """A default field, read with its choices."""
    made = iso(one.created_at)
    return {
        "id": one.pk,
        "name": one.name,
        "type": one.sort,
        "parent_type": _PARENT_OF[one.kind],
        "is_key": one.is_key,
        "position": one.position,
        "choices": [choice.name for choice in one.offered_choices],
        "created_at": made,
        "updated_at": made,
    }
