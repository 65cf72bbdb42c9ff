"""Default fields on the mapping's screen: proposed, chosen, asked how they are written."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from custode.exchange.importing import job
from custode.fields import values
from custode.kernel import scope
from custode.leads.models import Lead
from tests.cast import Cast
from tests.fields.made import a_field, a_field_of
from tests.web.imports.test_imports import _checked, _form, _in, _run, _upload


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DATA", tmp_path)


def test_a_column_becomes_a_default_field_on_the_screen(ferri: Cast) -> None:
    region = a_field(ferri, "Regione", "choice", "Nord", "Sud")
    since = a_field(ferri, "Cliente dal", "date")
    anna = _in(ferri.anna)
    file = "cliente;regione;zona;dal\nRossi;Nord;Sud;01/02/2026\n"
    _upload(anna, file)
    page = anna.get(f"/imports/{_run().pk}/").text
    form = _form(page)
    assert form["place-1"] == region.asked
    assert "Regione: Nord" in page
    sent = {**form, "place-2": region.asked}
    answer = anna.post(f"/imports/{_run().pk}/mapping/", {**sent, "go": "1"})
    assert (answer.status_code, "takes one column, not 2" in answer.text) == (422, True)
    sent = {**form, "place-1": "skip", "place-2": region.asked, "place-3": since.asked}
    answer = anna.post(f"/imports/{_run().pk}/mapping/", {**sent, "go": "1"})
    assert "How is column “dal” (Cliente dal) written?" in answer.text
    run = _checked(anna, file, **{**sent, "way-3": "dmy"})
    anna.post(f"/imports/{run.pk}/start/")
    job.work(run.account_id, run.pk)
    lead = Lead.objects.get()
    assert values.lines("lead", lead.field_values) == {
        "Regione": "Sud", "Cliente dal": "1 Feb 2026",
    }  # fmt: skip


def test_a_field_of_another_account_is_no_place_for_a_column(ferri: Cast) -> None:
    with scope.account(ferri.lodi.account.pk):
        theirs = a_field_of(ferri.actor(ferri.carla), "Secret")
    anna = _in(ferri.anna)
    run = _checked(anna, "title;zona\nRossi;Sud\n", **{"place-1": theirs.asked})
    assert run.mapping["own"] == {}
    assert "Secret" not in anna.get(f"/imports/{run.pk}/").text
