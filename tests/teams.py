"""A team in Ferri: Ugo manages the North, where Bruna and Dino sell; Elsa is in no team.

Each of them has one lead that bears their name, and one belongs to nobody.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.test import Client

from custode.accounts import sharing
from custode.accounts.sharing import Sharing
from custode.kernel import scope
from custode.leads.models import Lead
from custode.people import teams
from custode.people.models import Role, Team, User
from tests.cast import Cast, person

OPEN = Sharing(
    visibility="shared", teams_on=False, team_visibility="managers", assigning="everybody"
)
"""What a new account has set."""
SETTINGS = {
    "everything is shared": OPEN,
    "shared, members see in teams": Sharing("shared", True, "members", "everybody"),
    "shared, admins alone see in teams": Sharing("shared", True, "admins", "everybody"),
    "own only, no teams": Sharing("admins", False, "members", "everybody"),
    "own only, admins alone see in teams": Sharing("admins", True, "admins", "everybody"),
    "own only, managers see in teams": Sharing("admins", True, "managers", "everybody"),
    "own only, members see in teams": Sharing("admins", True, "members", "everybody"),
}
ALL = "Anna Ugo Bruna Dino Elsa nobody"
TEAM = "Ugo Bruna Dino nobody"


@dataclass(frozen=True)
class North:
    """Who is in the team, and who is not."""

    cast: Cast
    team: Team
    people: dict[str, User]
    leads: dict[str, Lead]

    def settle(self, settings: str | Sharing) -> None:
        """Anna sets who sees what."""
        wanted = SETTINGS[settings] if isinstance(settings, str) else settings
        sharing.change(self.cast.actor(self.people["Anna"]), wanted)
        for one in self.people.values():
            one.account.refresh_from_db()


def north(cast: Cast) -> North:
    """Everybody with a lead each, and Ugo's team."""
    anna = cast.actor(cast.anna)
    people = {"Anna": cast.anna, "Ugo": cast.ugo, "Bruna": cast.bruna}
    for first, last in (("Dino", "Rota"), ("Elsa", "Neri")):
        people[first] = person(cast.ferri, first, last, Role.USER)
    sharing.change(anna, Sharing("shared", True, "managers", "everybody"))
    members = {"Ugo": True, "Bruna": False, "Dino": False}
    team = teams.create(anna, "North", {people[name].pk: on for name, on in members.items()})
    sharing.change(anna, OPEN)
    with scope.account(cast.ferri.account.pk):
        leads = {name: cast.lead(people.get(name), f"Lead of {name}") for name in ALL.split()}
    return North(cast, team, people, leads)


def client_of(who: User) -> Client:
    """Somebody's browser."""
    client = Client()
    with scope.everywhere("a test signs in"):
        client.force_login(who)
    return client


def told(text: str) -> set[str]:
    """Whose leads a page or a file names."""
    return {name for name in ALL.split() if f"Lead of {name}" in text}
