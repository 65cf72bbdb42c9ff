"""The kinds of object that people comment on: adding one takes only an entry here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet
from django.http import HttpRequest

from custode.clients.models import ClientFolder
from custode.guard.kinds import Kind
from custode.guard.owned import Guarded
from custode.kernel.actor import Actor
from custode.leads import deals
from custode.leads.models import Lead
from custode.prospecting.models import Prospect, ProspectingList
from custode.web.clients import story as folder_story
from custode.web.clients.finding import folder_or_404
from custode.web.leads import choices
from custode.web.leads.page import story as lead_story
from custode.web.prospecting import list_story
from custode.web.prospecting import story as prospect_story
from custode.web.prospecting.finding import list_or_404, prospect_or_404
from custode.web.shell.story import Line


@dataclass(frozen=True, slots=True)
class Subject:
    """A kind of object that people comment on.

    Args:
        kind: its declaration.
        page: the name of its page's URL pattern.
        find: returns the object with a number; raises 404 if the person cannot see it.
        lines: returns lines of its history before a line's number (0: the newest), up to a maximum.
        leads: the leads whose comments and e-mails its timeline tells too, as far as the actor
            sees them.
    """

    kind: Kind
    page: str
    find: Callable[[HttpRequest, int], Any]
    lines: Callable[[Actor, Any, int, int], list[Line]]
    leads: Callable[[Actor, Any], QuerySet[Lead]] | None = None

    @property
    def history(self) -> str:
        """Return the name of the address with more of its timeline."""
        return f"{self.page}_history"

    @property
    def comments(self) -> str:
        """Return the name of the address at which a comment on it is written."""
        return f"{self.page}_comments"


SUBJECTS: Final = {
    one.kind.name: one
    for one in (
        Subject(Lead.kind, "lead", choices.lead_or_404, lead_story.lines),
        Subject(
            ClientFolder.kind, "folder", folder_or_404, folder_story.lines, leads=deals.in_folder
        ),
        Subject(Prospect.kind, "prospect", prospect_or_404, prospect_story.lines),
        Subject(ProspectingList.kind, "prospecting_talk", list_or_404, list_story.lines),
    )
}


def subject_of(about: Guarded) -> Subject:
    """Return the entry of an object's kind."""
    return SUBJECTS[about.kind.name]
