"""The choices on the screens of leads: steps, owners, tags. In a constant number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from custode.kernel.address import whole
from custode.kernel.errors import Invalid
from custode.leads import queries, sight
from custode.leads.models import Lead, Pipeline, Step, Tag
from custode.people.models import User
from custode.people.visibility import within
from custode.web.shell.requests import actor_of, user_of

MOST_TAGS: Final = 400
"""The maximum number of tags in a menu."""


@dataclass(frozen=True, slots=True)
class WithSteps:
    """A pipeline and its steps, in order."""

    pipeline: Pipeline
    steps: list[Step]


def pipelines() -> list[WithSteps]:
    """Return the account's pipelines with their steps."""
    found: dict[int, WithSteps] = {}
    for step in Step.offered.select_related("pipeline"):
        found.setdefault(step.pipeline_id, WithSteps(step.pipeline, [])).steps.append(step)
    return list(found.values())


def usual(everything: list[WithSteps]) -> WithSteps:
    """Return the default pipeline; raise `Invalid` if there is none at all."""
    if not everything:
        raise Invalid(_("This account has no pipeline yet. Ask an admin to make one."))
    return next((one for one in everything if one.pipeline.is_default), everything[0])


def new_url(pipeline: int | None) -> str:
    """Return the address of the form of a new lead in a pipeline (None: the default one)."""
    return reverse("lead_new") + ("" if pipeline is None else f"?pipeline={pipeline}")


def heirs(request: HttpRequest) -> list[User]:
    """Return whom a lead can be assigned to: the person first, then the others allowed."""
    return _by_name(user_of(request), sight.heirs(actor_of(request)))


def owners(request: HttpRequest) -> list[User]:
    """Return whose leads the person sees: their own first, then those of others by name."""
    actor = actor_of(request)
    return _by_name(user_of(request), User.objects.filter(within(actor, actor.reach.sees, "pk")))


def _by_name(me: User, people: QuerySet[User, User]) -> list[User]:
    others = people.filter(disabled_at=None).exclude(pk=me.pk)
    return [me, *others.order_by("first_name", "last_name", "pk")]


def tags() -> list[Tag]:
    """Return the account's tags by category, in its order, and by name; uncategorized ones last."""
    ordered = F("category__position").asc(nulls_last=True), F("category").asc(nulls_last=True)
    return list(
        Tag.offered.select_related("category").order_by(*ordered, "folded", "pk")[:MOST_TAGS]
    )


def lead_or_404(request: HttpRequest, pk: int) -> Lead:
    """Return the lead with this number; raise 404 if the actor cannot see it."""
    rows = queries.visible(actor_of(request)).select_related("step__pipeline", "owner")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def step_of(text: str, message: str) -> Step:
    """Return the account's step with this number; raise `Invalid` with the message."""
    found = Step.offered.select_related("pipeline").filter(pk=whole(text)).first()
    if found is None:
        raise Invalid(message, field="step")
    return found


def owner_of(text: str, message: str) -> User | None:
    """Return the user with this number, None for ""; raise `Invalid` with the message."""
    if text in {"", "none"}:
        return None
    found = User.objects.filter(pk=whole(text), disabled_at=None).first()
    if found is None:
        raise Invalid(message, field="owner")
    return found
