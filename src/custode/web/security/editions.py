"""What an account of the other edition is answered at the addresses of the sensitive actions."""

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
    """A page beside the list of actions, for whose edition it is not.

    Args:
        title: what it is called.
        does: what it is for.
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
    request: HttpRequest, actor: Actor, verb: Verb, tried: door.Tried | None = None,
    page: Explained | None = None,
) -> HttpResponse:  # fmt: skip
    """The page explains itself to who looks; what is sent there is refused, and logged.

    Args:
        tried: what is sent, for the entry of its refusal.
        page: which page it is; None for the list of actions.

    Raises:
        Refused: a form was sent.
    """
    if request.method == "POST":
        why = _("The sensitive actions are part of the Dream Team edition.")
        door.turn_away(actor, verb, "", why, because="edition", tried=tried or door.Tried())
    return render(request, "security/other_edition.html", {"page": page})
