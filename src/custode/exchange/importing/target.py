"""What rows of a file can become: each sort of thing says how, the machinery is one.

A target reads the file's columns, tries the whole file, says whether it may start, and makes an
intake, which lets the rows arrive chunk by chunk. All else (the upload, progress, refusals, the
log, crashes, stopping, undoing) is the same for all (`runs`, `job`, `arrival`).
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
    """The rows of one run, as they come in.

    Attributes:
        root: the kind under whose name the act stands in the log and lies in the trash when it is
            undone.
        into: the name of what the rows come into, if it is one thing; for the log.
    """

    root: Kind
    into: str = ""

    @abstractmethod
    def rows(self) -> Iterator[Interpreted[Any]]:
        """Each row of the file, from the first, as a draft or as refusals."""

    @abstractmethod
    def arrive(self, entry: TrashEntry, drafts: Sequence[Any]) -> Sequence[Guarded]:
        """Save what these drafts mean under the entry, within `door.arriving`."""

    def is_over(self) -> None:  # noqa: B027  # most have nothing to do then
        """All rows are in and out in the open."""


class Target(ABC):
    """A sort of thing that rows of a file become.

    Attributes:
        kind: its declaration.
    """

    kind: Kind

    @abstractmethod
    def propose(self, run: ImportRun, actor: Actor, table: Table, told: Study) -> None:
        """Set the run's mapping and choices to what is likely."""

    @abstractmethod
    def try_whole(self, run: ImportRun, actor: Actor, table: Table) -> str:
        """Set the run's forecast and the number of its rows; gives what a person must answer.

        Raises:
            Invalid: the file cannot come in like this; the sentence sends it back to be mapped.
        """

    @abstractmethod
    def require_ready(self, run: ImportRun, actor: Actor) -> None:
        """Raise `Invalid` or `Refused` unless the rows of a tried run may come in."""

    @abstractmethod
    def intake(self, run: ImportRun, actor: Actor, table: Table) -> Intake:
        """Make or find what the rows need, and let them in; raises as `require_ready` does."""

    def give_back(self, run: ImportRun, system: Actor) -> None:  # noqa: B027  # most leave it
        """Take back what a run that was given up had made besides its rows."""
