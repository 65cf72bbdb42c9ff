"""What each sort of import shows on the pages that all of them share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from django.http import HttpRequest, HttpResponse

from custode.exchange.models import ImportRun
from custode.guard.kinds import Kind
from custode.kernel.actor import Actor


class Screen(ABC):
    """A sort of import.

    Attributes:
        kind: what the rows become.
        outcome: the template of what a trial found.
    """

    kind: Kind
    outcome: str

    @abstractmethod
    def kept(self, request: HttpRequest, run: ImportRun) -> HttpResponse:
        """The mapping's page, as it is kept."""

    @abstractmethod
    def changed(self, request: HttpRequest, run: ImportRun) -> HttpResponse:
        """The mapping's page, as it was just sent."""

    @abstractmethod
    def keep(self, request: HttpRequest, run: ImportRun) -> HttpResponse | None:
        """Keep what was sent and have it tried; or the page again that says what is wrong."""

    @abstractmethod
    def tried(self, actor: Actor, run: ImportRun) -> dict[str, Any]:
        """What a trial found: `comes`, `refused`, `refusals`, `go` (the words of the button)."""

    @abstractmethod
    def came(self, actor: Actor, run: ImportRun) -> dict[str, Any]:
        """Of one that came in: `left`, `left_words`, `show` (an address) and `show_words`."""
