"""The responses of the pages of sensitive actions in an edition that lacks them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from custode.guard import door
from custode.guard.kinds import Verb
from custode.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Explained:
    """A page beside the list of actions that this edition lacks.

    Args:
        title: its title.
        does: its purpose.
    """

    title: Promise
    does: Promise


CHECK: Final = Explained(
    gettext_lazy("Check of the log"),
    gettext_lazy(
        "It says whether anybody changed, removed or slipped in entries of the log in the database"
        " itself, and against a checkpoint that you kept, whether any were cut off at the end."
    ),
)
WHOSE: Final = Explained(
    gettext_lazy("Whose export is this file?"),
    gettext_lazy(
        "A file that was found somewhere is compared with what is kept of each export: it says who"
        " exported its rows, and when."
    ),
)


def other_edition(
    request: HttpRequest, actor: Actor, verb: Verb, tried: door.Attempt | None = None,
    page: Explained | None = None,
) -> HttpResponse:  # fmt: skip
    """Explain the page to a reader; refuse and log a form that is sent.

    Args:
        tried: what was sent, for the log entry of the refusal.
        page: the page; None for the list of actions.

    Raises:
        Refused: a form was sent.
    """
    if request.method == "POST":
        why = _("The sensitive actions are part of the Dream Team edition.")
        door.refuse(actor, verb, "", why, because="edition", tried=tried or door.Attempt())
    return render(request, "security/other_edition.html", {"page": page})
