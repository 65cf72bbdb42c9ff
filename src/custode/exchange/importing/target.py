"""Import targets: what rows of a file can become; everything else is shared.

A target studies the file's columns, tries the whole file, decides whether it may start, and returns
an intake, which saves the rows chunk by chunk. Everything else (upload, progress, refusals, log,
crashes, stopping, undoing) is the same for all (`runs`, `job`, `arrival`).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import Any

from custode.exchange.importing.studies import Study
from custode.exchange.models import ImportRun
from custode.exchange.reading import Interpreted, Table
from custode.guard.kinds import Kind
from custode.guard.models import TrashEntry
from custode.guard.owned import Guarded
from custode.kernel.actor import Actor


class Intake(ABC):
    """Saves the rows of one run.

    Attributes:
        root: the kind of the act in the log and, after an undo, of the entry in the trash.
        into: the name of the one thing that the rows are added to, if any; for the log.
    """

    root: Kind
    into: str = ""

    @abstractmethod
    def rows(self) -> Iterator[Interpreted[Any]]:
        """Yield each row of the file, from the first, as a draft or as refusals."""

    @abstractmethod
    def arrive(self, entry: TrashEntry, drafts: Sequence[Any]) -> Sequence[Guarded]:
        """Save what these drafts describe under the entry, within `door.import_chunk`."""

    def is_over(self) -> None:  # noqa: B027  # most have nothing to do then
        """Finish, after all rows are imported and released."""


class Target(ABC):
    """A kind of object that rows of a file become.

    Attributes:
        kind: its declaration.
    """

    kind: Kind

    @abstractmethod
    def propose(self, run: ImportRun, actor: Actor, table: Table, told: Study) -> None:
        """Set the run's mapping and choices to a proposal."""

    @abstractmethod
    def try_whole(self, run: ImportRun, actor: Actor, table: Table) -> str:
        """Set the run's forecast and number of rows; return a question for a person, if any.

        Raises:
            Invalid: the file cannot be imported like this; it is sent back to be mapped.
        """

    @abstractmethod
    def require_ready(self, run: ImportRun, actor: Actor) -> None:
        """Raise `Invalid` or `Refused` unless the rows of a tried run may be imported."""

    @abstractmethod
    def intake(self, run: ImportRun, actor: Actor, table: Table) -> Intake:
        """Create or find what the rows need, and return the intake; raise as `require_ready`."""

    def give_back(self, run: ImportRun, system: Actor) -> None:  # noqa: B027  # most leave it
        """Remove what a run that was given up had created besides its rows."""
