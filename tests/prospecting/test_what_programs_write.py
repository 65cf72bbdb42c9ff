"""Lists made and rows written by programs, which did not see what stood there before."""

from __future__ import annotations

import pytest

from custode.accounts import sharing
from custode.accounts.sharing import Sharing
from custode.kernel.errors import Gone, Invalid, Refused
from custode.prospecting import columns, moves, sheet
from custode.prospecting.models import Prospect, ProspectingList
from tests.cast import Cast
from tests.prospecting.sheets import a_list, edit, row_of, texts


def column(one: ProspectingList, name: str) -> int:
    return next(column.pk for column in columns.of(one) if column.name == name)


def test_what_a_program_writes_stands_though_somebody_wrote_there_meanwhile(ferri: Cast) -> None:
    ugo, bruna = ferri.actor(ferri.ugo), ferri.actor(ferri.bruna)
    one = a_list(ugo)
    stale = row_of(one, "Rossi S.r.l.")
    sheet.write(bruna, one, [edit(one, "Rossi S.r.l.", "City", "Asti")])
    sheet.replace_cells(ugo, stale, {column(one, "City"): "Roma"})
    assert texts(one)[0] == ["Rossi S.r.l.", "Roma", "info@rossi.example"]


def test_cells_that_a_program_does_not_change_keep_what_others_wrote_meanwhile(ferri: Cast) -> None:
    ugo, bruna = ferri.actor(ferri.ugo), ferri.actor(ferri.bruna)
    one = a_list(ugo)
    stale = row_of(one, "Rossi S.r.l.")
    sheet.write(bruna, one, [edit(one, "Rossi S.r.l.", "City", "Asti")])
    same = {column(one, "City"): "Torino", column(one, "E-mail"): "new@rossi.example"}
    sheet.replace_cells(ugo, stale, same)
    assert texts(one)[0] == ["Rossi S.r.l.", "Asti", "new@rossi.example"]


def test_a_row_that_is_gone_takes_nothing(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    one = a_list(ugo)
    row = row_of(one, "Rossi S.r.l.")
    from_another = a_list(ugo, "Fair in Bari")
    row.in_list = from_another
    with pytest.raises(Gone):
        sheet.replace_cells(ugo, row, {column(from_another, "City"): "Roma"})
    assert texts(one)[0][1] == texts(from_another)[0][1] == "Torino"


def test_a_new_list_is_for_whom_one_may_give_lists_to(ferri: Cast) -> None:
    sharing.change(ferri.actor(ferri.anna), Sharing("shared", False, "admins", "admins"))
    ugo = ferri.actor(ferri.ugo)
    with pytest.raises(Refused):
        moves.create(ugo, "Fair", ["Name"], [["Rossi"]], owner=ferri.bruna)
    assert not ProspectingList.objects.exists()
    assert moves.create(ugo, "Fair", ["Name"], [["Rossi"]], owner=ferri.ugo).owner == ferri.ugo


def test_a_new_list_with_a_row_that_does_not_fit_is_not_made(ferri: Cast) -> None:
    for row in (["Rossi", "too much"], ["x" * 2001]):
        with pytest.raises(Invalid):
            moves.create(ferri.actor(ferri.ugo), "Fair", ["Name"], [row] * 20)
    assert not ProspectingList.objects.exists()
    assert not Prospect.objects.exists()


def test_several_things_of_a_list_are_set_together_or_not_at_all(ferri: Cast) -> None:
    sharing.change(ferri.actor(ferri.anna), Sharing("shared", False, "admins", "admins"))
    one = a_list(ferri.actor(ferri.ugo))
    with pytest.raises(Refused):
        moves.change(ferri.actor(ferri.bruna), one, title="Mine", archived=True, shared=True)
    one.refresh_from_db()
    assert (one.title, one.archived_at, one.shared_at) == ("Fair in Bologna", None, None)
    moves.change(ferri.actor(ferri.ugo), one, title="Ours", archived=True, shared=True)
    one.refresh_from_db()
    assert one.title == "Ours"
    assert bool(one.archived_at) is bool(one.shared_at) is True
