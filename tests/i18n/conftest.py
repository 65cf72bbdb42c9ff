"""Everything that a page can show, made once, for a walk through all pages in Italian."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext

from custode.activities import moves as comment_moves
from custode.activities import types
from custode.activities.emails import templates
from custode.activities.emails.models import State, Trial, Why
from custode.activities.files import Incoming
from custode.activities.models import (
    ActivityType,
    Attachment,
    Email,
    EmailFile,
    EmailTemplate,
    MailServer,
)
from custode.clients import moves as folder_moves
from custode.clients.models import ClientFolder
from custode.exchange import folders
from custode.exchange.models import ExportFile, FileState
from custode.guard import door
from custode.guard.models import TrashEntry
from custode.kernel import clock, scope
from custode.kernel.errors import Refused
from custode.leads import moves, pipelines, tagging, tags
from custode.leads.models import Lead, Pipeline, Status, Step, Tag, TagCategory
from custode.people import moves as people_moves
from custode.people.models import Team, User
from custode.prospecting import columns, outcomes, sheet
from custode.prospecting import moves as list_moves
from custode.prospecting.models import Outcome, Prospect
from custode.prospecting.overwriting import Edit
from custode.signin import devices
from custode.signin.models import Ended
from tests.cast import Cast, standing
from tests.emails.made import an_email
from tests.i18n.acting import acts
from tests.i18n.bringing import imports
from tests.i18n.following_up import process_template, processes
from tests.i18n.telling import webhooks
from tests.i18n.watching import alerts
from tests.i18n.writing_down import own_fields
from tests.prospecting.sheets import a_list
from tests.signin.sessions.making import a_session, days_ago
from tools import catalogues

HTMX = {"HX-Request": "true"}
SHARING = {
    "visibility": "shared", "teams_on": "on", "team_visibility": "members",
    "assigning": "everybody",
}  # fmt: skip


@pytest.fixture(autouse=True, scope="session")
def _compiled() -> None:
    """The program reads compiled catalogues."""
    catalogues.compile_all()
    translation.trans_real._translations = {}  # type: ignore[attr-defined]  # what was read before


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DATA", tmp_path)
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path / "files")


@pytest.fixture
def people(db: None) -> Cast:
    """The cast, all of whom read Italian, as do the steps that they began with."""
    cast = standing()
    with scope.everywhere("a test sets languages"), translation.override("it"):
        User.objects.update(language="it")
        for model in (Pipeline, Step, ActivityType):
            for row in model.objects.all():
                model.objects.filter(pk=row.pk).update(name=gettext(row.name))
        for where in (cast.ferri, cast.lodi):
            for one in (where.pipeline, *where.steps):
                one.refresh_from_db()
    return cast


@pytest.fixture
def enter(people: Cast) -> Callable[..., Client]:
    """A browser that asks for Italian, signed in as somebody or as nobody."""

    def client(who: User | None = None) -> Client:
        made = Client(headers={"Accept-Language": "it-IT,it;q=0.9,en;q=0.5"})
        if who is not None:
            with scope.everywhere("a test signs in"):
                made.force_login(who)
        return made

    return client


@pytest.fixture
def things(ferri: Cast, enter: Callable[..., Client]) -> dict[str, list[Any]]:
    """Something of everything; the first part of an address -> the numbers to try there."""
    anna = enter(ferri.anna)
    leads = [_lead(ferri, status) for status in Status]
    for lead in leads[:3]:
        assert anna.post(f"/leads/{lead}/star/", {"on": "1"}).status_code < 400
        _edit(anna, lead)
    entry = door.delete(ferri.actor(ferri.ugo), [ferri.lead(ferri.ugo, "Nastro")]).entry
    door.purge(ferri.actor(ferri.anna), _gone(ferri).pk, reason="Doppione")
    door.restore(ferri.actor(ferri.anna), _gone(ferri).pk)
    anna.post("/leads/bulk/", {"owner": ferri.bruna.pk, "ids": leads})
    anna.post("/admin-panel/account/privacy/delete/lead/", {"ticked": "on"})
    with pytest.raises(Refused):
        door.delete(ferri.actor(ferri.ugo), [ferri.lead(ferri.ugo, "Forno")])
    anna.post("/exports/start/", {"all": "1", "go": "1"}).getvalue()
    # Two of one name, of whom a file's name may mean either.
    people_moves.create_named(ferri.actor(ferri.anna), ["Livia Moro", "Moro, Livia"])
    anna.post("/admin-panel/account/privacy/sharing/", SHARING)
    anna.post("/admin-panel/pipelines/", {"name": "Estero", "steps": "Richiesta\nOfferta"})
    for step in Step.objects.filter(pipeline__name="Estero")[:1]:
        anna.post(f"/admin-panel/steps/{step.pk}/delete/", {"into": ferri.ferri.steps[0].pk})
    anna.post("/admin-panel/tags/", {"name": "Fonte"})
    anna.post("/admin-panel/tags/new/", {"name": "Fiera di prova"})
    caldo, fonte = Tag.offered.get(name="Fiera di prova"), TagCategory.objects.get()
    anna.post(f"/admin-panel/tags/{caldo.pk}/delete/", {"into": ""})
    with pytest.raises(Refused):
        tags.delete(ferri.actor(ferri.ugo), Tag.offered.all()[0])
    with pytest.raises(Refused):
        pipelines.delete_step(ferri.actor(ferri.ugo), *ferri.ferri.steps[:2])
    anna.post("/admin-panel/teams/new/", {"name": "Nord", "managers": ferri.ugo.pk})
    return {
        "leads": leads,
        "today": leads[:1],
        **_folders(ferri, leads),
        **_prospecting(ferri),
        "comments": _comments(ferri, leads[0]),
        "attachments": [file.pk for file in Attachment.objects.all()],
        "emails": _emails(ferri, leads[0]),
        "email-files": [file.pk for file in EmailFile.objects.all()],
        **processes(ferri, leads[2]),
        "trash": [entry.pk] if entry else [],
        "exports": [
            *(_export(ferri.anna, state) for state in FileState),
            _export(ferri.anna, FileState.READY, key=1),
        ],
        "imports": imports(anna),
        "admin-panel": [
            ferri.anna.pk,
            ferri.ugo.pk,
            _without_sign_in(),
            Team.objects.get().pk,
            types.offered()[0].pk,
            ferri.ferri.pipeline.pk,
            ferri.ferri.steps[1].pk,
            fonte.pk,
            Tag.offered.all()[0].pk,
            _template(ferri),
            *process_template(ferri),
            *own_fields(ferri, leads[0]),
            *webhooks(ferri, leads[0]),
        ],
        "profile": _sessions(ferri.ugo),
        "security": _sessions(ferri.anna),
        "acts": acts(ferri, leads),
        "alert rules": alerts(ferri),
    }


def _prospecting(ferri: Cast) -> dict[str, list[int]]:
    """A list of which one became a lead, one is not interested, and a column was taken out."""
    ugo = ferri.actor(ferri.ugo)
    one = a_list(ugo, "Fiera di Montelago")
    (first, second, third) = Prospect.objects.filter(in_list=one).order_by("place")
    standing = columns.of(one)
    changes = [Edit(first.pk, standing[0].pk, first.name, "Rossi S.p.A."),
               Edit(first.pk, standing[1].pk, "Torino", ""),
               Edit(second.pk, standing[2].pk, "", "info@bianchi.example")]  # fmt: skip
    sheet.write(ugo, one, changes)
    outcomes.into_leads(ugo, one, [first.pk])
    outcomes.mark(ugo, one, [second.pk], Outcome.NOT_INTERESTED)
    columns.take_out(ugo, standing[2])
    list_moves.share(ugo, one, True)
    aside = a_list(ugo, "Vecchia")
    for of_a_list in (one, aside):
        # “Company” is a word of ours too, which stands in the form of a new list.
        columns.rename(ugo, columns.of(of_a_list)[0], "Azienda")
    list_moves.archive(ugo, aside, True)
    return {"prospecting": [one.pk, aside.pk], "prospects": [first.pk, second.pk, third.pk]}


def _comments(ferri: Cast, pk: int) -> list[int]:
    """One with an activity that is pinned, and one that was edited."""
    lead, ugo = Lead.objects.get(pk=pk), ferri.actor(ferri.ugo)
    sent = [Incoming("offerta.txt", 4, [b"1234"])]
    first = comment_moves.write(ugo, lead, "Sentito", types.offered()[0], sent)
    comment_moves.pin(ferri.actor(ferri.anna), first, True)
    second = comment_moves.write(ugo, lead, "Richiamare")
    comment_moves.edit(ugo, second, "Richiamato", None, was=0)
    rows = (ClientFolder.objects.order_by("pk").first(), Prospect.objects.order_by("pk").first())
    others = [comment_moves.write(ugo, about, "Detto") for about in rows if about is not None]
    return [first.pk, second.pk, *(one.pk for one in others)]


def _folders(ferri: Cast, leads: list[int]) -> dict[str, list[int]]:
    """One that was filled and changed in every way, and one that is empty and put aside."""
    anna = ferri.actor(ferri.anna)
    full = folder_moves.create(anna, "Rossi", owner=ferri.ugo, description="Partita IVA: 01")
    ada = folder_moves.add_contact(anna, full, name="Ada Neri")
    folder_moves.change_contact(anna, ada, was=None, name="Ada Neri", role="Acquisti")
    folder_moves.remove_contact(anna, folder_moves.add_contact(anna, full, name="Ivo Bassi"))
    folder_moves.edit(anna, full, name="Rossi S.r.l.", description="", owner=None)
    folder_moves.edit(anna, full, owner=ferri.ugo)
    empty = folder_moves.create(anna, "Vuota")
    folder_moves.deactivate(anna, empty, True)
    for lead in Lead.objects.filter(pk__in=leads[:2]):
        moves.edit(anna, lead, client_folder=full)
    moves.edit(anna, Lead.objects.get(pk=leads[1]), client_folder=None)
    return {"clients": [full.pk, empty.pk], "contacts": [ada.pk]}


def _emails(ferri: Cast, pk: int) -> list[int]:
    """One in each state, with a file; and a server whose test failed."""
    lead, made = Lead.objects.get(pk=pk), []
    for state in State:
        email = an_email(ferri, lead, [Incoming("offerta.txt", 1, [b"x"])])
        why = Why.CUT_OFF if state in {State.FAILED, State.PERHAPS} else ""
        Email.objects.filter(pk=email.pk).update(state=state, why=why)
        made.append(email.pk)
    MailServer.objects.update(test=Trial.FAILED, test_why=Why.CONNECT)
    return made


def _template(ferri: Cast) -> int:
    one = EmailTemplate()
    return int(templates.save(ferri.actor(ferri.anna), one, "Offerta", "Offerta", "Ecco.").pk)


def _sessions(user: User) -> list[int]:
    """A session that goes on on each kind of device, and one that ended in each way."""
    now = [a_session(user, form=form, way="passkey") for form in devices.FORMS]
    ended = [
        a_session(user, ended_at=days_ago(1), ended_why=why, ended_by=by, way="password+totp")
        for why in Ended
        for by in ("", "Anna Ferri")
    ]
    return [row.pk for row in (*now, *ended)]


def _lead(ferri: Cast, status: str) -> int:
    # Overdue, where one may be: nobody puts a lead on standby until a day that is over.
    late = timedelta(days=0 if status == Status.STANDBY else 2)
    lead = ferri.lead(
        ferri.ugo, f"Pressa {status[:2]}", amount_minor=123_450, probability=40,
        remind_date=clock.now().date() - late,
        estimated_closing_date=clock.now().date(),
    )  # fmt: skip
    actor = ferri.actor(ferri.ugo)
    moves.set_tags(actor, lead, tagging.tags_named(actor, ["fiera", "rete", "urgente"]))
    moves.edit(actor, lead, status=status)
    return int(lead.pk)


def _edit(anna: Client, lead: int) -> None:
    """Something of each sort, so that the history has something to tell."""
    for name, values in {
        "description": {"description": "Azienda: Rossi\nRichiamare."},
        "amount": {"amount": "", "currency": "EUR"},
        "owner": {"owner": ""},
        "tags": {"tags": "fiera"},
    }.items():
        assert anna.post(f"/leads/{lead}/field/{name}/", values).status_code < 400


def _gone(ferri: Cast) -> TrashEntry:
    entry = door.delete(ferri.actor(ferri.ugo), [ferri.lead(ferri.ugo, "Robot")]).entry
    assert entry is not None
    return entry


def _export(user: User, state: str, **origin: int) -> int:
    file = ExportFile.objects.create(
        user=user, origin=origin, kind="lead", format="csv", name="file.csv", state=state,
        rows=3, expected=9, downloads=2, token=folders.new_token(), finished_at=clock.now(),
        expires_at=clock.now() + timedelta(days=2, hours=1),
    )  # fmt: skip
    return int(file.pk)


def _without_sign_in() -> int:
    """Somebody who was named in the imported file."""
    return int(User.objects.get(first_name="Mara").pk)
