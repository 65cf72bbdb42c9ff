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
from custode.exchange.models import Webhook
from custode.exchange.webhooks import confirming
from custode.exchange.webhooks import moves as hooks
from custode.fields import moves as fields
from custode.guard import door
from custode.guard.alerts import judging
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry, TrashEntry, TrashState
from custode.kernel import scope
from custode.kernel.actor import Origin, Scope
from custode.kernel.errors import Refused
from custode.leads import moves as lead_moves
from custode.leads import tags
from custode.leads.models import Tag
from custode.leads.queries import today
from custode.people import alerting, teams
from custode.people import moves as people_moves
from custode.people.alerting import Wanted
from custode.people.models import Team, User
from custode.postsales import moves as process_moves
from custode.postsales.models import ProcessTemplate, Task
from custode.prospecting import columns, outcomes
from custode.prospecting.models import Prospect
from custode.signin import access, leaving, links
from custode.signin.api_keys import moves as keys
from custode.signin.api_keys.models import ApiKey
from custode.signin.models import Ended, Session
from tests.browser.screens import SCREENS
from tests.exchange.webhooks.made import a_delivery
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

FOR_VISITORS = {
    "sign-in": "/sign-in/",
    "forgot": "/forgot/",
    "password": "/password/{token}/",
    "address": "/address/{address}/",
    "address-taken": "/address/{taken}/",
    "not-me": "/not-me/{not_me}/",
    "link-over": "/password/1-1-1/",
    "news": "/news/{news}/",
    "news-over": "/news/1-1/",
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
        door.change(anna, [*leads[7:9], *leads[10:]], "step", people.ferri.steps[3])
        lead_moves.edit(anna, leads[11], step=people.ferri.steps[1], title=long.strip()[:200])
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
        columns.take_out(anna, columns.of(prospects)[2])
    people_moves.create_named(anna, ["Zelda Fitti"])
    leaving.disable(anna, people_moves.create_named(anna, ["Elio Neri"])["Elio Neri"])
    access.ask_for_address(anna, people.anna, "anna.ferri@casa-nuova.example")
    a_session(people.ugo, browser="Safari", system="iPhone", form="phone")
    for why in Ended:
        a_session(people.anna, ended_at=days_ago(1), ended_why=why, ended_by="Bruna Sala")
    with scope.account(people.ferri.account.pk):
        keys.make(anna, "The telephone system", list(Scope))
        told = a_delivery(people, leads[11], long[:80])["webhook"]
        Webhook.objects.filter(pk=told).update(failing_since=days_ago(1))
        alerting.add(anna, Wanted(long[:80], acts=("delete",), kinds=("lead",), at_least=2))
        judging.judge(people.ferri.account.pk)
    return people


def filled(path, people):
    """The path with the numbers of this database."""
    with scope.account(people.ferri.account.pk):
        entry = TrashEntry.objects.filter(state=TrashState.TRASHED).earliest("pk")
        act = LogEntry.objects.filter(verb=Verb.CHANGE, details__contains="step").latest("seq")
        gone = User.objects.filter(disabled_at__isnull=False).latest("pk")
        session = Session.objects.earliest("pk")
        team = Team.objects.get()
        key = ApiKey.objects.get()
        folder = ClientFolder.objects.earliest("pk")
        tag = Tag.offered.get()
        prospect = Prospect.objects.latest("pk")
        task = Task.objects.select_related("process").earliest("pk")
        template = ProcessTemplate.objects.get()
        webhook = Webhook.objects.get()
    return path.format(
        act=act.seq, deleted=entry.seq,
        ugo=people.ugo.pk, entry=entry.pk, gone=gone.pk, session=session.pk, team=team.pk,
        key=key.pk,
        tag=tag.pk, step=people.ferri.steps[1].pk, pipeline=people.ferri.pipeline.pk,
        won=task.process.lead_id, task=task.pk, template=template.pk,
        webhook=webhook.pk,
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
        to_tell = hooks.Wanted("lead.creation", "email", "office@custode.example")
        hook, _none = hooks.make(people.actor(people.anna), to_tell)
    found = {
        "news": confirming.link_of(hook),
        "token": links.password_link(people.ugo),
        "address": links.address_link(people.ugo),
        "taken": links.address_link(people.bruna),
        "not_me": links.not_me_link(row),
    }
    return {name: link.rstrip("/").rpartition("/")[2] for name, link in found.items()}


def opened(visit, name, path):
    """The screen, and its picture when somebody wants to look at it."""
    if name in {"nowhere", "link-over", "news-over"}:
        visit.expect_in_console("404")
    if name == "address-taken":
        visit.expect_in_console("409")
    page = visit.open(path)
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}-{visit.look}.png", full_page=True)
    return page


@pytest.mark.parametrize(("theme", "phone"), LOOKS)
def test_axe_finds_nothing_on_an_admins_screens_and_none_is_too_wide(
    furnished, enter, axe, theme, phone
):
    visit = enter(furnished.anna, theme=theme, phone=phone, language=LANGUAGE)
    for name, path in SCREENS.items():
        page = opened(visit, name, filled(path, furnished))
        axe(page)
        if phone:
            assert page.evaluate("document.documentElement.scrollWidth") <= PHONE_WIDTH, name


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
    for name in ("security", "alerts", "actions", "privacy", "trash", "sessions", "teams"):
        axe(opened(visit, f"essentials-{name}", SCREENS[name]))
    visit = enter(people.ugo, theme=theme, language=LANGUAGE)
    visit.expect_in_console("403")
    axe(opened(visit, "refused", SCREENS["privacy"]))
