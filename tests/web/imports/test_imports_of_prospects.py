"""The screens of an import into a prospecting list, and what forged forms meet."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from custode.accounts import sharing
from custode.exchange.importing import job
from custode.exchange.models import ImportRun, RunState
from custode.kernel import scope
from custode.people.models import User
from custode.prospecting.models import ProspectingList
from tests.cast import Cast
from tests.exchange.bringing_prospects import FILE
from tests.prospecting.sheets import a_list, texts
from tests.teams import SETTINGS

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DATA", tmp_path)


def _in(who: User) -> Client:
    client = Client()
    with scope.everywhere("a test's session"):
        client.force_login(who)
    return client


def _upload(client: Client, text: str = FILE, **more: str) -> Any:
    file = SimpleUploadedFile("fair.csv", text.encode())
    return client.post("/imports/", {"file": file, "kind": "prospect", **more})


def _run() -> ImportRun:
    return ImportRun.objects.latest("pk")


def _form(page: str) -> dict[str, str]:
    """What a browser would send of the mapping's form, untouched."""
    sent = dict(re.findall(r'<input[^>]*? name="(\w+)" value="([^"]*)"', page))
    sent.pop("csrfmiddlewaretoken", None)
    for name, body in re.findall(r'<select[^>]*? name="([^"]+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', body)
        sent[name] = chosen[1] if chosen else ""
    return sent


def _said(response: Any) -> str:
    return " ".join(response.text.split())


def test_the_whole_walk_into_a_new_list(ferri: Cast) -> None:
    ugo = _in(ferri.ugo)
    assert _upload(ugo).status_code == 302
    url = f"/imports/{_run().pk}/"
    page = _said(ugo.get(url))
    assert "Édile Bianchi" in page
    form = {**_form(page), "title": "Fair <in> Bologna"}
    assert ugo.post(url + "mapping/", {**form, "go": "1"}).status_code == 302
    page = _said(ugo.get(url))
    assert "3 prospects will be added" in page
    assert "A new list “Fair &lt;in&gt; Bologna” will be made" in page
    assert "Import 3 prospects" in page
    assert ugo.post(url + "start/").status_code == 302
    job.work(_run().account_id, _run().pk)
    one = ProspectingList.objects.get()
    page = _said(ugo.get(url))
    assert "3 imported, 0 refused" in page
    assert f'href="/prospecting/{one.pk}/"' in page
    assert ugo.post(f"/undo/{_run().seq}/", {"next": url}).status_code == 302
    assert "This import was undone" in _said(ugo.get(url))
    assert not ProspectingList.objects.exists()


def test_from_a_list_the_file_goes_into_it_and_what_it_made_is_told(ferri: Cast) -> None:
    ugo, one = _in(ferri.ugo), a_list(ferri.actor(ferri.ugo))
    asked = ugo.get(f"/imports/?into={one.pk}").text
    assert f'name="into" value="{one.pk}"' in asked
    assert '<option value="prospect" selected>' in asked
    _upload(ugo, into=str(one.pk))
    url = f"/imports/{_run().pk}/"
    form = _form(ugo.get(url).text)
    assert form["into"] == str(one.pk)
    ugo.post(url + "mapping/", {**form, "go": "1"})
    assert "At the end of the list “Fair in Bologna”" in _said(ugo.get(url))
    ugo.post(url + "start/")
    job.work(_run().account_id, _run().pk)
    assert len(texts(one)) == 6
    ugo.post(f"/undo/{_run().seq}/")
    assert "1 column of the list: note" in re.sub("<[^>]+>", "", _said(ugo.get(url)))


def test_another_list_is_chosen_and_its_columns_are_proposed(ferri: Cast) -> None:
    ugo, one = _in(ferri.ugo), a_list(ferri.actor(ferri.ugo))
    _upload(ugo)
    url = f"/imports/{_run().pk}/"
    form = {**_form(ugo.get(url).text), "into": str(one.pk)}
    part = ugo.post(url + "mapping/", form, headers=HTMX)
    assert "<html" not in part.text
    sent = _form(part.text)
    assert sent["into_before"] == str(one.pk)
    assert [sent[f"place-{n}"] == "new" for n in range(3)] == [False, False, True]
    assert _run().choices["into"] == "new"


FORGED = {
    "a list that is not seen": ({"into": "{theirs}", "into_before": "{theirs}"}, "Choose one of"),
    "a list that is no number": ({"into": "1 or 1", "into_before": "1 or 1"}, "Choose one of"),
    "a column of theirs": ({"place-0": "{column}"}, "is no longer in the list"),
    "no title": ({"title": "   "}, "A list needs a title."),
    "a long title": ({"title": "x" * 121}, "at most 120 characters"),
}


@pytest.mark.parametrize("case", FORGED)
def test_a_forged_form_is_refused_with_a_reason(ferri: Cast, case: str) -> None:
    theirs = a_list(ferri.actor(ferri.bruna), "Bruna's secret")
    sharing.change(ferri.actor(ferri.anna), SETTINGS["own only, no teams"])
    ugo = _in(ferri.ugo)
    _upload(ugo, into=str(theirs.pk))
    url = f"/imports/{_run().pk}/"
    page = ugo.get(url).text
    assert "secret" not in page
    more, sentence = FORGED[case]
    names = {"theirs": theirs.pk, "column": theirs.columns.all()[0].pk}
    forged = {name: value.format(**names) for name, value in more.items()}
    answer = ugo.post(url + "mapping/", {**_form(page), **forged, "go": "1"})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "secret" not in answer.text
    assert _run().state == RunState.MAPPING


def test_rows_become_nothing_that_has_no_importer(ferri: Cast) -> None:
    answer = _upload(_in(ferri.ugo), kind="client_folder")
    assert answer.status_code == 422
    assert "Choose what the rows of the file become." in answer.text
    assert not ImportRun.objects.exists()


def test_many_columns_and_refused_rows_ask_no_more_queries(ferri: Cast) -> None:
    ugo = _in(ferri.ugo)

    def counted(columns: int) -> int:
        head = ",".join(f"c{n}" for n in range(columns))
        _upload(ugo, f"{head}\n{head}\n{head},x\n")
        with CaptureQueriesContext(connection) as queries:
            ugo.get(f"/imports/{_run().pk}/")
        return len(queries)

    assert counted(3) == counted(40)
