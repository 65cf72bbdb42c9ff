"""Who tries to delete by another name, and with what, which is theirs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from custode.activities import files
from custode.activities import moves as comments
from custode.activities.files import Incoming
from custode.clients import moves as folders
from custode.clients.models import ClientFolder
from custode.exchange.models import ExportFile
from custode.guard import door, scraping
from custode.guard.models import LogEntry
from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.leads import moves as leads
from custode.leads.models import Lead
from custode.people.models import User
from custode.prospecting import columns, sheet
from custode.prospecting.models import Prospect, ProspectingList
from tests.cast import Cast
from tests.prospecting.sheets import a_list, edit

SAID = "They want forty scanners by March; the director decides on Monday."


@dataclass
class Stage:
    """Who tries it, and with what, which is theirs."""

    cast: Cast
    who: User
    actor: Actor

    @property
    def anna(self) -> Actor:
        return self.cast.actor(self.cast.anna)

    def lead(self, title: str = "Mine") -> Lead:
        return self.cast.lead(self.who, title)

    def folder(self) -> ClientFolder:
        return folders.create(self.actor, "Rossi", owner=self.who)

    def sheet(self, rows: int = 12) -> ProspectingList:
        one = a_list(self.actor, rows=())
        for n in range(0, rows, 6):
            chunk = [(f"Name {k}", "Asti", "a@b.example") for k in range(n, min(n + 6, rows))]
            numbers = [column.pk for column in columns.of(one)]
            sheet.write(self.actor, one, rows=[dict(zip(numbers, r, strict=True)) for r in chunk])
        return one

    def cities(self, rows: int, text: str) -> None:
        one = self.sheet(rows)
        sheet.write(self.actor, one, [edit(one, f"Name {n}", "City", text) for n in range(rows)])

    def comment(self, text: str, without: bool = False) -> None:
        sent = [Incoming("offer.txt", 3, [b"abc"])]
        it = comments.write(self.actor, self.lead(), SAID, None, sent)
        gone = [file.pk for file in files.of(it)] if without else []
        comments.edit(self.actor, it, text, None, was=0, without=gone)

    def imported(self) -> None:
        entry = door.begin_import(self.actor, "lead", details={}, labels=["leads.csv"])
        with door.import_chunk(self.actor, entry):
            one = Lead(title="Came", step=self.cast.ferri.steps[0], owner=self.who)
            one.derive()
            door.save_imported(entry, [one])
        door.undo(self.actor, door.finish_import(self.actor, entry, details={}).seq)

    def pasted(self) -> None:
        one = a_list(self.actor, rows=[(f"Name {n}", "", "") for n in range(11)])
        assert Prospect.objects.filter(in_list=one).count() == 11
        door.undo(self.actor, LogEntry.objects.filter(verb="change").order_by("-seq")[0].seq)

    def downloaded(self) -> None:
        file = ExportFile.objects.create(user=self.who, kind="lead", format="csv", state="ready")
        door.authorize_download(self.actor, 1, file.kind, 3)

    def read(self, many: int) -> None:
        """As a program that is told of so many leads in an hour which nobody read in before."""
        scraping.forget()
        with scraping.watching(self.actor):
            scraping.tell("lead", range(1, many + 1))


def one_by_one(stage: Stage, text: str) -> None:
    """Write over eleven cells, a minute apart."""
    one, start = stage.sheet(), clock.now()
    for n in range(11):
        with clock.at(start + timedelta(minutes=n)):
            sheet.write(stage.actor, one, [edit(one, f"Name {n}", "City", text)])


def out_of_folders(stage: Stage, many: int) -> None:
    """Take so many leads out of their client folder."""
    folder = stage.folder()
    for lead in [stage.cast.lead(stage.who, client_folder=folder) for _n in range(many)]:
        leads.edit(stage.actor, lead, client_folder=None)


def descriptions(stage: Stage, many: int) -> None:
    """Leave a dot of the descriptions of so many leads."""
    for _n in range(many):
        lead = stage.cast.lead(stage.who, description="Wants a press by the end of May")
        leads.edit(stage.actor, lead, description=".")
