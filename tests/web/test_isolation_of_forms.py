"""Nothing that a form names is of another company: every such field is tried with another's.

Carla fills in the forms of her own leads and imports of Lodi's, and puts into each field that names
a step, a pipeline, an owner, a tag or a lead what is Ferri's.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from custode.exchange.importing import job
from custode.exchange.models import ImportRun
from custode.kernel import scope
from custode.leads import moves, pipelines, tagging
from custode.leads.models import Lead, LeadTag, Tag
from custode.postsales import moves as process_moves
from custode.postsales import templates
from custode.prospecting import columns
from tests.cast import Cast
from tests.isolation import everything_of, links_across
from tests.postsales.processes import a_template
from tests.prospecting.sheets import a_list, row_of

SECRETS = ["Secret", "Ferri", "Anna", "Ugo", "Bruna"]
HTMX = {"HX-Request": "true"}
FILE = "title;owner;stage;tags\nPress;Mara Gallo;Nuova;Hot\nOven;Ugo Conti;Secret step;Secret tag\n"
NEW = {"title": "x", "currency": "EUR", "step": "own step"}

# Address -> what is sent (`own…` is Lodi's, `their…` is Ferri's) -> the status of the answer.
FORMS: list[tuple[str, dict[str, str], int]] = [
    ("leads/new/", {**NEW, "step": "their step"}, 422),
    ("leads/new/", {**NEW, "owner": "their user"}, 422),
    ("leads/{lead}/field/step/", {"step": "their step"}, 422),
    ("leads/{lead}/field/owner/", {"owner": "their user"}, 422),
    ("leads/{lead}/move/", {"step": "their step"}, 400),
    ("leads/{lead}/move/?pipeline={pipeline}", {"step": "their step"}, 400),
    ("leads/bulk/", {"ids": "own lead", "step": "their step"}, 400),
    ("leads/bulk/", {"ids": "own lead", "owner": "their user"}, 400),
    ("leads/bulk/", {"ids": "own lead", "tag": "Secret tag", "tag_off": "1"}, 400),
    ("leads/bulk/", {"ids": "their lead", "step": "own step"}, 410),
    ("leads/bulk/", {"ids": "their lead", "owner": "own user"}, 410),
    ("leads/bulk/", {"ids": "their lead", "owner": "none"}, 410),
    ("leads/bulk/", {"ids": "their lead", "tag": "x", "tag_on": "1"}, 410),
    ("leads/bulk/", {"ids": "their lead", "tag": "Secret tag", "tag_off": "1"}, 410),
    ("leads/bulk/", {"ids": "their lead", "delete": "1"}, 410),
    ("leads/bulk/?step={step}", {"all": "1", "delete": "1"}, 200),
    ("leads/bulk/?tag={tag}", {"all": "1", "delete": "1"}, 200),
    ("leads/bulk/?pipeline={pipeline}", {"all": "1", "owner": "none"}, 200),
    ("leads/bulk/?owner={user}", {"all": "1", "step": "own step"}, 200),
    ("exports/start/", {"ids": "their lead", "format": "csv"}, 410),
    ("exports/start/", {"ids": "their lead", "format": "csv", "go": "1"}, 410),
    ("exports/start/?step={step}", {"all": "1", "format": "csv", "go": "1"}, 410),
    ("exports/start/?tag={tag}", {"all": "1", "format": "csv", "go": "1"}, 410),
    ("exports/start/?owner={user}", {"all": "1", "format": "csv", "go": "1"}, 410),
    ("exports/start/?pipeline={pipeline}", {"all": "1", "format": "xlsx", "go": "1"}, 410),
    ("exports/start/", {"all": "1", "format": "csv", "columns": "password", "go": "1"}, 400),
    ("exports/start/", {"ids": "their prospect", "format": "csv", "kind": "prospect"}, 410),
    ("exports/start/?list={list}", {"all": "1", "format": "csv", "kind": "prospect"}, 410),
    ("exports/start/", {"all": "1", "format": "csv", "kind": "user"}, 400),
    ("prospecting/{own_list}/act/", {"ids": "their prospect", "delete": "1"}, 410),
    ("prospecting/{own_list}/act/", {"ids": "their prospect", "lead": "1"}, 410),
    ("prospecting/{own_list}/act/", {"ids": "their prospect", "outcome": "not_interested"}, 410),
    ("prospecting/{own_list}/assign/", {"owner": "their user"}, 400),
    ("prospecting/{own_list}/columns/", {"column": "their column", "out": "1"}, 302),
    ("leads/{won}/processes/", {"template": "their template"}, 422),
    ("processes/{own_process}/tasks/", {"text": "Mine", "assignee": "their user"}, 422),
    ("tasks/{own_task}/", {"text": "Mine", "assignee": "their user"}, 422),
    ("admin-panel/post-sales/{own_template}/tasks/",
     {"text": "Mine", "days": "1", "assignee": "their user"}, 422),
    ("admin-panel/post-sales/{own_template}/order/", {"ids": "their planned"}, 400),
]  # fmt: skip


@pytest.fixture(scope="module")
def their(ground: Cast) -> dict[str, int]:
    """The numbers of things of Ferri's, all of them secret."""
    ferri = ground
    actor = ferri.actor(ferri.anna)
    pipeline = pipelines.create_pipeline(actor, "Secret pipeline", ["Secret step"])
    (step,) = pipeline.steps.all()
    tags = tagging.tags_named(actor, ["Secret tag"])
    lead = ferri.lead(ferri.ugo, "Secret of Ferri", step=step, tags=tags)
    prospects = a_list(actor, "Secret list", [("Secret prospect", "", "")])
    template = a_template(ferri, "Secret template")
    return {
        "template": template.pk, "planned": template.tasks.all()[0].pk,
        "list": prospects.pk, "prospect": row_of(prospects, "Secret prospect").pk,
        "column": columns.of(prospects)[0].pk,
        "lead": lead.pk, "step": step.pk, "pipeline": pipeline.pk, "tag": tags[0].pk,
        "user": ferri.ugo.pk,
    }  # fmt: skip


