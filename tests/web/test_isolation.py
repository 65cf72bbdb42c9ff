"""Nothing of one company reaches another: every address is tried with another account's ids.

Carla is an admin, of Lodi; all that has a number here is Ferri's. What is hers alone to see she
sees; of Ferri's she finds nothing, by no verb, and nothing of it changes.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver

from custode.activities import moves as comment_moves
from custode.activities import types
from custode.activities.emails import templates as email_templates
from custode.activities.files import Incoming
from custode.activities.models import Attachment, EmailFile, EmailTemplate
from custode.clients import moves as folder_moves
from custode.exchange.models import ExportFile, ImportRun
from custode.guard import door, history
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry
from custode.kernel import scope
from custode.kernel.actor import Scope
from custode.leads import tagging, tags
from custode.people.models import Team
from custode.signin.api_keys import moves as key_moves
from custode.signin.models import Passkey
from custode.web.leads.bulk.views import ACTS
from tests.cast import Cast
from tests.emails.made import an_email
from tests.exchange.webhooks.made import a_delivery
from tests.fields.made import a_field
from tests.isolation import everything_of
from tests.postsales.processes import a_task, a_template, won
from tests.prospecting.sheets import a_list, row_of
from tests.signin.sessions.making import a_session
from tests.web.addresses import OTHERS, WITH_A_NUMBER, WITHOUT, addresses

# Whole words: three letters in a row are in many a token that a page carries.
FERRIS = re.compile(r"\b(Ferri|Anna|Ugo|Bruna|Secret of Ferri|Trashed of Ferri)\b")

SENT = {
    "title": "Taken over",
    "value": "Taken over",
    "status": "won",
    "reason": "because",
    "role": "user",
    "email": "thief@lodi.example",
    "on": "1",
    "text": "Taken over",
}


# Each act on many leads -> what is sent with it, besides its name.
BULK: dict[str, dict[str, str]] = {
    "delete": {"confirmed": "1"},
    "step": {"step": "1"},
    "owner": {"owner": "none"},
    "tag_on": {"tag": "x"},
    "tag_off": {"tag": "x"},
}


def test_every_address_stands_in_a_table_here() -> None:
    assert set(addresses(get_resolver())) == WITH_A_NUMBER.keys() | WITHOUT | OTHERS


@pytest.fixture(scope="module")
def ferris(ground: Cast) -> dict[str, int]:
    """The numbers of things of Ferri's."""
    ferri = ground
    ugo = ferri.actor(ferri.ugo)
    lead = ferri.lead(ferri.ugo, "Secret of Ferri")
    gone = door.delete(ugo, [ferri.lead(ferri.ugo, "Trashed of Ferri")])
    export = ExportFile.objects.create(
        user=ferri.anna, kind="lead", format="csv", words="Secret of Ferri"
    )
    run = ImportRun.objects.create(user=ferri.anna, name="Secret of Ferri.csv", state="checked")
    with door.sensitive_act(ugo, Verb.TWO_FACTOR):
        passkey = Passkey.objects.create(user=ferri.ugo, name="Secret of Ferri", credential_id="x")
    with door.sensitive_act(ferri.actor(ferri.anna), Verb.USERS):
        team = Team.objects.create(name="Secret of Ferri")
    sent = [Incoming("Secret of Ferri.txt", 1, [b"x"])]
    comment = comment_moves.write(ugo, lead, "Secret of Ferri", None, sent)
    task = a_task(ferri, won(ferri, title="Secret of Ferri"), ferri.ugo, "Secret of Ferri")
    processes = a_template(ferri, "Secret of Ferri")
    folder = folder_moves.create(ugo, "Secret of Ferri", owner=ferri.ugo)
    email, template = an_email(ferri, lead, sent), EmailTemplate(name="Secret of Ferri")
    email_templates.save(ferri.actor(ferri.anna), template, "Secret of Ferri", "x", "x")
    field = a_field(ferri, "Secret of Ferri", "choice", "Secret of Ferri", "Another")
    prospects = a_list(ugo, "Secret of Ferri", [("Secret of Ferri", "", "")])
    return {
        "folder": folder.pk,
        "contact": folder_moves.add_contact(ugo, folder, name="Secret of Ferri").pk,
        "field": field.pk,
        "field choice": field.choices.all()[0].pk,
        "lead": lead.pk,
        "change": history.of(lead).earliest("pk").pk,
        "team": team.pk,
        "key": key_moves.make(ferri.actor(ferri.anna), "Secret of Ferri", [Scope.READ])[0].pk,
        **a_delivery(ferri, lead, "Secret of Ferri"),
        "activity": types.create(ferri.actor(ferri.anna), "Secret of Ferri", "phone").pk,
        "category": tags.create_category(ferri.actor(ferri.anna), "Secret of Ferri").pk,
        "pipeline": ferri.ferri.pipeline.pk,
        "step": ferri.ferri.steps[0].pk,
        "list": prospects.pk,
        "prospect": row_of(prospects, "Secret of Ferri").pk,
        "process": task.process_id,
        "task": task.pk,
        "process template": processes.pk,
        "template task": processes.tasks.all()[0].pk,
        "comment": comment.pk,
        "attachment": Attachment.objects.get(comment=comment).pk,
        "email": email.pk,
        "email file": EmailFile.objects.get(email=email).pk,
        "template": template.pk,
        "entry": gone.entry.pk if gone.entry else 0,
        "export": export.pk,
        "import": run.pk,
        "user": ferri.ugo.pk,
        "passkey": passkey.pk,
        "tag": tagging.tags_named(ugo, ["Secret of Ferri"])[0].pk,
        "session": a_session(ferri.ugo).pk,
    }


