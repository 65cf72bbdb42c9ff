"""Acts of the layers above the door: their page tells what became of each, and undoes parts."""

import pytest

from custode.activities import moves as comment_moves
from custode.clients import moves as client_moves
from custode.clients.models import Contact
from custode.guard import door
from custode.guard.door import UndoPart
from custode.guard.models import LogEntry
from custode.prospecting import columns, sheet
from tests.prospecting.sheets import edit, row_of
from tests.prospecting.test_cells_written_over import cities, thirty, write
from tests.web.security.acts import boxes, page, text
from tests.web.security.telling import PAGE, facts

SAID = "They want forty scanners by March; the director decides on Monday, call him at noon."


def last():
    return LogEntry.objects.latest("seq").seq


@pytest.fixture
def written(ferris, ugo, anna):
    """Twelve cities of a list written over at once; Anna has changed the first since."""
    one = thirty(ugo)
    write(ugo, one, range(12))
    seq = last()
    sheet.write(anna, one, [edit(one, "Name 0", "City", "Como")])
    return seq, one


def test_the_page_tells_what_was_written_over_and_what_stands_now(ferris, come_in, written):
    seq, _one = written
    told = text(page(come_in(ferris.anna), seq))
    assert "City: Asti to City: Bari" in told
    assert "City: Como, set by Anna Ferri" in told
    assert "1 was changed since. It stays as it is unless you choose to overwrite it." in told


def test_the_chosen_rows_go_back_and_the_others_can_be_chosen_later(ferris, come_in, written):
    seq, one = written
    client = come_in(ferris.anna)
    ticked = boxes(page(client, seq))
    assert [on for (name, _value), on in ticked.items() if name == "over"] == [False]
    form = {"ids": [row_of(one, f"Name {n}").pk for n in (1, 2)]}
    assert "Undone: 2 prospects" in text(client.post(f"{PAGE}{seq}/undo/", form, follow=True))
    assert cities(one)[:4] == ["Como", "Asti", "Asti", "Bari"]
    entry = facts(client.get(PAGE), "Ugo Conti wrote over")
    assert (entry["state"], entry["in_part"]) == ("Undone in part: 2 of 12", True)
    over = [value for (name, value), _on in boxes(page(client, seq)).items() if name == "over"]
    client.post(f"{PAGE}{seq}/undo/", {"ids": [], "over": over, "rest": "1"})
    assert cities(one)[:12] == ["Asti"] * 12
    entry = facts(client.get(PAGE), "Ugo Conti wrote over")
    assert (entry["state"], entry["undoable"]) == ("Undone since", False)


def test_an_act_that_went_on_is_undone_in_part_until_all_of_it_is(ferris, come_in, ugo):
    one = thirty(ugo)
    for n in range(14):
        write(ugo, one, [n])
    seq = last()
    client = come_in(ferris.anna)
    client.post(f"{PAGE}{seq}/undo/", {"ids": [row_of(one, "Name 0").pk]})
    entry = facts(client.get(PAGE), "Ugo Conti wrote over")
    assert (entry["state"], entry["undoable"]) == ("Undone in part: 1 of 14", True)


def test_who_undoes_from_the_log_is_shown_first_what_was_changed(ferris, come_in, written):
    seq, one = written
    answer = come_in(ferris.anna).post(f"/undo/{seq}/", {"look": "1"})
    assert (answer.status_code, answer["Location"]) == (302, f"{PAGE}{seq}/")
    assert cities(one)[1] == "Bari"


def test_a_cut_comment_shows_what_it_read_and_is_overwritten_where_one_asks(
    ferris, come_in, ugo
):  # fmt: skip
    it = comment_moves.write(ugo, ferris.lead(ferris.ugo), SAID)
    comment_moves.edit(ugo, it, "Done", None, was=0)
    seq = last()
    comment_moves.edit(ugo, it, "Done, and paid", None, was=1)
    client = come_in(ferris.anna)
    told = text(page(client, seq))
    assert f"{SAID} to Done" in told
    assert "Done, and paid" in told
    over = [value for (name, value), _on in boxes(page(client, seq)).items() if name == "over"]
    client.post(f"{PAGE}{seq}/undo/", {"over": over})
    it.refresh_from_db()
    assert it.text == SAID
    assert not page(client, seq).context["undoable"]


def test_a_column_and_a_contact_taken_out_are_told_and_put_back(ferris, come_in, ugo):
    one = thirty(ugo)
    city = columns.of(one)[1]
    out = columns.take_out(ugo, city).seq
    folder = client_moves.create(ugo, "Officine Sala")
    contact = client_moves.add_contact(ugo, folder, name="Pia Neri")
    gone = client_moves.remove_contact(ugo, contact).seq
    client = come_in(ferris.anna)
    for seq, word in ((out, "− City"), (gone, "− Pia Neri")):
        seen = page(client, seq)
        assert word in text(seen)
        ids = [value for (name, value), _on in boxes(seen).items() if name == "ids"]
        client.post(f"{PAGE}{seq}/undo/", {"ids": ids})
        assert not page(client, seq).context["undoable"]
    assert columns.taken_out(one) == []
    assert [found.name for found in Contact.objects.all()] == ["Pia Neri"]


def test_nobody_else_undoes_a_part(ferris, come_in, written):
    seq, one = written
    row = row_of(one, "Name 1").pk
    answer = come_in(ferris.bruna).post(f"{PAGE}{seq}/undo/", {"ids": [row]})
    assert answer.status_code == 403
    assert cities(one)[1] == "Bari"
    assert door.undo(ferris.actor(ferris.ugo), seq, UndoPart(only=frozenset({row}))).count == 1
