"""Routes of tags, their categories, and default fields."""

from __future__ import annotations

from typing import Annotated, Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import Field

from custode.api.answers import answer
from custode.api.calls import actor_of
from custode.api.errors import calling
from custode.api.v2 import params
from custode.api.v2.shapes import configuration as shapes
from custode.fields import moves as default_fields
from custode.fields.models import Sort
from custode.guard import policy
from custode.kernel.actor import Scope
from custode.kernel.errors import Invalid
from custode.leads import tags
from custode.leads.models import Tag, TagCategory

router = Router(tags=["Tags and default fields"])
_SORTS: Final = {
    "string": Sort.TEXT, "textarea": Sort.TEXT, "integer": Sort.NUMBER, "float": Sort.NUMBER,
    "list": Sort.CHOICE, "select": Sort.CHOICE, "mail": Sort.EMAIL, "tel": Sort.PHONE,
    "mobile": Sort.PHONE, "web": Sort.LINK, "url": Sort.LINK, "website": Sort.LINK,
}  # fmt: skip
"""Other programs' names of field types and the corresponding types here."""


class CategoriesAsked(params.Directed):
    """The options of a list of categories."""

    include_tags: params.MaybeYes = Field(
        None, description="Whether to include each category's `supertags`."
    )


class FieldsAsked(params.Directed):
    """The filter of default fields."""

    type: params.Text | None = Field(
        None, description="`lead` or `client`; or a field type such as `email`."
    )


class CategoryName(params.Given):
    """A category's name."""

    name: params.Named


class NewTag(params.Given):
    """A tag to create."""

    name: params.Named
    category_id: params.MaybeNumber = None


class NewField(params.Given):
    """A default field to create."""

    name: params.Named
    parent_type: Annotated[params.Text, params.among("lead", "client")] = Field(
        "lead", description="`lead` or `client`."
    )
    type: params.Text = Field(
        "text", description="`text`, `number`, `date`, `choice`, `email`, `phone` or `link`."
    )
    is_key: params.MaybeYes = Field(
        None, description="Whether it is a key field, which identifies duplicates."
    )
    choices: params.Names | None = Field(None, description="The options of a choice.")


@router.get(
    "/categories", response=list[shapes.CategoryWithTags], exclude_unset=True,
    summary="List categories of tags",
)  # fmt: skip
def categories(request: HttpRequest, wanted: Query[CategoriesAsked]) -> HttpResponse:
    """Return the categories in the order in which people see them."""
    sign = "-" if wanted.direction == "desc" else ""
    rows = TagCategory.objects.order_by(f"{sign}position", f"{sign}pk")
    page = list(wanted.page(rows))
    within: dict[int, list[dict[str, Any]]] = {one.pk: [] for one in page}
    if wanted.include_tags:
        for tag in Tag.offered.filter(category__in=page).select_related("category"):
            mine = within[tag.category_id or 0]
            mine.append(shapes.tag(tag, len(mine)))
    return answer(
        [shapes.category(one, within[one.pk] if wanted.include_tags else None) for one in page],
        total=rows.count(),
    )


@router.post("/category", response={201: shapes.Category}, summary="Create a category of tags")
def add_category(request: HttpRequest, given: CategoryName) -> HttpResponse:
    """Create a category. For admins only."""
    made = tags.create_category(actor_of(request), given.name)
    return answer(shapes.category(made), status=201)


@router.get("/predefined_tags", response=list[shapes.TagShape], summary="List tags")
def predefined_tags(request: HttpRequest, wanted: Query[params.Directed]) -> HttpResponse:
    """Return the tags by name. For admins only."""
    policy.require_admin(actor_of(request), Scope.READ)
    down = wanted.direction == "desc"
    rows = Tag.offered.select_related("category").order_by(*_by_name(down=down))
    page, total = wanted.page(rows), rows.count()
    places = (
        total - 1 - wanted.offset - n if down else wanted.offset + n for n in range(len(page))
    )
    return answer(
        [shapes.tag(one, place) for one, place in zip(page, places, strict=True)], total=total
    )


@router.post("/predefined_tags", response={201: shapes.TagShape}, summary="Create a tag")
def add_tag(request: HttpRequest, given: NewTag) -> HttpResponse:
    """Create a tag. For admins only."""
    actor, category = actor_of(request), None
    policy.require_admin(actor)
    if given.category_id is not None:
        category = TagCategory.objects.filter(pk=given.category_id).first()
        if category is None:
            raise Invalid(
                _("There is no category %(n)s.") % {"n": given.category_id}, field="category_id"
            )
    made = tags.create(actor, given.name, category)
    place = Tag.offered.filter(folded__lt=made.folded).count()
    return answer(shapes.tag(made, place), status=201)


@router.get("/fields", response=list[shapes.FieldShape], summary="List default fields")
def fields(request: HttpRequest, wanted: Query[FieldsAsked]) -> HttpResponse:
    """Return the fields in use, first of leads, then of client folders, as people see them."""
    told = (wanted.type or "").strip().lower()
    kinds = [shapes.PARENTS[told]] if told in shapes.PARENTS else list(shapes.PARENTS.values())
    found = [field for kind in kinds for field in default_fields.offered(kind)]
    if told and told not in shapes.PARENTS:
        found = [field for field in found if field.sort == _SORTS.get(told, told)]
    if wanted.direction == "desc":
        found.reverse()
    page = wanted.page(found)
    return answer([shapes.field(one) for one in page], total=len(found))


@router.post("/fields", response={201: shapes.FieldShape}, summary="Create a default field")
def add_field(request: HttpRequest, given: NewField) -> HttpResponse:
    """Create a default field. For admins only."""
    actor, parent = actor_of(request), given.parent_type.strip().lower()
    policy.require_admin(actor)
    if parent not in shapes.PARENTS:
        raise Invalid(_("`parent_type` is `lead` or `client`."), field="parent_type")
    told = given.type.strip().lower()
    sort, kind = _SORTS.get(told, told), shapes.PARENTS[parent]
    with calling(sort="type"):
        made = default_fields.create(
            actor, kind, given.name, sort, given.choices or (), is_key=bool(given.is_key)
        )
    shown = next(one for one in default_fields.offered(kind) if one.pk == made.pk)
    return answer(shapes.field(shown), status=201)


def _by_name(*, down: bool) -> tuple[str, str]:
    return ("-folded", "-pk") if down else ("folded", "pk")