@pytest.fixture
def carla(ferri: Cast, client: Client) -> Client:
    """Carla's browser."""
    with scope.everywhere("a test signs in"):
        client.force_login(ferri.carla)
    return client


@pytest.mark.dealt
@pytest.mark.parametrize("pattern", WITH_A_NUMBER)
def test_another_accounts_number_finds_nothing(
    ferri: Cast, ferris: dict[str, int], carla: Client, pattern: str
) -> None:
    before = everything_of(ferri.ferri.account)
    number = ferris[WITH_A_NUMBER[pattern]]
    path = pattern.replace("<int:pk>", str(number))
    path = path.replace("<slug:name>", "title")
    for verb in ("get", "post", "put", "patch", "delete", "head"):
        send: Callable[..., HttpResponse] = getattr(carla, verb)
        answer = send(f"/{path}", SENT if verb in {"get", "post"} else None)
        assert answer.status_code in {404, 405}, verb
        assert FERRIS.findall(answer.content.decode()) == [], verb
    assert everything_of(ferri.ferri.account) == before


@pytest.mark.dealt
@pytest.mark.parametrize("pattern", sorted(WITHOUT))
def test_no_page_tells_of_another_account(
    ferri: Cast, ferris: dict[str, int], carla: Client, pattern: str
) -> None:
    step = ferri.ferri.steps[0].pk
    theirs = {
        "ids": ferris["lead"], "owner": ferri.ugo.pk, "step": step, "column": step,
        "user": ferri.ugo.pk, "session": ferris["session"], "pipeline": ferri.ferri.pipeline.pk,
        "tag": ferris["tag"], "list": ferris["list"], "import": ferris["entry"],
        "who": f"user:{ferri.ugo.pk}", "folder": ferris["folder"],
    }  # fmt: skip
    for asked in ("", "q=ret+of", *(f"{name}={pk}" for name, pk in theirs.items())):
        answer = carla.get(f"/{pattern}?{asked}")
        told = answer.content.decode() if not answer.streaming else ""
        assert answer.status_code < 500
        assert FERRIS.findall(told) == []


def test_a_forged_bulk_form_moves_nothing_of_another_account(
    ferri: Cast, ferris: dict[str, int], carla: Client
) -> None:
    before = everything_of(ferri.ferri.account)
    assert BULK.keys() == ACTS.keys()
    for act in ACTS:
        answer = carla.post("/leads/bulk/", {"ids": ferris["lead"], act: "1", **BULK[act]})
        # None of the leads is hers: each act says that it found none, and not that it knows no act.
        assert (act, answer.status_code) == (act, 410)
    assert everything_of(ferri.ferri.account) == before


def test_the_number_of_an_act_is_looked_up_in_ones_own_log(
    ferri: Cast, ferris: dict[str, int], carla: Client
) -> None:
    before = everything_of(ferri.ferri.account)
    for seq in LogEntry.objects.values_list("seq", flat=True):
        for address in (f"/undo/{seq}/", f"/security/actions/{seq}/undo/"):
            answer = carla.post(address, {"rest": "1", "look": "1"})
            assert answer.status_code in {400, 404, 409, 410, 422}
        assert carla.post(f"/security/alerts/{seq}/undo/").status_code in {403, 404}
        answer = carla.get(f"/security/actions/{seq}/")
        assert FERRIS.findall(answer.content.decode()) == []
    assert everything_of(ferri.ferri.account) == before
