"""What an import has made for itself besides its leads, kept with the run."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(slots=True)
class Made:
    """What was made so far: a run that goes on after a crash makes nothing twice.

    It also tells what is left when the import is undone.

    Args:
        owners: owner (`names.who`) -> the user's number, None for nobody; whom a name means is
            settled once, before the first row.
        last: pipeline's number -> the number of the step that was its last before any were added:
            where closed leads go that name no step.
        people, pipelines, steps, tags: the numbers of those made; a new pipeline's steps are told
            by the pipeline.
        whole: whether all is made and settled.
    """

    owners: dict[str, int | None] = field(default_factory=dict)
    last: dict[str, int] = field(default_factory=dict)
    people: list[int] = field(default_factory=list)
    pipelines: list[int] = field(default_factory=list)
    steps: list[int] = field(default_factory=list)
    tags: list[int] = field(default_factory=list)
    whole: bool = False

    def as_dict(self) -> dict[str, Any]:
        """To be kept as JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Made:
        """What `as_dict` wrote."""
        return cls(**data)
