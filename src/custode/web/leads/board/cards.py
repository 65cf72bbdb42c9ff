"""The cards of the board: their contents are computed once, so that large boards stay fast."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from custode.kernel.actor import Actor
from custode.leads import moves
from custode.leads.models import Lead
from custode.leads.pages import tags_of
from custode.leads.queries import today
from custode.web.leads.list.columns import day
from custode.web.shell import icons, tags, words

LONGEST: Final = 120
"""The maximum number of characters of a title on a card."""
MOST_TAGS: Final = 3


@dataclass(frozen=True, slots=True)
class Card:
    """A card. `reminder` is the day in words, `urgency` its class: overdue, due or none.

    `fixed` says why the person cannot move it; "" when they can.
    """

    pk: int
    url: str
    title: str
    starred: bool
    tags: list[str]
    more: list[str]
    amount: str
    reminder: str
    urgency: str
    owner: SafeString
    fixed: str


def of(actor: Actor, leads: Iterable[Lead]) -> dict[int, Card]:
    """Return the cards of some leads by number: one query for all their tags, one for rights."""
    found = list(leads)
    names = tags_of(lead.pk for lead in found)
    mine = moves.editable(actor, found)
    return {
        lead.pk: _card(lead, names.get(lead.pk, []), "" if lead.pk in mine else moves.why_not(lead))
        for lead in found
    }


def icons_of_cards() -> dict[str, SafeString]:
    """Return the icons on every card, rendered once."""
    return {
        "star": icons.icon("star", 14),
        "move": icons.icon("ellipsis-vertical", 16),
        "fixed": icons.icon("shield", 16),
        "clock": icons.icon("alarm-clock", 14),
    }


def _card(lead: Lead, names: list[str], fixed: str) -> Card:
    title = lead.title
    return Card(
        pk=lead.pk,
        url=reverse("lead", args=[lead.pk]),
        title=title if len(title) <= LONGEST else Truncator(title).chars(LONGEST),
        starred=lead.starred,
        tags=names[:MOST_TAGS],
        more=names[MOST_TAGS:],
        amount=words.money(lead.amount_minor, lead.currency),
        reminder=_("today") if lead.remind_date == today() else day(lead.remind_date),
        urgency=_urgency(lead),
        owner=tags.avatar(lead.owner),
        fixed=fixed,
    )


def _urgency(lead: Lead) -> str:
    if lead.remind_date is None or not lead.is_open or lead.remind_date > today():
        return ""
    return "due" if lead.remind_date == today() else "overdue"
