"""What must be created for a file, and what happens to unknown names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from custode.exchange.importing.choices import Choices
from custode.exchange.importing.forecast import Forecast
from custode.exchange.importing.names import Called, Names, same
from custode.exchange.importing.owners import Owner, fates


@dataclass(frozen=True, slots=True)
class Needs:
    """What must be created for a file, and what happens to unknown names.

    Args:
        people: unknown owners who become people without sign-in.
        asked: names that match several people, so that a person must decide.
        unassigned: owners whose leads will belong to nobody -> the number of rows.
        steps: (pipeline, step) to be added; the pipeline's name if it is new itself.
        pipelines: pipelines to be created.
        tags: tags to be created.
        elsewhere: missing steps that will not be created -> the number of rows, which go to the
            ends.
    """

    people: list[Owner]
    asked: list[Owner]
    unassigned: dict[str, int]
    steps: list[tuple[str, str]]
    pipelines: list[str]
    tags: list[str]
    elsewhere: dict[str, int]

    @property
    def of_admins(self) -> bool:
        """Whether something is needed that only admins create."""
        return bool(self.people or self.steps or self.pipelines)

    @property
    def anything(self) -> bool:
        """Whether anything is to be created besides the leads."""
        return self.of_admins or bool(self.tags)


def needs(
    told: Forecast, names: Names, choices: Choices, made: Mapping[str, int | None] | None = None
) -> Needs:
    """Return what the choices imply for the names in a file.

    Args:
        made: owners that are settled already (see `owners.fates`).
    """
    fate = fates(told.owners, names, choices, made or {})
    pipelines, steps, elsewhere = _steps(told, names, choices)
    tags = Called(names.tags)
    return Needs(
        people=fate.new,
        asked=fate.asked,
        unassigned={owner.name: owner.rows for owner in fate.nobody},
        steps=steps,
        pipelines=pipelines,
        tags=[tag for tag in told.tags.values() if tags.find(tag) is None],
        elsewhere=elsewhere,
    )


def _steps(
    told: Forecast, names: Names, choices: Choices
) -> tuple[list[str], list[tuple[str, str]], dict[str, int]]:
    chosen = choices.chosen(names)
    usual = chosen.name if chosen else choices.pipeline_name.strip()
    pipelines: dict[str, str] = {} if chosen else {same(usual): usual}
    steps: dict[tuple[int | str, str], tuple[str, str]] = {}
    elsewhere: dict[str, int] = {}
    for (pipeline, step), rows in told.steps.items():
        named = pipeline or usual
        known = names.pipeline_named(named)
        if known is None and choices.new_steps:
            pipelines.setdefault(same(named), named)
        if not step or (known and Called(names.pipelines[known]).find(step)):
            continue
        if choices.new_steps:
            steps.setdefault((known.pk if known else same(named), same(step)), (named, step))
        else:
            elsewhere[step] = elsewhere.get(step, 0) + rows
    return list(pipelines.values()), list(steps.values()), elsewhere
