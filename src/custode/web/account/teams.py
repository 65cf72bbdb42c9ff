"""The pages of the account's teams: their members, and who manages them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from custode.accounts import reach
from custode.accounts.editions import Feature, has
from custode.guard.door import Attempt
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry, Outcome
from custode.kernel.address import whole
from custode.kernel.errors import Invalid, Overtaken
from custode.people import teams
from custode.people.models import Membership, Team, User
from custode.web.security.reading import told
from custode.web.shell import overtaken
from custode.web.shell.requests import account_of, admit
from custode.web.shell.toasts import tell
from custode.web.shell.words import actor_name

_MOST_READ: Final = 50
"""The maximum number of changes of teams among which the last one of a team is looked for."""


@dataclass(frozen=True, slots=True)
class Line:
    """A team with its members, managers first."""

    team: Team
    managers: list[User]
    members: list[User]


@require_GET
def teams_page(request: HttpRequest) -> HttpResponse:
    """List all teams by name."""
    admit(request, Verb.USERS)
    account = account_of(request)
    words = {
        "tab": "teams",
        "lines": _lines(),
        "has_teams": has(account.edition, Feature.TEAMS),
        "teams_count": reach.teams_count(account),
    }
    return render(request, "teams/teams.html", words)


def _lines() -> list[Line]:
    lines = {team.pk: Line(team, [], []) for team in Team.objects.all()}
    people = Membership.objects.select_related("user").order_by(
        "user__first_name", "user__last_name", "pk"
    )
    for one in people:
        line = lines[one.team_id]
        (line.managers if one.manages else line.members).append(one.user)
    return list(lines.values())


@require_http_methods(["GET", "POST"])
def new_team(request: HttpRequest) -> HttpResponse:
    """Make a team."""
    actor = admit(request, Verb.USERS, Attempt(1, {"team": "created"}))
    if request.method != "POST":
        return _form(request, None, "", {})
    name, members = _sent(request)
    try:
        team = teams.create(actor, name, members)
    except Invalid as error:
        return _form(request, None, name, members, error)
    tell(request, _("The team “%(team)s” was made.") % {"team": team})
    return redirect("teams")


@require_http_methods(["GET", "POST"])
def team_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show or change a team: its name and its members."""
    actor = admit(request, Verb.USERS, _on_team(pk, "changed"))
    team = get_object_or_404(Team, pk=pk)
    if request.method != "POST":
        return _form(request, team, team.name, teams.members_of(team))
    name, members = _sent(request)

    def look(now: Team) -> None:
        """Raise `Overtaken` if the team has changed since its form was opened."""
        if request.POST.get("was") not in {None, _was(now)}:
            raise Overtaken(overtaken.by_whom(""), field="members")

    try:
        teams.change(actor, team, name, members, look=look)
    except Invalid as error:
        return _form(request, get_object_or_404(Team, pk=pk), name, members, error)
    tell(request, _("Saved."))
    return redirect("teams")


@require_POST
def dissolve(request: HttpRequest, pk: int) -> HttpResponse:
    """Dissolve a team; its members stay users."""
    actor = admit(request, Verb.USERS, _on_team(pk, "dissolved"))
    team = get_object_or_404(Team, pk=pk)
    teams.dissolve(actor, team)
    tell(request, _("The team “%(team)s” is dissolved.") % {"team": team.name})
    return redirect("teams")


def _on_team(pk: int, what: str) -> Attempt:
    found = Team.objects.filter(pk=pk).first()
    return Attempt(1, {"team": what}, [found.name] if found else [])


def _sent(request: HttpRequest) -> tuple[str, dict[int, bool]]:
    """Return the name and the members that were sent; a manager is always a member."""
    managers = {whole(text) for text in request.POST.getlist("managers")}
    members = managers | {whole(text) for text in request.POST.getlist("members")}
    name = request.POST.get("name", "").replace("\x00", "")
    return name, {pk: pk in managers for pk in members}


def _form(
    request: HttpRequest, team: Team | None, name: str, members: dict[int, bool],
    mistake: Invalid | None = None,
) -> HttpResponse:  # fmt: skip
    """Render the form: first the members, then all other users."""
    people = User.objects.filter(Q(disabled_at=None) | Q(pk__in=members))
    shown = [
        (user, user.pk in members, members.get(user.pk, False))
        for user in people.order_by("first_name", "last_name", "pk")
    ]
    words: dict[str, Any] = {
        "tab": "teams",
        "team": team,
        "name": name,
        "people": sorted(shown, key=lambda one: not one[1]),
        "mistakes": {mistake.field: str(mistake)} if mistake else {},
        "was": _was(team) if team else "",
    }
    if team and isinstance(mistake, Overtaken):
        words["mistakes"] = _what_stands(team, name, members, mistake.field)
    elif mistake:
        # Another mistake comes first: what has changed in the meantime was not shown yet.
        words["was"] = request.POST.get("was", "")
    return render(request, "teams/team.html", words, status=422 if mistake else 200)


def _was(team: Team) -> str:
    """Return a fingerprint that shows whether a team has changed since its form was opened."""
    return overtaken.fingerprint((team.name, sorted(teams.members_of(team).items())))


def _what_stands(team: Team, name: str, members: dict[int, bool], field: str) -> dict[str, str]:
    """Return the messages of a form that was overtaken: by whom, and what stands there now."""
    now = teams.members_of(team)
    people = User.objects.filter(pk__in=now).order_by("first_name", "last_name", "pk")
    said = [
        (_("%(user)s manages the team") if now[user.pk] else _("%(user)s is a member"))
        % {"user": user}
        for user in people
    ]
    return overtaken.beside(
        Overtaken(overtaken.by_whom(_last(team)), field=field),
        {"name": name, "members": repr(sorted(members.items()))},
        {"name": team.name, "members": repr(sorted(now.items()))},
        {"members": ", ".join(said)},
    )


def _last(team: Team) -> str:
    """Return the name of whoever changed a team last, by the log; "" if it does not say."""
    acts = LogEntry.objects.filter(
        verb=Verb.USERS, outcome=Outcome.DONE, details__contains='"team":"changed"'
    )
    for act in told(list(acts.order_by("-seq")[:_MOST_READ])):
        if team.name in act.person.get("labels", ()):
            return actor_name(act.entry.actor_kind, str(act.person.get("actor", "")))
    return ""
