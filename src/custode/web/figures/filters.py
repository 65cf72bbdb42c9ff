"""Read the address of the page of figures: months, a pipeline, a team, a person."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import gettext as _

from custode.accounts import editions
from custode.accounts.editions import Feature
from custode.kernel.address import whole
from custode.leads.filters import EARLIEST, LATEST, MINE, NOBODY, Filter
from custode.leads.models import Pipeline
from custode.leads.performance import MOST_MONTHS, Month
from custode.leads.queries import today
from custode.people.models import Membership, Team, User
from custode.web.leads import choices
from custode.web.shell.requests import account_of, actor_of

USUAL: Final = 12
"""The default number of months, including the current one."""
_MONTH: Final = re.compile(r"(\d{4})-(\d{2})")


@dataclass(frozen=True, slots=True)
class Asked:
    """The requested figures, and messages about parameters that could not be read.

    Args:
        team, pipeline: a number; 0 for all.
        person: `me`, `none`, a user's number or "" for everybody.
    """

    first: Month
    last: Month
    pipeline: int = 0
    team: int = 0
    person: str = ""
    complaints: tuple[str, ...] = ()

    @property
    def months(self) -> list[Month]:
        """Return the months in order."""
        return self.first.until(self.last)

    def query(self) -> str:
        """Return the query string of this request."""
        pairs = {
            "from": f"{self.first.year:04}-{self.first.month:02}",
            "to": f"{self.last.year:04}-{self.last.month:02}",
            "pipeline": self.pipeline or "",
            "team": self.team or "",
            "person": self.person,
        }
        return urlencode({name: value for name, value in pairs.items() if value})

    def but(self, first: Month, last: Month) -> str:
        """Return the query string with other months."""
        return replace(self, first=first, last=last).query()

    def filter(self, members: tuple[str, ...]) -> Filter:
        """Return the filter of the leads that count, as the list of leads has it.

        Args:
            members: the numbers of the team's members.
        """
        owners: tuple[str, ...] = (self.person,) if self.person else ()
        if self.team:
            # Of a team only: a person who is not in it has no leads in it.
            owners = tuple(one for one in owners if one in members) if owners else members
            owners = owners or ("0",)
        return Filter(pipeline=self.pipeline or None, owners=owners)


def teams_of(request: HttpRequest) -> list[Team]:
    """Return the teams that can be selected: for admins all, for others those that they manage."""
    account, actor = account_of(request), actor_of(request)
    if not (account.teams_on and editions.has(account.edition, Feature.TEAMS)):
        return []
    if actor.is_admin:
        return list(Team.objects.all())
    managed = Membership.objects.filter(user=actor.user_id, manages=True)
    return list(Team.objects.filter(pk__in=managed.values("team")))


def members_of(team: int) -> tuple[str, ...]:
    """Return the numbers of a team's members, as the list's filter has owners."""
    if not team:
        return ()
    rows = Membership.objects.filter(team=team).order_by("user_id")
    return tuple(str(pk) for pk in rows.values_list("user_id", flat=True))


def read(request: HttpRequest, teams: list[Team], people: list[User]) -> Asked:
    """Read the address; invalid parameters are left out and reported."""
    complaints: list[str] = []
    first, last = _months(request, complaints)
    pipeline = whole(request.GET.get("pipeline", ""))
    team, person = whole(request.GET.get("team", "")), request.GET.get("person", "")
    known = {MINE, NOBODY, "", *(str(one.pk) for one in people)}
    if pipeline and not Pipeline.offered.filter(pk=pipeline).exists():
        pipeline = 0
        _unknown(complaints)
    if team and team not in {one.pk for one in teams}:
        team = 0
        _unknown(complaints)
    if person not in known:
        person = ""
        _unknown(complaints)
    if person == MINE and (mine := actor_of(request).user_id):
        person = str(mine)
    return Asked(first, last, pipeline, team, person, tuple(dict.fromkeys(complaints)))


def _unknown(complaints: list[str]) -> None:
    complaints.append(_("The filter has a choice that there is not. It was left out."))


def _months(request: HttpRequest, complaints: list[str]) -> tuple[Month, Month]:
    now = Month.of(today())
    first = _month(request.GET.get("from", ""), complaints)
    last = _month(request.GET.get("to", ""), complaints)
    last = last or (max(now, first) if first else now)
    first = first or last.after(1 - USUAL)
    if first > last:
        first, last = last, first
    if len(first.until(last)) > MOST_MONTHS:
        complaints.append(
            _("At most %(n)s months are shown: the last ones of those asked for.")
            % {"n": MOST_MONTHS}
        )
        first = last.after(1 - MOST_MONTHS)
    return first, last


def _month(text: str, complaints: list[str]) -> Month | None:
    if not text:
        return None
    match = _MONTH.fullmatch(text)
    year, month = (int(match[1]), int(match[2])) if match and text.isascii() else (0, 0)
    # The list's filter accepts days in these years.
    if not (EARLIEST.year < year < LATEST.year and 1 <= month <= 12):
        complaints.append(
            _("“%(value)s” is not a month. This part of the filter was left out.")
            % {"value": text[:20]}
        )
        return None
    return Month(year, month)


def owners(request: HttpRequest) -> list[User]:
    """Return the users whose leads the person sees."""
    return choices.owners(request)
