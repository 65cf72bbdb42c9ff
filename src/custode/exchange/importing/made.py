"""What an import has created besides its leads, stored with the run."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(slots=True)
class Made:
    """What was created so far, so that a run that continues after a crash creates nothing twice.

    It also tells what remains when the import is undone.

    Args:
        owners: owner (`names.who`) -> the user's number, None for nobody; the meaning of each name
            is settled once, before the first row.
        last: pipeline's number -> the number of its last step before any were added, for closed
            leads that name no step.
        people, pipelines, steps, tags: the numbers of those created; a new pipeline's steps are not
            listed.
        whole: whether everything is created and settled.
    """

    owners: dict[str, int | None] = field(default_factory=dict)
    last: dict[str, int] = field(default_factory=dict)
    people: list[int] = field(default_factory=list)
    pipelines: list[int] = field(default_factory=list)
    steps: list[int] = field(default_factory=list)
    tags: list[int] = field(default_factory=list)
    whole: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return a dict to be stored as JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Made:
        """Return the value that `as_dict` stored."""
        return cls(**data)
