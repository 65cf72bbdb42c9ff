"""Making what a file names and the account lacks: people, pipelines, steps, tags.

Each may be done again: what is there by now is found, not made twice.
"""

from __future__ import annotations

from dataclasses import dataclass

from custode.exchange.importing.choices import Choices
from custode.exchange.importing.forecast import Forecast, making
from custode.exchange.importing.names import Names, same
from custode.kernel.actor import Actor
from custode.leads import moves as lead_moves
from custode.leads.models import Pipeline, Step, Tag
from custode.people import moves as people_moves
from custode.people.models import User


@dataclass(frozen=True, slots=True)
class Objects:
    """What the names of a file have become.

    Args:
        owners: name as written -> user, None for nobody.
        steps: (pipeline, step) as written -> the step of open leads, and of closed ones.
        tags: tag, as `names.same` writes it.
    """

    owners: dict[str, User | None]
    steps: dict[tuple[str, str], tuple[Step, Step]]
    tags: dict[str, Tag]


def prepare(actor: Actor, told: Forecast, choices: Choices) -> Objects:
    """Make what lacks, and find the object of each name.

    Raises:
        Refused: the actor may not make people or steps (any more).
        Invalid: the pipeline chosen is gone.
    """
    names = Names.load()
    needed = making(told, names, choices)
    people_moves.create_named(actor, needed.people)
    for name in needed.pipelines:
        lead_moves.create_pipeline(
            actor,
            name,
            [step for where, step in needed.steps if same(where) == same(name)] or [name],
        )
    for pipeline in names.pipelines:
        lacking = [step for where, step in needed.steps if same(where) == same(pipeline.name)]
        if lacking:
            lead_moves.add_steps(actor, pipeline, lacking)
    tags = lead_moves.tags_named(actor, told.tags.values())
    return _found(told, choices, {same(tag.name): tag for tag in tags})


def _found(told: Forecast, choices: Choices, tags: dict[str, Tag]) -> Objects:
    names = Names.load()
    people = names.people()
    by_id = {str(user.pk): user for user in names.users}
    owners: dict[str, User | None] = {}
    for name in told.owners:
        meant = people.get(same(name), [])
        told_so = by_id.get(choices.owners.get(name, ""))
        owners[name] = told_so or (meant[0] if len(meant) == 1 else None)
    return Objects(owners, _steps_found(told, choices, names), tags)


def _steps_found(
    told: Forecast, choices: Choices, names: Names
) -> dict[tuple[str, str], tuple[Step, Step]]:
    chosen = {str(one.pk): one for one in names.pipelines}.get(choices.pipeline)
    usual = chosen or names.pipeline_named(choices.pipeline_name) or names.usual_pipeline()
    found = {}
    for pipeline, step in told.steps:
        where = (names.pipeline_named(pipeline) if pipeline else None) or usual
        found[(pipeline, step)] = _ends(names, where, usual, step)
    return found


def _ends(names: Names, where: Pipeline, usual: Pipeline, step: str) -> tuple[Step, Step]:
    steps = names.pipelines[where] or names.pipelines[usual]
    for one in steps:
        if step and same(one.name) == same(step):
            return one, one
    return steps[0], steps[-1]
