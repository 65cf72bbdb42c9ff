"""Forms that come at the wrong moment, or name a column that no file has."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from custode.exchange.importing import job, runs
from custode.exchange.models import ImportRun, RunState
from custode.leads.models import Lead
from custode.people.models import User
from tests.cast import Cast


@pytest.fixture
def anna(ferri: Cast, come_in: Callable[[User], Client]) -> Client:
    return come_in(ferri.anna)


@pytest.fixture
def run(anna: Client) -> ImportRun:
    """A file that was read and waits for its mapping."""
    anna.post("/imports/", {"file": SimpleUploadedFile("leads.csv", b"cliente\nRossi\n")})
    return ImportRun.objects.latest("pk")


def test_a_file_that_was_not_tried_does_not_start(anna: Client, run: ImportRun) -> None:
    assert anna.post(f"/imports/{run.pk}/start/").status_code == 410
    assert not Lead.objects.exists()


@pytest.mark.parametrize("column", ["9", "-1", "x", "9" * 5000, "0" * 4400 + "9"])
def test_a_column_that_is_not_there_is_explained(anna: Client, run: ImportRun, column: str) -> None:
    answer = anna.post(f"/imports/{run.pk}/mapping/", {"title": [column], "go": "1"})
    assert answer.status_code in {400, 422}


def test_long_files_are_read_by_the_job(anna: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "AT_ONCE", 10)
    file = SimpleUploadedFile("leads.csv", b"cliente;prodotto\nRossi;Pressa\n")
    anna.post("/imports/", {"file": file})
    run = ImportRun.objects.latest("pk")
    assert run.state == RunState.READING
    page = anna.get(f"/imports/{run.pk}/").text
    assert "The file is being read" in page
    job.work(run.account_id, run.pk)
    polled = anna.get(f"/imports/{run.pk}/", headers={"HX-Request": "true"})
    assert polled.headers["HX-Refresh"] == "true"
    assert "Rossi" in anna.get(f"/imports/{run.pk}/").text
