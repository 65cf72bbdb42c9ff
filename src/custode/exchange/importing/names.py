"""The names that an account has already, and what a file's names mean among them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from custode.exchange.importing.own import Own
from custode.exchange.reading import Known
from custode.kernel.actor import Actor
from custode.kernel.text import fold
from custode.leads import sight
from custode.leads.models import Pipeline, Step, Tag
from custode.people.models import User


def same(name: str) -> str:
    """What two spellings of one name have in common."""
    return " ".join(fold(name).replace(",", " ").split())


def who(name: str) -> str:
    """What the spellings of one person's name have in common.

    First and last name stand in either order, wherever one ends and the other begins, so that of
    all turns of the words one stands for all: `Rossi, Mario` is `mario rossi`.
    """
    words = same(name).split()
    return " ".join(min((words[n:] + words[:n] for n in range(len(words))), default=[]))


N = TypeVar("N", Pipeline, Step, Tag)


class Called(Generic[N]):
    """Things by their names, to be found by any spelling: one that is written just so first."""

    def __init__(self, things: Iterable[N]) -> None:
        self._alike: dict[str, list[N]] = {}
        for one in things:
            self._alike.setdefault(same(one.name), []).append(one)

    def find(self, name: str) -> N | None:
        """The thing of this name."""
        alike = self._alike.get(same(name), [])
        return next((one for one in alike if one.name == name), alike[0] if alike else None)


@dataclass(frozen=True, slots=True)
class Names:
    """Everything of the account in scope that a file can name.

    Args:
        pipelines: each with its steps, in order.
        users: the people to whom whoever imports may give leads.
        tags: all its tags.
        own: the default fields of its leads.
    """

    pipelines: dict[Pipeline, list[Step]]
    users: list[User]
    tags: list[Tag]
    own: Own

    @classmethod
    def load(cls, actor: Actor) -> Names:
        """What there is now, for this actor."""
        steps: dict[int, list[Step]] = {}
        for step in Step.offered.order_by("position", "pk"):
            steps.setdefault(step.pipeline_id, []).append(step)
        pipelines = {one: steps.get(one.pk, []) for one in Pipeline.offered.all()}
        users = list(sight.heirs(actor).order_by("first_name", "last_name", "pk"))
        return cls(pipelines, users, list(Tag.offered.all()), Own.load())

    def known(self, pipeline: Pipeline | None = None) -> Known:
        """The names, for the reader's guesses."""
        steps = self.pipelines.get(pipeline, []) if pipeline else self._all_steps()
        return Known(
            pipelines=[one.name for one in self.pipelines],
            steps=[step.name for step in steps],
            users=[user.get_full_name() for user in self.users],
            tags=[tag.name for tag in self.tags],
            own=self.own.sorts,
        )

    def _all_steps(self) -> list[Step]:
        return [step for steps in self.pipelines.values() for step in steps]

    def people(self) -> dict[str, list[User]]:
        """Who may be meant by a name, as `who` has it, or by an address."""
        found: dict[str, list[User]] = {}
        for user in self.users:
            for key in {who(user.get_full_name()), who(user.email or "")} - {""}:
                found.setdefault(key, []).append(user)
        # A name that somebody has who is here, and somebody who was, means the former.
        return {key: [u for u in users if u.is_active] or users for key, users in found.items()}

    def pipeline_named(self, name: str) -> Pipeline | None:
        """The pipeline of this name."""
        return Called(self.pipelines).find(name)

    def usual_pipeline(self) -> Pipeline:
        """The pipeline that new leads go to."""
        return min(self.pipelines, key=lambda one: (not one.is_default, one.position, one.pk))
