"""Operations on pipelines and their steps. Only admins perform them.

Deleting one is the door's: its leads, including those in the trash, move to another step in the
same act.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from custode.guard import door, naming, news, policy
from custode.guard.door import Act
from custode.guard.ordering import next_position, put_in_order
from custode.kernel.actor import Actor
from custode.kernel.errors import Gone, Invalid
from custode.leads.models import Lead, Pipeline, Step

PIPELINES: Final = naming.Names(
    longest=80, taken=gettext_lazy("There is a pipeline of this name already.")
)
STEPS: Final = naming.Names(
    longest=80, taken=gettext_lazy("There is a step “%(name)s” in this pipeline already.")
)


def default_pipeline(actor: Actor) -> Pipeline:
    """Return the pipeline for new leads."""
    found = Pipeline.offered.filter(account_id=actor.account_id)
    return found.order_by("-is_default", "position", "pk")[0]


def first_step(actor: Actor) -> Step:
    """Return the step for new leads: the first of the default pipeline."""
    steps = Step.offered.filter(account_id=actor.account_id, pipeline__retired_at=None)
    order = ("-pipeline__is_default", "pipeline__position", "pipeline_id", "position", "pk")
    return steps.select_related("pipeline").order_by(*order)[0]


def steps_of(pipeline: Pipeline) -> list[Step]:
    """Return the steps of a pipeline that leads can be in, in order."""
    return list(Step.offered.filter(pipeline=pipeline).order_by("position", "pk"))


def create_pipeline(
    actor: Actor, name: str, steps: Iterable[str], *, default: bool = False
) -> Pipeline:
    """Create a pipeline with its steps, in order.

    Raises:
        Refused: the actor is no admin.
        Invalid: a name is empty, too long or taken, or there is no step.
    """
    policy.require_admin(actor)
    names = _each_once(steps)
    pipeline = Pipeline(name=PIPELINES.read(name), is_default=default)
    with transaction.atomic():
        naming.alone()
        pipeline.position = next_position(Pipeline.objects.all())
        with PIPELINES.giving(pipeline):
            pipeline.save()
        news.fact(actor.account_id, "pipeline.updated", [pipeline.pk])
        add_steps(actor, pipeline, names)
    return pipeline


def add_steps(actor: Actor, pipeline: Pipeline, names: Iterable[str]) -> list[Step]:
    """Add steps at the end of a pipeline.

    Raises:
        Refused: the actor is no admin.
        Invalid: a name is empty, too long or taken.
        Gone: the pipeline has been deleted in the meantime.
    """
    policy.require_admin(actor)
    with transaction.atomic():
        naming.alone()
        _hold(pipeline)
        start = next_position(pipeline.steps.all())
        made = [
            Step(account_id=actor.account_id, pipeline=pipeline, name=name, position=start + i)
            for i, name in enumerate(_each_once(names))
        ]
        for step in made:
            STEPS.require_free(step)
        added = Step.objects.bulk_create(made)
        news.fact(actor.account_id, "step.created", [step.pk for step in added])
        return added


def first_pipeline(actor: Actor) -> Pipeline:
    """Create the pipeline of a new account."""
    steps = [_("Incoming"), _("Contacted"), _("Meeting"), _("Proposal"), _("Negotiation")]
    return create_pipeline(actor, _("Sales"), steps, default=True)


def rename(actor: Actor, one: Pipeline | Step, name: str) -> None:
    """Rename a pipeline or a step.

    Raises:
        Refused: the actor is no admin.
        Invalid: the name is empty, too long or taken.
        Gone: it has been deleted in the meantime.
    """
    policy.require_admin(actor)
    names, what = (
        (STEPS, "step.updated") if isinstance(one, Step) else (PIPELINES, "pipeline.updated")
    )
    with transaction.atomic():
        naming.alone()
        _hold(one.pipeline if isinstance(one, Step) else one)
        one.refresh_from_db()
        _require_there(one)
        one.name = names.read(name)
        with names.giving(one):
            one.save(update_fields=["name"])
        news.fact(actor.account_id, what, [one.pk])


def make_default(actor: Actor, pipeline: Pipeline) -> None:
    """Make this the pipeline for new leads.

    Raises:
        Refused: the actor is no admin.
        Gone: it has been deleted in the meantime.
    """
    policy.require_admin(actor)
    with transaction.atomic():
        everything = Pipeline.objects.order_by("pk").select_for_update()
        found = {one.pk: one for one in everything}
        _require_there(found[pipeline.pk])
        before = [pk for pk, one in found.items() if one.is_default and pk != pipeline.pk]
        Pipeline.objects.exclude(pk=pipeline.pk).update(is_default=False)
        Pipeline.objects.filter(pk=pipeline.pk).update(is_default=True)
        news.fact(actor.account_id, "pipeline.updated", [*before, pipeline.pk])
    pipeline.is_default = True


def order_steps(actor: Actor, pipeline: Pipeline, ids: Sequence[int]) -> None:
    """Set the order of a pipeline's steps.

    Raises:
        Refused: the actor is no admin.
        Invalid: these are not exactly its present steps.
    """
    policy.require_admin(actor)
    with transaction.atomic():
        _hold(pipeline)
        put_in_order(Step.offered.filter(pipeline=pipeline), ids)
        news.fact(actor.account_id, "step.updated", ids)


def order_pipelines(actor: Actor, ids: Sequence[int]) -> None:
    """Set the order of the pipelines.

    Raises:
        Refused: the actor is no admin.
        Invalid: these are not exactly the present pipelines.
    """
    policy.require_admin(actor)
    with transaction.atomic():
        list(Pipeline.objects.order_by("pk").select_for_update())
        put_in_order(Pipeline.offered.all(), ids)
        news.fact(actor.account_id, "pipeline.updated", ids)


def delete_step(actor: Actor, step: Step, into: Step) -> Act:
    """Delete a step; its leads, including those in the trash, move to another one.

    Raises:
        Refused: the actor is no admin.
        Invalid: it is the last step of its pipeline, or `into` does not exist.
        Gone: it has been deleted in the meantime.
    """

    def look() -> None:
        """Raise `Invalid` for the last step of a pipeline."""
        if not Step.offered.filter(pipeline=step.pipeline_id).exclude(pk=step.pk).exists():
            raise Invalid(
                _("“%(step)s” is the last step of its pipeline. Delete the pipeline instead.")
                % {"step": step.name}
            )

    return door.retire(actor, Lead.kind.name, "step", [step], into, look=look)


def delete_pipeline(actor: Actor, pipeline: Pipeline, into: Step) -> Act:
    """Delete a pipeline with its steps; their leads, trashed ones too, move to another step.

    Raises:
        Refused: the actor is no admin.
        Invalid: it is the default, or `into` is one of its own steps or does not exist.
        Gone: it has been deleted in the meantime.
    """

    def look() -> None:
        """Raise `Invalid` for the default pipeline, or when its steps have changed."""
        if Pipeline.objects.filter(pk=pipeline.pk, is_default=True).exists():
            raise Invalid(
                _("New leads go to “%(pipeline)s”. Make another pipeline the default first.")
                % {"pipeline": pipeline.name}
            )
        if {one.pk for one in steps_of(pipeline)} != {one.pk for one in steps}:
            raise Invalid(_("Somebody has changed this in the meantime. Look at it again."))

    steps = steps_of(pipeline)
    return door.retire(actor, Lead.kind.name, "step", steps, into, along=[pipeline], look=look)


def _hold(pipeline: Pipeline) -> None:
    """Lock the pipeline for the rest of the transaction."""
    _require_there(Pipeline.objects.select_for_update().get(pk=pipeline.pk))


def _require_there(one: Pipeline | Step) -> None:
    if one.retired_at is not None:
        raise Gone(_("“%(name)s” has been deleted in the meantime.") % {"name": one})


def _each_once(names: Iterable[str]) -> list[str]:
    read = STEPS.read_several(names, "steps")
    if not read:
        raise Invalid(_("A pipeline needs a step."), field="steps")
    return read
