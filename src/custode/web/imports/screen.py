"""The interface of what each kind of import shows on the pages shared by all."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from django.http import HttpRequest, HttpResponse

from custode.exchange.models import ImportRun
from custode.guard.kinds import Kind
from custode.kernel.actor import Actor


class Screen(ABC):
    """A kind of import.

    Attributes:
        kind: the kind of object that the rows become.
        outcome: the template of a trial's findings.
    """

    kind: Kind
    outcome: str

    @abstractmethod
    def kept(self, request: HttpRequest, run: ImportRun) -> HttpResponse:
        """Show the page with the stored mapping."""

    @abstractmethod
    def changed(self, request: HttpRequest, run: ImportRun) -> HttpResponse:
        """Show the page with the mapping as just sent."""

    @abstractmethod
    def keep(self, request: HttpRequest, run: ImportRun) -> HttpResponse | None:
        """Store what was sent and start the trial; or return the page with what is wrong."""

    @abstractmethod
    def tried(self, actor: Actor, run: ImportRun) -> dict[str, Any]:
        """Return a trial's findings: `comes`, `refused`, `refusals`, `go` (the button's label)."""

    @abstractmethod
    def came(self, actor: Actor, run: ImportRun) -> dict[str, Any]:
        """Return a finished import's `left`, `left_words`, `show` (an address) and `show_words`."""
