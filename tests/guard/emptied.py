"""The roads by which fields are emptied one by one, for the tests of emptying."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from custode.clients import moves as folders
from custode.clients.models import ClientFolder, Contact
from custode.fields import moves as default_fields
from custode.kernel.actor import Actor
from custode.leads import moves
from custode.leads.models import Lead
from custode.prospecting import columns, sheet
from custode.prospecting import moves as list_moves
from custode.prospecting.models import ListColumn, ProspectingList
from tests.cast import Cast
from tests.prospecting.sheets import a_list, add, edit, texts

LONG = "Wants three lifts, calls back after the fair; talk to Mrs Neri in the purchasing office."


@dataclass(frozen=True)
class Road:
    """One way of emptying twelve things one by one.

    Args:
        empty: writes a text into one of them.
        said: what all of them say now.
        few: so many of them may be emptied before it is many.
    """

    kind: str
    empty: Callable[[int, str], object]
    said: Callable[[], list[str]]
    few: int = 10


def of_leads(cast: Cast, actor: Actor, column: str) -> Road:
    field = default_fields.create(cast.actor(cast.anna), "lead", "Needs", "text")
    made = [
        moves.create(
            actor, title=f"Lead number {n}", description=LONG, owner=cast.ugo,
            own={field.pk: f"A need of {n} lifts"},
        ).pk
        for n in range(12)
    ]  # fmt: skip

    def empty(n: int, text: str) -> object:
        values: Any = {column: text}
        lead = Lead.objects.get(pk=made[n])
        if column == "field_values":
            return moves.edit(actor, lead, own={field.pk: text})
        return moves.edit(actor, lead, **values)

    return Road("lead", empty, lambda: everywhere(Lead, made, column))


def of_folders(cast: Cast, actor: Actor, column: str) -> Road:
    made = [folders.create(actor, f"Client number {n}", description=LONG).pk for n in range(12)]

    def empty(n: int, text: str) -> object:
        values: Any = {column: text}
        return folders.edit(actor, ClientFolder.objects.get(pk=made[n]), **values)

    return Road(
        "client_folder",
        empty,
        lambda: everywhere(ClientFolder, made, column),
    )


def of_contacts(cast: Cast, actor: Actor, _column: str) -> Road:
    folder = folders.create(actor, "Neri S.p.A.")
    made = [
        folders.add_contact(
            actor, folder, name=f"Neri {n}", role="CEO", email=f"n{n}@neri.example",
            phone=f"+39 011 555{n:02}",
        ).pk
        for n in range(12)
    ]  # fmt: skip

    def empty(n: int, text: str) -> None:
        one = Contact.objects.get(pk=made[n])
        folders.change_contact(actor, one, was=None, name=text, role="", email="", phone="")

    return Road("client_folder", empty, lambda: everywhere(Contact, made, "written"), few=2)


def of_lists(cast: Cast, actor: Actor, _column: str) -> Road:
    made = [a_list(actor, f"Fair number {n}", rows=()).pk for n in range(12)]

    def empty(n: int, text: str) -> None:
        one = ProspectingList.objects.get(pk=made[n])
        list_moves.describe(actor, one, text, one.description)

    return Road("prospecting_list", empty, lambda: everywhere(ProspectingList, made, "title"))


def of_columns(cast: Cast, actor: Actor, _column: str) -> Road:
    one = list_moves.create(actor, "Fair", [f"Column {n}" for n in range(12)])
    made = [column.pk for column in columns.of(one)]
    return Road(
        "prospecting_list",
        lambda n, text: columns.rename(
            actor, ListColumn.objects.get(pk=made[n]), text + LOOK_ALIKES[n]
        ),
        lambda: everywhere(ListColumn, made, "name"),
    )


LOOK_ALIKES = ["", *(chr(0x2500 + n) for n in range(11))]
"""So that two columns that say nothing have different names."""


def of_cells(cast: Cast, actor: Actor, _column: str) -> Road:
    one = a_list(actor, "Cells", rows=())
    for some in (range(6), range(6, 12)):
        add(actor, one, [(f"Name {n}", "Torino", "") for n in some])
    return Road(
        "prospect",
        lambda n, text: sheet.write(actor, one, [edit(one, f"Name {n}", "City", text)]),
        lambda: [city for _name, city, _mail in texts(one)],
    )


def everywhere(model: Any, made: list[int], column: str) -> list[str]:
    """What a column says in each of these."""
    return [str(getattr(model.objects.get(pk=pk), column)) for pk in made]


ROADS: dict[str, tuple[Callable[[Cast, Actor, str], Road], str]] = {
    "lead titles": (of_leads, "title"),
    "lead descriptions": (of_leads, "description"),
    "lead fields": (of_leads, "field_values"),
    "folder names": (of_folders, "name"),
    "folder descriptions": (of_folders, "description"),
    "contacts": (of_contacts, ""),
    "list titles": (of_lists, ""),
    "column names": (of_columns, ""),
    "cells": (of_cells, ""),
}


def road_of(name: str, cast: Cast, actor: Actor) -> Road:
    build, column = ROADS[name]
    return build(cast, actor, column)