@pytest.fixture(scope="module")
def own(ground: Cast) -> dict[str, int]:
    """The numbers of things of Lodi's."""
    ferri = ground
    carla = ferri.actor(ferri.carla)
    with scope.account(ferri.lodi.account.pk):
        lead = moves.create(ferri.actor(ferri.carla), title="Of Lodi", owner=ferri.carla)
        prospects = a_list(ferri.actor(ferri.carla), "List of Lodi")
        closed = moves.create(carla, title="Of Lodi", owner=ferri.carla, status="won")
        process = process_moves.start(carla, closed, "Process of Lodi")
        task = process_moves.add_task(carla, process, process_moves.Wanted("Task of Lodi"))
        template = templates.create(carla, "Template of Lodi")
    return {
        "won": closed.pk,
        "process": process.pk,
        "task": task.pk,
        "template": template.pk,
        "list": prospects.pk,
        "lead": lead.pk,
        "step": ferri.lodi.steps[1].pk,
        "user": ferri.carla.pk,
    }


@pytest.fixture
def carla(ferri: Cast, client: Client, tmp_path: Path, settings: Any) -> Client:
    """Carla's browser."""
    settings.DATA = tmp_path
    with scope.everywhere("a test signs in"):
        client.force_login(ferri.carla)
    return client


def meant(text: str, own: dict[str, int], their: dict[str, int]) -> str:
    """`own step` and `their step` as numbers; every other text as it is."""
    whose, _blank, what = text.partition(" ")
    things = {"own": own, "their": their}.get(whose, {})
    return str(things.get(what, text))


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
@pytest.mark.dealt
@pytest.mark.parametrize(
    ("address", "sent", "status"), FORMS, ids=lambda part: str(part).replace(" ", "-")[:60]
)
def test_a_field_that_names_what_is_anothers_is_refused(
    ferri: Cast, own: dict[str, int], their: dict[str, int], carla: Client,
    address: str, sent: dict[str, str], status: int, headers: dict[str, str],
) -> None:  # fmt: skip
    before, ours = everything_of(ferri.ferri.account), leads_of(ferri)
    ours_too = {f"own_{name}": pk for name, pk in own.items()}
    path = "/" + address.format(**{**their, **ours_too, "lead": own["lead"], "won": own["won"]})
    filled = {name: meant(text, own, their) for name, text in sent.items()}
    answer = carla.post(path, filled, headers=headers)
    # Without scripts a bulk act leads back to the list.
    assert answer.status_code in ({status} if status != 200 or headers else {302})
    assert not [word for word in SECRETS if word in answer.text and word not in str(sent)]
    assert everything_of(ferri.ferri.account) == before
    assert leads_of(ferri) == ours
    assert links_across() == []


