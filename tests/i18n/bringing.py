"""Files brought to Custode, and how far each has come in."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from custode.exchange.importing import job
from custode.exchange.models import ImportRun, RunState
from custode.prospecting.models import ProspectingList
from tests.i18n.listening import Words

FILE = """cliente;prodotto;agente;fase;valore;data
Rossi;Pressa;Ugo Conti;In arrivo;1.234,50;31/12/2025
Bianchi;Forno;Mara Gallo;Nuova;10;01/02/2026
Verdi;Forno;Mara Gallo;Won;molti;01/03/2026
"""
PROSPECTS = f"ragione sociale;città\nRossi;Torino\nVerdi;{'x' * 2001}\n"


def imports(anna: Client) -> list[int]:
    """One import in each of its states; one that came in, one that was undone, two that ask."""
    run = brought(anna, FILE)
    _check(anna, run)
    found = [_copy(run, state) for state in RunState if state != RunState.DONE]
    _finish(anna, run)
    # This one made people and steps before it failed.
    found.append(_copy(run, RunState.FAILED))
    undone = brought(anna, FILE.replace("Mara Gallo", "Elio Neri").replace("Nuova", "Nuovissima"))
    _check(anna, undone)
    _finish(anna, undone)
    undone.refresh_from_db()
    assert anna.post(f"/undo/{undone.seq}/").status_code == 302
    days = brought(anna, "titolo,creata il\nA,01/02/2026\nB,03/04/2026\n")
    owners = brought(anna, 'titolo,agente\nA,Livia Moro\nB,"Bo, Ada"\nC,Ada Bo\n')
    return [*found, *_prospects(anna), undone.pk, owners.pk, run.pk, days.pk]


def _prospects(anna: Client) -> list[int]:
    """Imports into lists: to be mapped, tried, running, undone with a column that stays."""
    anna.post("/prospecting/new/", {"title": "Nord", "columns": "ragione sociale"})
    one = ProspectingList.objects.latest("pk")
    run = brought(anna, PROSPECTS, kind="prospect", into=str(one.pk))
    mapping = _copy(run, RunState.MAPPING)
    _check(anna, run)
    found = [mapping, _copy(run, RunState.CHECKED), _copy(run, RunState.RUNNING)]
    _finish(anna, run)
    done = _copy(run, RunState.DONE)
    run.refresh_from_db()
    assert anna.post(f"/undo/{run.seq}/").status_code == 302
    new = brought(anna, PROSPECTS, kind="prospect")
    _check(anna, new)
    return [*found, done, run.pk, new.pk]


def _check(anna: Client, run: ImportRun) -> None:
    page = anna.get(f"/imports/{run.pk}/")
    form = {**_untouched(page.content.decode()), "go": "1"}
    assert anna.post(f"/imports/{run.pk}/mapping/", form).status_code == 302


def _finish(anna: Client, run: ImportRun) -> None:
    assert anna.post(f"/imports/{run.pk}/start/").status_code == 302
    job.work(run.account_id, run.pk)


def brought(anna: Client, text: str, **more: str) -> ImportRun:
    file = SimpleUploadedFile("vendite.csv", text.encode())
    anna.post("/imports/", {"file": file, **more})
    return ImportRun.objects.latest("pk")


def _untouched(page: str) -> dict[str, Any]:
    """What a browser would send of the mapping's form."""
    form = _Form()
    form.feed(page)
    return form.sent


class _Form(Words):
    """Collects what is chosen in each select."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[str, Any] = {"separator": " · "}
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A select, or the chosen one of its options."""
        values = dict(attrs)
        if tag == "select":
            self._select = values.get("name") or ""
        elif tag == "option" and "selected" in values and self._select:
            self.sent.setdefault(self._select, []).append(values.get("value", "EUR"))


def _copy(run: ImportRun, state: str) -> int:
    copy = ImportRun.objects.get(pk=run.pk)
    copy.pk, copy.state = None, state
    copy.save(force_insert=True)
    return int(copy.pk)
