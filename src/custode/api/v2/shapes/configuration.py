"""The shapes of an account's configuration: pipelines, steps, activities, tags, default fields."""

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
"""The colour of every activity: activities have none, but programs expect one."""
PARENTS: Final = {"lead": Lead.kind.name, "client": ClientFolder.kind.name}
"""The kinds of object that have default fields, by what programs call them."""
_PARENT_OF: Final = {kind: name for name, kind in PARENTS.items()}


class PipelineShape(Schema):
    """A pipeline."""

    id: int
    name: str
    is_default: bool
    created_at: str
    updated_at: str


class StepShape(Schema):
    """A step of a pipeline."""

    id: int
    name: str
    position: int
    pipeline_id: int
    pipeline: PipelineShape
    created_at: str
    updated_at: str


class Activity(Schema):
    """A type of activity, such as a call or a meeting."""

    id: int
    name: str
    icon: str
    color: str
    kind: str = Field(description="What the icon shows: `phone`, `meeting`, `visit`, …")
    parent_id: int | None
    position: int
    is_disabled: bool = Field(description="Whether it is no longer available.")


class TagShape(Schema):
    """A tag."""

    id: int
    name: str
    category: str | None
    category_id: int | None
    position: int = Field(description="The position of a tag, in the order of names.")
    created_at: str | None


class Category(Schema):
    """A category of tags."""

    id: int
    name: str
    is_required: bool
    created_at: str
    updated_at: str


class CategoryWithTags(Category):
    """A category with its tags."""

    supertags: list[TagShape] | None = None


class FieldShape(Schema):
    """A default field."""

    id: int
    name: str
    type: str = Field(description="`text`, `number`, `date`, `choice`, `email`, `phone` or `link`.")
    parent_type: str = Field(description="`lead` or `client`.")
    is_key: bool
    position: int
    choices: list[str] = Field(description="The options of a choice.")
    created_at: str
    updated_at: str


def pipeline(one: Pipeline) -> dict[str, Any]:
    """Return a pipeline."""
    made = iso(one.created_at)
    return {
        "id": one.pk,
        "name": one.name,
        "is_default": one.is_default,
        "created_at": made,
        "updated_at": made,
    }


def step(one: Step) -> dict[str, Any]:
    """Return a step, read with its pipeline."""
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
    """Return a type of activity."""
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
    """Return a tag, read with its category."""
    return {
        "id": one.pk,
        "name": one.name,
        "category": one.category.name if one.category else None,
        "category_id": one.category_id,
        "position": position,
        "created_at": None,
    }


def category(one: TagCategory, tags: Iterable[Mapping[str, Any]] | None = None) -> dict[str, Any]:
    """Return a category, with its tags if some are given."""
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
    """Return a default field, read with its choices."""
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
