"""What writing over cells costs, and how the log tells it."""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from custode.guard import door, history
from custode.kernel import scope
from custode.prospecting import columns, sheet
from tests.cast import Cast
from tests.prospecting.sheets import add, edit, row_of
from tests.prospecting.test_cells_written_over import acts, thirty, write
from tests.web.security.telling import PAGE, told


def test_an_ordinary_edit_costs_one_statement_more_at_most(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    one = thirty(ugo)

    def statements(column: str, text: str) -> int:
        wanted = [edit(one, "Name 0", column, text)]
        with CaptureQueriesContext(connection) as asked:
            sheet.write(ugo, one, wanted)
        return len(asked)

    filling = statements("E-mail", "a@b.example")
    assert statements("E-mail", "c@d.example") <= filling + 1
    # What empties is deleting by another name, and counted one after the other: it waits its turn.
    waits = connection.vendor == "postgresql"
    assert statements("E-mail", "") <= filling + 2 + waits


def test_an_act_and_its_undo_take_as_many_statements_for_many_rows_as_for_few(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    one = thirty(ugo)

    def statements(rows: int, text: str) -> tuple[int, int]:
        wanted = [edit(one, f"Name {n}", "City", text) for n in range(rows)]
        with CaptureQueriesContext(connection) as asked:
            sheet.write(ugo, one, wanted)
        with CaptureQueriesContext(connection) as back:
            door.undo(ugo, acts()[-1].seq)
        return len(asked), len(back)

    assert statements(12, "Bari") == statements(30, "Lecce")


def test_no_line_of_history_is_told_otherwise_by_its_number(ferri: Cast) -> None:
    """Lines that begin without an act are taken into one; who did what stays as it was."""
    ugo = ferri.actor(ferri.ugo)
    one = thirty(ugo)
    for n in range(11):
        write(ugo, one, [n])
    row = row_of(one, "Name 0")
    line = history.of(row)[0]
    assert (line.old, line.new, line.actor_name) == ("Asti", "Bari", "Ugo Conti")
    assert line.seq == acts()[0].seq


def test_an_act_and_its_undo_speak_of_as_many_cells(ferri: Cast, client: Client) -> None:
    """Cells that were empty count, too: the undo empties them again."""
    ugo = ferri.actor(ferri.ugo)
    one = thirty(ugo)
    wanted = [edit(one, f"Name {n}", "City", "Bari") for n in range(11)]
    wanted += [edit(one, f"Name {n}", "E-mail", "a@b.example") for n in range(5)]
    sheet.write(ugo, one, wanted)
    door.undo(ugo, acts()[0].seq)
    with scope.everywhere("a test signs in"):
        client.force_login(ferri.anna)
    assert [sentence for sentence, _colour in told(client.get(PAGE))][:2] == [
        "Ugo Conti gave 16 cells of 11 prospects back what they had held.",
        "Ugo Conti wrote in 16 cells of 11 prospects in the list Fair at once (11 of them held"
        " something before).",
    ]


def test_the_log_tells_it_in_sentences(ferri: Cast, client: Client) -> None:
    ugo = ferri.actor(ferri.ugo)
    one = thirty(ugo)
    write(ugo, one, range(12))
    write(ugo, one, range(12), "")
    add(ugo, one, [(f"New {n}", "", "") for n in range(11)])
    door.undo(ugo, acts()[2].seq)
    numbers = [column.pk for column in columns.of(one)]
    sheet.write(
        ugo,
        one,
        [edit(one, f"Name {n}", "City", "Como") for n in range(12, 24)],
        [{numbers[0]: "One more"}],
    )
    door.undo(ugo, acts()[3].seq)
    other = thirty(ferri.actor(ferri.bruna), "Hers")
    for n in range(11):
        write(ferri.actor(ferri.bruna), other, [n])
    with scope.everywhere("a test signs in"):
        client.force_login(ferri.anna)
    sentences = [sentence for sentence, _colour in told(client.get(PAGE))]
    for expected in (
        "Ugo Conti wrote over 12 cells of 12 prospects in the list Fair at once.",
        "Ugo Conti emptied 12 cells of 12 prospects in the list Fair at once.",
        "Ugo Conti added 11 prospects to the list Fair at once.",
        "Ugo Conti undid an act that had added 11 prospects: they are in the trash.",
        "Ugo Conti wrote over 12 cells of the list Fair and added 1 prospect at once.",
        "Ugo Conti gave 12 cells of 12 prospects back what they had held.",
        "Bruna Sala wrote over more than 10 cells of prospects one after another, last in the list"
        " Hers.",
    ):
        assert expected in sentences
