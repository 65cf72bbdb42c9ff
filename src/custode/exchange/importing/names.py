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
    """Return the normalised form that the spellings of one name share."""
    return " ".join(fold(name).replace(",", " ").split())


def who(name: str) -> str:
    """Return the normalised form that the spellings of one person's name share.

    First and last name may come in either order, and their boundary does not matter, so one
    rotation of the words stands for all: `Rossi, Mario` equals `mario rossi`.
    """
    words = same(name).split()
    return " ".join(min((words[n:] + words[:n] for n in range(len(words))), default=[]))


N = TypeVar("N", Pipeline, Step, Tag)


class Called(Generic[N]):
    """Objects by name, found by any spelling; an exact match comes first."""

    def __init__(self, things: Iterable[N]) -> None:
        self._alike: dict[str, list[N]] = {}
        for one in things:
            self._alike.setdefault(same(one.name), []).append(one)

    def find(self, name: str) -> N | None:
        """Return the object of this name."""
        alike = self._alike.get(same(name), [])
        return next((one for one in alike if one.name == name), alike[0] if alike else None)


@dataclass(frozen=True, slots=True)
class Names:
    """Everything in the account in scope that a file can name.

    Args:
        pipelines: each with its steps, in order.
        users: the people to whom the importing user may assign leads.
        tags: all its tags.
        own: the default fields of its leads.
    """

    pipelines: dict[Pipeline, list[Step]]
    users: list[User]
    tags: list[Tag]
    own: Own

    @classmethod
    def load(cls, actor: Actor) -> Names:
        """Return what exists now, for this actor."""
        steps: dict[int, list[Step]] = {}
        for step in Step.offered.order_by("position", "pk"):
            steps.setdefault(step.pipeline_id, []).append(step)
        pipelines = {one: steps.get(one.pk, []) for one in Pipeline.offered.all()}
        users = list(sight.heirs(actor).order_by("first_name", "last_name", "pk"))
        return cls(pipelines, users, list(Tag.offered.all()), Own.load())

    def known(self, pipeline: Pipeline | None = None) -> Known:
        """Return the names, for the reader's guesses."""
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
        """Return the users that a name, in the form of `who`, or an address may mean."""
        found: dict[str, list[User]] = {}
        for user in self.users:
            for key in {who(user.get_full_name()), who(user.email or "")} - {""}:
                found.setdefault(key, []).append(user)
        # A name shared by an active and a disabled user means the active one.
        return {key: [u for u in users if u.is_active] or users for key, users in found.items()}

    def pipeline_named(self, name: str) -> Pipeline | None:
        """Return the pipeline of this name."""
        return Called(self.pipelines).find(name)

    def usual_pipeline(self) -> Pipeline:
        """Return the pipeline for new leads."""
        return min(self.pipelines, key=lambda one: (not one.is_default, one.position, one.pk))