def leads_of(ferri: Cast) -> list[Any]:
    """All leads of Lodi's, as they are."""
    with scope.account(ferri.lodi.account.pk):
        return list(Lead.with_trashed.order_by("pk").values())


def test_a_tag_of_the_same_name_is_another_tag(
    ferri: Cast, own: dict[str, int], their: dict[str, int], carla: Client
) -> None:
    before = everything_of(ferri.ferri.account)
    lead = own["lead"]
    new = {"title": "x", "currency": "EUR", "step": own["step"], "tags": "Secret tag"}
    assert carla.post(f"/leads/{lead}/field/tags/", {"tags": "Secret tag"}).status_code == 302
    assert carla.post("/leads/new/", new).status_code == 302
    sent = {"ids": lead, "tag": "secret TAG", "tag_on": "1"}
    assert carla.post("/leads/bulk/", sent).status_code == 302
    with scope.account(ferri.lodi.account.pk):
        assert {tag.pk for tag in Tag.objects.all()}.isdisjoint({their["tag"]})
        assert LeadTag.objects.count() == 2
    assert everything_of(ferri.ferri.account) == before
    assert links_across() == []


def brought(client: Client) -> str:
    """The address of an import of Carla's, to be mapped."""
    client.post("/imports/", {"file": SimpleUploadedFile("leads.csv", FILE.encode())})
    return f"/imports/{ImportRun.objects.latest('pk').pk}/"


def form_of(page: str) -> dict[str, Any]:
    """What a browser would send of the mapping's form, untouched."""
    sent: dict[str, Any] = {"separator": " · "}
    for name, body in re.findall(r'<select[^>]*? name="([^"]+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', body)
        sent.setdefault(name, []).append(chosen[1] if chosen else "")
    return sent


def test_the_mapping_offers_and_takes_nothing_of_anothers(
    ferri: Cast, own: dict[str, int], their: dict[str, int], carla: Client
) -> None:
    before = everything_of(ferri.ferri.account)
    with scope.account(ferri.lodi.account.pk):
        address = brought(carla)
    page = carla.get(address).text
    told = page.replace("Ugo Conti", "").replace("Secret step", "").replace("Secret tag", "")
    assert not [word for word in SECRETS if word in told], "only what the file itself names"
    form = form_of(page)
    assert [name for name in form if name.startswith("owner-")]
    wrong = {**form, "pipeline": str(their["pipeline"]), "go": "1"}
    assert carla.post(f"{address}mapping/", wrong).status_code == 422
    theirs = {name: str(their["user"]) for name in form if name.startswith("owner-")}
    carla.post(f"{address}mapping/", {**form, **theirs, "go": "1"})
    carla.post(f"{address}start/")
    with scope.account(ferri.lodi.account.pk):
        run = ImportRun.objects.get()
        job.work(run.account_id, run.pk)
        run.refresh_from_db()
        found = {lead.title: lead for lead in Lead.objects.exclude(title="Of Lodi")}
        assert {str(lead.owner.account) for lead in found.values() if lead.owner} <= {"Lodi S.r.l."}
        assert set(found) in ({"Press", "Oven"}, set())
    assert everything_of(ferri.ferri.account) == before
    assert links_across() == []


def test_what_crosses_over_would_be_seen(
    ferri: Cast, own: dict[str, int], their: dict[str, int]
) -> None:
    """The two measures of these tests can fail."""
    before = everything_of(ferri.ferri.account)
    LeadTag.objects.bulk_create(
        [LeadTag(account=ferri.lodi.account, lead_id=own["lead"], tag_id=their["tag"])]
    )
    assert links_across() == ["leads.LeadTag.tag"]
    assert everything_of(ferri.ferri.account) == before
    with scope.account(ferri.ferri.account.pk):
        moves.star(ferri.actor(ferri.anna), Lead.objects.get(pk=their["lead"]), True)
    assert everything_of(ferri.ferri.account) != before
