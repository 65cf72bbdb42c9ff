"""Creates what a file names and the account lacks: people, pipelines, steps, tags.

It is recorded with the run in the transaction that creates it. Of two simultaneous imports that
need the same thing one creates it, and the other finds it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from custode.accounts.models import Account
from custode.exchange.importing.choices import Choices
from custode.exchange.importing.forecast import Forecast
from custode.exchange.importing.made import Made
from custode.exchange.importing.names import Called, Names, same, who
from custode.exchange.importing.needs import Needs, needs
from custode.exchange.importing.owners import Fates, Owner, fates, question
from custode.exchange.models import ImportRun
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid
from custode.leads import pipelines, tagging
from custode.leads.models import Step, Tag
from custode.people import moves as people_moves
from custode.people.models import User


@dataclass(frozen=True, slots=True)
class Objects:
    """The objects that the names of a file stand for.

    Args:
        owners: name as written -> user, None for nobody.
        steps: (pipeline, step) as written -> the step of open leads, and of closed ones.
        tags: the tags, by their names.
    """

    owners: dict[str, User | None]
    steps: dict[tuple[str, str], tuple[Step, Step]]
    tags: Called[Tag]


class _Overtaken(Exception):
    """Somebody was added to the account since the names were read: read them again."""


def prepare(actor: Actor, run: ImportRun, told: Forecast, choices: Choices) -> Objects:
    """Create what is missing, settle the meaning of each name, and find its object.

    Raises:
        Refused: the actor may not create people or steps (any more).
        Invalid: the chosen pipeline is gone, or a person must decide who is meant by a name.
    """
    while not Made.from_dict(run.made).whole:
        try:
            _make_people(actor, run, told, choices)
            _make_the_rest(actor, run, told, choices)
        except _Overtaken:
            run.refresh_from_db(fields=["made"])
    return _found(actor, run, told, choices)


def _make_people(actor: Actor, run: ImportRun, told: Forecast, choices: Choices) -> None:
    names = Names.load(actor)
    fate = _fates(run, told, names, choices)
    if fate.new:
        people_moves.create_named(
            actor,
            [owner.turned for owner in fate.new],
            note=lambda users: _note_people(run, names, fate.new, users),
        )


def _fates(run: ImportRun, told: Forecast, names: Names, choices: Choices) -> Fates:
    fate = fates(told.owners, names, choices, Made.from_dict(run.made).owners)
    if fate.asked:
        raise Invalid(question(fate.asked))
    return fate


def _note_people(
    run: ImportRun, names: Names, owners: Sequence[Owner], users: Mapping[str, User]
) -> None:
    """Record the people the run created, while the act still holds the account's people."""
    made, new = Made.from_dict(run.made), {users[owner.turned].pk for owner in owners}
    if set(User.objects.values_list("pk", flat=True)) != new | {user.pk for user in names.users}:
        raise _Overtaken
    made.people += sorted(new)
    made.owners |= {owner.key: users[owner.turned].pk for owner in owners}
    _note(run, made)


def _note(run: ImportRun, made: Made) -> None:
    run.made = made.as_dict()
    run.save(update_fields=["made"])


def _make_the_rest(actor: Actor, run: ImportRun, told: Forecast, choices: Choices) -> None:
    with transaction.atomic():
        # Imports of one account pass here one after the other.
        Account.objects.select_for_update(no_key=True).get(pk=actor.account_id)
        run.refresh_from_db(fields=["made"])
        made, names = Made.from_dict(run.made), Names.load(actor)
        if made.whole:
            return
        fate = _fates(run, told, names, choices)
        if fate.new:
            raise _Overtaken
        made.owners |= {key: user.pk for key, user in fate.users.items()}
        made.owners |= {owner.key: None for owner in fate.nobody}
        _make(actor, names, needs(told, names, choices, made.owners), made)
        made.whole = True
        _note(run, made)


def _make(actor: Actor, names: Names, needed: Needs, made: Made) -> None:
    made.last = {str(one.pk): steps[-1].pk for one, steps in names.pipelines.items() if steps}
    for name in needed.pipelines:
        steps = [step for where, step in needed.steps if same(where) == same(name)]
        made.pipelines.append(pipelines.create_pipeline(actor, name, steps or [name]).pk)
    for pipeline in names.pipelines:
        lacking = [step for where, step in needed.steps if names.pipeline_named(where) == pipeline]
        if lacking:
            made.steps += [step.pk for step in pipelines.add_steps(actor, pipeline, lacking)]
    there = {tag.pk for tag in names.tags}
    tags = tagging.tags_named(actor, needed.tags)
    made.tags += [tag.pk for tag in tags if tag.pk not in there]


def _found(actor: Actor, run: ImportRun, told: Forecast, choices: Choices) -> Objects:
    names, made = Names.load(actor), Made.from_dict(run.made)
    by_id = {user.pk: user for user in names.users}
    return Objects(
        owners={name: by_id.get(made.owners.get(who(name)) or 0) for name in told.owners},
        steps=_steps_found(told, choices, names, made.last),
        tags=Called(names.tags),
    )


def _steps_found(
    told: Forecast, choices: Choices, names: Names, last: Mapping[str, int]
) -> dict[tuple[str, str], tuple[Step, Step]]:
    chosen = {str(one.pk): one for one in names.pipelines}.get(choices.pipeline)
    usual = chosen or names.pipeline_named(choices.pipeline_name) or names.usual_pipeline()
    found = {}
    for pipeline, step in told.steps:
        where = (names.pipeline_named(pipeline) if pipeline else None) or usual
        steps = names.pipelines[where] or names.pipelines[usual]
        found[(pipeline, step)] = _ends(steps, step, last.get(str(where.pk)))
    return found


def _ends(steps: Sequence[Step], name: str, last: int | None) -> tuple[Step, Step]:
    """Return the steps for open and for closed leads: the named one, else the pipeline's ends."""
    one = Called(steps).find(name) if name else None
    return (one, one) if one else (steps[0], next((s for s in steps if s.pk == last), steps[-1]))
