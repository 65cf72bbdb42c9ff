"""Every screen, in both themes, on a desktop and on a phone: axe finds nothing."""

from __future__ import annotations

import os
import secrets
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path

import pytest

from custode.accounts import moves as account_moves
from custode.accounts import sharing
from custode.accounts.sharing import Sharing
from custode.clients import moves as folder_moves
from custode.clients.models import ClientFolder
from custode.fields import moves as fields
from custode.guard import door
from custode.guard.kinds import Verb
from custode.guard.models import TrashEntry, TrashState
from custode.kernel import scope
from custode.kernel.actor import Origin
from custode.kernel.errors import Refused
from custode.leads import moves as lead_moves
from custode.leads import tags
from custode.leads.models import Tag
from custode.leads.queries import today
from custode.people import moves as people_moves
from custode.people import teams
from custode.people.models import Team, User
from custode.postsales import moves as process_moves
from custode.postsales.models import ProcessTemplate, Task
from custode.prospecting import columns, outcomes
from custode.prospecting.models import Prospect
from custode.signin import access, leaving, links
from custode.signin.models import Ended, Session
from tests.postsales.processes import a_task, a_template, won
from tests.prospecting.sheets import a_list, row_of
from tests.signin.sessions.making import a_session, days_ago

# Colours hang on the theme alone, and what fits on the width alone: two looks try all four.
LOOKS = [("light", False), ("dark", True)]
# For looking at the screens: the folder that pictures of all of them go to.
PICTURES = os.environ.get("SCREENS_TO", "")
if PICTURES:
    LOOKS += [("dark", False), ("light", True)]
LANGUAGE = os.environ.get("SCREENS_IN", "en")
PHONE_WIDTH = 390
OFFICE = Origin(
    ip="93.40.12.7",
    device="Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/142.0.0.0 Safari/537.36",
)

OF_A_FIRM = "Partita IVA: 01234567890\nPEC: rossi@pec.rossi.example\n\nPays after 60 days."
SCREENS = {
    "search": "/search/?q=press",
    "today": "/today/",
    "today-of-another": "/today/?of={ugo}",
    "clients": "/clients/",
    "client": "/clients/{folder}/",
    "client-new": "/clients/new/",
    "client-edit": "/clients/{folder}/edit/",
    "contact-new": "/clients/{folder}/contacts/",
    "lists": "/prospecting/",
    "lists-found": "/prospecting/?q=rossi",
    "list-new": "/prospecting/new/",
    "list": "/prospecting/{list}/",
    "list-settings": "/prospecting/{list}/settings/",
    "prospect": "/prospects/{prospect}/",
    "tasks": "/post-sales/?who=all",
    "tasks-none": "/post-sales/?when=done",
    "lead-post-sales": "/leads/{won}/",
    "process-new": "/leads/{won}/processes/",
    "task": "/tasks/{task}/",
    "task-standby": "/tasks/{task}/state/",
    "process-templates": "/admin-panel/post-sales/",
    "process-template": "/admin-panel/post-sales/{template}/",
    "trash": "/trash/",
    "trash-entry": "/trash/{entry}/",
    "purge": "/trash/{entry}/purge/",
    "actions": "/security/actions/",
    "account": "/admin-panel/account/",
    "privacy": "/admin-panel/account/privacy/",
    "users": "/admin-panel/users/",
    "user": "/admin-panel/users/{ugo}/",
    "user-disable": "/admin-panel/users/{ugo}/disable/",
    "user-disabled": "/admin-panel/users/{gone}/",
    "user-new": "/admin-panel/users/new/",
    "figures": "/figures/",
    "figures-of-nobody": "/figures/?person=none&from=2020-01&to=2020-03&pipeline=999",
    "fields": "/admin-panel/fields/leads/",
    "fields-of-clients": "/admin-panel/fields/clients/",
    "activities": "/admin-panel/activities/",
    "pipelines": "/admin-panel/pipelines/",
    "step-delete": "/admin-panel/steps/{step}/delete/",
    "pipeline-delete": "/admin-panel/pipelines/{pipeline}/delete/",
    "tags": "/admin-panel/tags/",
    "tag-delete": "/admin-panel/tags/{tag}/delete/",
    "emails": "/admin-panel/emails/",
    "email-template": "/admin-panel/emails/templates/new/",
    "teams": "/admin-panel/teams/",
    "team": "/admin-panel/teams/{team}/",
    "team-new": "/admin-panel/teams/new/",
    "my-password": "/profile/password/",
    "my-address": "/profile/address/",
    "profile": "/profile/",
    "devices": "/profile/devices/",
    "sessions": "/security/sessions/",
    "sessions-past": "/security/sessions/?state=past",
    "sessions-of-a-user": "/security/sessions/?user={ugo}",
    "sessions-asked": "/security/sessions/disconnect/?others=1",
    "actions-of-a-session": "/security/actions/?session={session}",
    "nowhere": "/nowhere/",
}
FOR_VISITORS = {
    "sign-in": "/sign-in/",
    "forgot": "/forgot/",
    "password": "/password/{token}/",
    "address": "/address/{address}/",
    "address-taken": "/address/{taken}/",
    "not-me": "/not-me/{not_me}/",
    "link-over": "/password/1-1-1/",
}


