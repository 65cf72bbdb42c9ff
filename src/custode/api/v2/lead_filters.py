"""The parameters of `GET /leads`, as the reference has them, and the query that they mean."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from django.db.models import Count, F, Q, QuerySet
from pydantic import Field

from custode.api.v2 import numbered, params
from custode.fields import moves as default_fields
from custode.fields.reading import comparable, read
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid
from custode.kernel.text import fold
from custode.leads import queries
from custode.leads.models import Lead, LeadKey, LeadTag, Status, Step, Tag
from custode.leads.queries import Leads


class LeadsAsked(params.Directed):
    """The filter and order of leads."""

    order: params.Text | None = Field(
        None,
        description=(
            "`id` (the default), `creation_date`, `last_update`, `next_action`, `sale_step`, "
            "`amount`, `probability`, `probalized_amount` or `alphabetically`; any other value "
            "means the default."
        ),
    )
    status: params.Names | None = Field(None, description="Statuses, separated by commas.")
    step: params.Names | None = Field(
        None, description="Numbers or names of steps, separated by commas."
    )
    step_id: params.Names | None = Field(None, description="Numbers of steps, separated by commas.")
    starred: params.MaybeYes = None
    user_id: params.Who | None = Field(
        None, description="The owner: a user's number or e-mail address."
    )
    include_unassigned: params.MaybeYes = Field(
        None, description="With `user_id`: also leads that nobody owns."
    )
    email: params.Text | None = Field(
        None, description="An e-mail address, complete, in the lead or in its comments."
    )
    tags: params.Names | None = Field(None, description="Tags that a lead must all have; up to 50.")
    field_key: params.Text | None = Field(None, description="The name of a key field.")
    field_value: params.Text | None = None
    updated_after: params.Text | None = Field(None, description="Changed at this moment or later.")
    start_date: params.Text | None = None
    end_date: params.Text | None = None
    date_range_type: params.Text | None = Field(
        None, description="`creation` (the default), `update`, `next_action` or `closed`."
    )


_RANGES: Final = {
    "creation": "created_at", "update": "updated_at", "next_action": "remind_date",
    "closed": "closed_at", "closing": "estimated_closing_date",
}  # fmt: skip
_ORDERS: Final[dict[str, tuple[Any, ...]]] = {
    "id": (F("pk"),),
    "creation_date": (F("created_at"),),
    "last_update": (F("updated_at"),),
    "next_action": (F("remind_date"), F("remind_time")),
    "sale_step": (F("step__pipeline__position"), F("step__position"), F("step_id")),
    "amount": (F("amount_minor"),),
    "probability": (F("probability"),),
    "probalized_amount": (F("amount_minor") * F("probability"),),
    "alphabetically": (F("title_folded"),),
}


def found(actor: Actor, wanted: LeadsAsked) -> Leads:
    """Return the matching leads that the actor can see, not yet ordered.

    A named object that does not exist matches nothing: ignoring the filter would match too much.
    """
    rows = queries.visible(actor)
    if address := (wanted.email or "").strip():
        rows = queries.speaking_of(actor, address)
    rows = rows.filter(_plain(wanted), _dates(wanted))
    if names := {fold(name) for name in params.few(wanted.tags, "tags")}:
        rows = rows.filter(pk__in=_tagged(names))
    if wanted.field_key and wanted.field_value:
        rows = rows.filter(pk__in=having(wanted.field_key, wanted.field_value))
    return rows


def in_order(rows: Leads, wanted: LeadsAsked) -> Leads:
    """Return the leads in the requested order, with the number as the last key."""
    keys = _ORDERS.get(wanted.order or "id", _ORDERS["id"])
    way = wanted.direction or "desc"
    ends = {} if keys == _ORDERS["id"] else {"nulls_last": True}
    order = [getattr(key, way)(**ends) for key in keys]
    return rows.order_by(*order, "pk" if way == "asc" else "-pk")


def _plain(wanted: LeadsAsked) -> Q:
    found = Q()
    if wanted.status:
        found &= Q(status__in=[one for one in wanted.status if one in Status.values])
    if wanted.step:
        found &= Q(step__in=steps_named(wanted.step))
    if wanted.step_id:
        found &= Q(step__in=numbered.numbers(wanted.step_id))
    if wanted.starred is not None:
        found &= Q(starred=wanted.starred)
    if wanted.user_id:
        user = params.user_named(wanted.user_id)
        owned = Q(owner=user) if user else Q(pk__in=[])
        found &= owned | Q(owner=None) if wanted.include_unassigned else owned
    return found


def _dates(wanted: LeadsAsked) -> Q:
    found = Q()
    if after := params.moment(wanted.updated_after, "updated_after"):
        found &= Q(updated_at__gte=after)
    column = _RANGES.get(wanted.date_range_type or "creation", "created_at")
    if column.endswith("_date"):
        first, last = (
            params.day(wanted.start_date, "start_date"),
            params.day(wanted.end_date, "end_date"),
        )
    else:
        first = params.moment(wanted.start_date, "start_date")
        last = params.moment(wanted.end_date, "end_date", end_of_day=True)
    if first:
        found &= Q(**{f"{column}__gte": first})
    if last:
        found &= Q(**{f"{column}__lte": last})
    return found


def _tagged(names: Collection[str]) -> QuerySet[Any, Any]:
    """Return the leads that have all of these tags, in one subquery however many tags there are."""
    tags = Tag.offered.filter(folded__in=names).values("pk")
    having_some = LeadTag.objects.filter(tag__in=tags).order_by().values("lead")
    return having_some.annotate(n=Count("tag")).filter(n=len(names)).values("lead")


def steps_named(names: list[str]) -> list[int]:
    """Return the steps with these numbers or names.

    If any is not a number, all are taken as names.
    """
    ids = numbered.numbers(names)
    if len(ids) == len(names):
        return ids
    wanted = {fold(name) for name in names}
    return [pk for pk, name in Step.offered.values_list("pk", "name") if fold(name) in wanted]


def having(key: str, value: str) -> QuerySet[Any, Any]:
    """Return the leads that have a value in the key field of this name."""
    field = next(
        (
            one
            for one in default_fields.offered(Lead.kind.name)
            if one.is_key and one.folded == fold(key.strip())
        ),
        None,
    )
    if field is None:
        return LeadKey.objects.none().values("lead")
    try:
        same = comparable(field, read(field, value))
    except Invalid:
        same = ""
    rows = LeadKey.objects.filter(field=field, key=same) if same else LeadKey.objects.none()
    return rows.values("lead")
