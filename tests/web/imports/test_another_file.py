"""Whoever brings another file instead of one need not say again where its rows go."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from custode.exchange.importing import job
from custode.exchange.models import ImportRun, RunState
from custode.leads import pipelines
from custode.prospecting.models import ProspectingList
from tests.cast import Cast
from tests.prospecting.sheets import a_list

FILE = "company,city\nRossi,Torino\n"


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DATA", tmp_path)


@pytest.fixture
def anna(ferri: Cast, come_in: Callable[..., Client]) -> Client:
    return come_in(ferri.anna)


@pytest.fixture
def fair(ferri: Cast) -> ProspectingList:
    return a_list(ferri.actor(ferri.anna))


def bring(client: Client, text: str = FILE, **asked: str) -> ImportRun:
    sent = {"file": SimpleUploadedFile("fair.csv", text.encode()), **asked}
    assert client.post("/imports/", sent).status_code == 302
    return ImportRun.objects.latest("pk")


def way_on(client: Client, run: ImportRun) -> str:
    """Where *Choose another file* leads, as the page of a run that ended has it."""
    page = client.get(f"/imports/{run.pk}/").text
    found = re.search(r'href="([^"]+)">(?:<svg.*?</svg>)?Choose another file', page, re.DOTALL)
    assert found is not None
    return html.unescape(found[1])


def hidden(page: str) -> dict[str, str]:
    """What the form of the next file sends along."""
    form = page[page.index("data-drop") : page.index("</form>", page.index("data-drop"))]
    kind = re.search(r'<option value="(\w+)" selected>', form)
    assert kind is not None
    sent = dict(re.findall(r'<input type="hidden" name="(\w+)" value="(\d+)">', form))
    return {"kind": kind[1], **sent}


def test_what_the_rows_become_is_asked_before_the_file(anna: Client) -> None:
    """A chosen file is sent at once: a question below it would come too late."""
    page = anna.get("/imports/").text
    assert page.index('id="kind"') < page.index('for="file"') < page.index('id="file"')


def test_the_next_file_goes_into_the_same_list(anna: Client, fair: ProspectingList) -> None:
    run = bring(anna, "", kind="prospect", into=str(fair.pk))
    assert run.state == RunState.FAILED
    asked = hidden(anna.get(way_on(anna, run)).text)
    assert asked == {"kind": "prospect", "into": str(fair.pk)}
    assert bring(anna, **asked).choices["into"] == str(fair.pk)


def test_after_a_stop_too_and_a_list_that_went_with_it_is_not_asked_for(
    anna: Client,
) -> None:
    run = bring(anna, kind="prospect")
    ImportRun.objects.filter(pk=run.pk).update(state=RunState.RUNNING)
    assert anna.post(f"/imports/{run.pk}/stop/").status_code == 302
    job.work(run.account_id, run.pk)
    assert hidden(anna.get(way_on(anna, run)).text) == {"kind": "prospect"}


def test_the_next_file_goes_into_the_same_pipeline(ferri: Cast, anna: Client) -> None:
    partners = pipelines.create_pipeline(ferri.actor(ferri.anna), "Partners", ["First", "Last"])
    first = bring(anna)
    assert first.choices["pipeline"] == str(ferri.ferri.pipeline.pk)
    page = anna.get(f"/imports/{first.pk}/").text
    assert f'<option value="{partners.pk}" >Partners' in page
    ImportRun.objects.filter(pk=first.pk).update(
        choices={**first.choices, "pipeline": str(partners.pk)}
    )
    gone = anna.post(f"/imports/{first.pk}/discard/")
    asked = hidden(anna.get(gone.headers["Location"]).text)
    assert asked == {"kind": "lead", "pipeline": str(partners.pk)}
    assert bring(anna, **asked).choices["pipeline"] == str(partners.pk)


@pytest.mark.parametrize("odd", ["0", "x", "999999"])
def test_a_pipeline_that_is_not_there_is_not_chosen(ferri: Cast, anna: Client, odd: str) -> None:
    run = bring(anna, pipeline=odd)
    assert run.choices["pipeline"] == str(ferri.ferri.pipeline.pk)


def test_anothers_pipeline_is_not_chosen(ferri: Cast, anna: Client) -> None:
    run = bring(anna, pipeline=str(ferri.lodi.pipeline.pk))
    assert run.choices["pipeline"] == str(ferri.ferri.pipeline.pk)


def test_a_list_is_no_pipeline(ferri: Cast, anna: Client, fair: ProspectingList) -> None:
    run = bring(anna, kind="lead", into=str(fair.pk))
    assert run.choices["pipeline"] == str(ferri.ferri.pipeline.pk)
    assert "into" not in run.choices