@pytest.fixture
def furnished(people, settings):
    """Leads in the trash, acts and refusals, a rule, somebody without sign-in, sessions."""
    settings.HAS_MAIL = True
    anna, ugo = people.actor(people.anna), people.actor(people.ugo)
    leads = [people.lead(people.ugo, f"Pallet scanner {n}") for n in range(12)]
    door.delete(replace(ugo, origin=OFFICE), leads[:7])
    for n, days in enumerate((-2, 0, 3)):
        day = today() + timedelta(days=days)
        people.lead(people.anna, f"Call about {n}", remind_date=day, remind_time=time(9 + n, 30))
        people.lead(people.ugo, f"Write about {n}", remind_date=day)
    long = "Consorzio per la manutenzione degli impianti " * 4
    door.delete(anna, [people.lead(None, long.strip()[:200])], reason="Twice in the list")
    act = door.delete(anna, leads[7:9])
    door.undo(anna, act.seq)
    account_moves.set_privacy(anna, Verb.DELETE, "lead", True)
    with pytest.raises(Refused):
        door.delete(replace(ugo, origin=OFFICE), leads[9:])
    purged = door.delete(anna, leads[9:10]).entry
    assert purged is not None
    door.purge(anna, purged, reason="A test of the form")
    sharing.change(anna, Sharing("admins", True, "members", "managers"))
    with scope.account(people.ferri.account.pk):
        tags.create(anna, "Fair", tags.create_category(anna, "Source"))
    teams.create(anna, "North and the islands", {people.ugo.pk: True, people.bruna.pk: False})
    with scope.account(people.ferri.account.pk):
        for kind in ("lead", "client_folder"):
            vat = fields.create(anna, kind, "Partita IVA", "text", is_key=True)
            fields.create(anna, kind, f"Region {long[:50]}", "choice", ["North", long[:60]])
            fields.retire(anna, fields.create(anna, kind, "Fax", "phone"), True)
        folder = folder_moves.create(
            anna,
            f"{long[:140]} S.p.A.",
            owner=people.ugo,
            description=OF_A_FIRM,
            own={vat.pk: "0123"},
        )
        folder_moves.add_contact(anna, folder, name="Ada Neri", role="Buyer", phone="02 555")
        for lead in (*leads[7:9], leads[10]):
            lead_moves.edit(anna, lead, client_folder=folder)
        folder_moves.create(anna, "Rossi S.r.l.", owner=people.bruna)
        closed = won(people, title=long.strip()[:200], client_folder=folder)
        process_moves.start(anna, closed, template=a_template(people))
        task = a_task(people, closed, people.ugo, long.strip()[:200], date(2026, 1, 1))
        process_moves.set_state(anna, task, "done")
        prospects = a_list(ugo)
        outcomes.into_leads(ugo, prospects, [row_of(prospects, "Verdi 2000").pk])
        columns.retire(anna, columns.of(prospects)[2], True)
    people_moves.create_named(anna, ["Zelda Fitti"])
    leaving.disable(anna, people_moves.create_named(anna, ["Elio Neri"])["Elio Neri"])
    access.ask_for_address(anna, people.anna, "anna.ferri@casa-nuova.example")
    a_session(people.ugo, browser="Safari", system="iPhone", form="phone")
    for why in Ended:
        a_session(people.anna, ended_at=days_ago(1), ended_why=why, ended_by="Bruna Sala")
    return people


def filled(path, people):
    """The path with the numbers of this database."""
    with scope.account(people.ferri.account.pk):
        entry = TrashEntry.objects.filter(state=TrashState.TRASHED).earliest("pk")
        gone = User.objects.filter(disabled_at__isnull=False).latest("pk")
        session = Session.objects.earliest("pk")
        team = Team.objects.get()
        folder = ClientFolder.objects.earliest("pk")
        tag = Tag.offered.get()
        prospect = Prospect.objects.latest("pk")
        task = Task.objects.select_related("process").earliest("pk")
        template = ProcessTemplate.objects.get()
    return path.format(
        ugo=people.ugo.pk, entry=entry.pk, gone=gone.pk, session=session.pk, team=team.pk,
        tag=tag.pk, step=people.ferri.steps[1].pk, pipeline=people.ferri.pipeline.pk,
        won=task.process.lead_id, task=task.pk, template=template.pk,
        folder=folder.pk, list=prospect.in_list_id, prospect=prospect.pk,
    )  # fmt: skip


def tokens(people):
    """What stands in the links that are mailed."""
    access.ask_for_address(people.actor(people.ugo), people.ugo, "ugo.conti@casa-nuova.example")
    access.ask_for_address(people.actor(people.bruna), people.bruna, "carla@lodi.example")
    with scope.account(people.ugo.account_id):
        row = Session.objects.create(
            user=people.ugo, digest=secrets.token_hex(32), browser="Chrome", system="Windows",
            started_ip="93.40.12.7",
        )  # fmt: skip
    found = {
        "token": links.password_link(people.ugo),
        "address": links.address_link(people.ugo),
        "taken": links.address_link(people.bruna),
        "not_me": links.not_me_link(row),
    }
    return {name: link.rstrip("/").rpartition("/")[2] for name, link in found.items()}


def opened(visit, name, path):
    """The screen, and its picture when somebody wants to look at it."""
    if name in {"nowhere", "link-over"}:
        visit.expect_in_console("404")
    if name == "address-taken":
        visit.expect_in_console("409")
    page = visit.open(path)
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}-{visit.look}.png", full_page=True)
    return page


@pytest.mark.parametrize(("theme", "phone"), LOOKS)
def test_axe_finds_nothing_on_the_screens_of_an_admin(furnished, enter, axe, theme, phone):
    visit = enter(furnished.anna, theme=theme, phone=phone, language=LANGUAGE)
    for name, path in SCREENS.items():
        axe(opened(visit, name, filled(path, furnished)))


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_the_screens_of_visitors(people, enter, axe, theme, phone, settings):
    settings.HAS_MAIL = True
    visit = enter(theme=theme, phone=phone, language=LANGUAGE)
    found = tokens(people)
    for name, path in FOR_VISITORS.items():
        axe(opened(visit, name, path.format(**found)))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_where_an_edition_or_a_role_says_no(people, enter, axe, theme):
    visit = enter(people.carla, theme=theme, language=LANGUAGE)
    for name in ("actions", "privacy", "trash", "sessions", "teams"):
        axe(opened(visit, f"essentials-{name}", SCREENS[name]))
    visit = enter(people.ugo, theme=theme, language=LANGUAGE)
    visit.expect_in_console("403")
    axe(opened(visit, "refused", SCREENS["privacy"]))


def test_no_screen_is_wider_than_a_phone(furnished, enter):
    visit = enter(furnished.anna, phone=True)
    for name, path in SCREENS.items():
        page = opened(visit, name, filled(path, furnished))
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE_WIDTH, name
