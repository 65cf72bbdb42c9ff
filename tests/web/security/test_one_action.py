"""An act's own page: its facts, its story, what became of each object, and its undo in part."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from custode.activities import moves as comment_moves
from custode.guard import door
from custode.guard.models import LogEntry, TrashEntry
from custode.kernel.errors import Refused
from custode.leads import moves, tagging
from custode.leads.models import Lead
from tests.web.security.acts import boxes, page, text
from tests.web.security.telling import PAGE, facts


def test_the_page_tells_all_that_is_known_of_an_act(ferris, come_in, ugo, moved):
    seq, leads = moved
    answer = page(come_in(ferris.anna), seq)
    said = text(answer)
    for words in (
        "Ugo Conti moved 5 leads to the step Meeting at once.", "Chrome on Windows", "93.40.12.7",
        "On a page", "Everything this session did", "2 were changed since",
    ):  # fmt: skip
        assert words in said
    html = answer.content.decode()
    assert 'href="/security/sessions/?session=77"' in html
    assert 'href="/security/actions/?session=77"' in html
    assert f'href="/leads/{leads[0].pk}/"' in html
    first, second, third = (str(ferris.ferri.steps[n]) for n in (0, 2, 3))
    rows = answer.context["table"].rows
    assert [(row.before, row.after, row.now, row.who) for row in rows[1:3]] == [
        (first, second, third, "Anna Ferri"), (first, second, "", ""),
    ]  # fmt: skip


def test_the_log_leads_to_the_page(ferris, come_in, moved):
    seq, _leads = moved
    assert f'href="/security/actions/{seq}/"' in come_in(ferris.anna).get(PAGE).content.decode()


def test_lines_are_found_by_name_and_by_what_became_of_them(ferris, come_in, moved):
    seq, leads = moved
    client = come_in(ferris.anna)
    found = page(client, seq, "?stands=changed").context["table"]
    assert [row.pk for row in found.rows] == [lead.pk for lead in leads[:2]]
    assert found.elsewhere == 0
    found = page(client, seq, "?q=scanner+3").context["table"]
    assert ([row.name for row in found.rows], found.elsewhere) == (["Scanner 3"], 0)
    assert "Nothing in this act matches." in text(page(client, seq, "?q=zzz"))


@pytest.mark.parametrize(
    "query",
    ["?kind=zzz", "?kind=user", "?stands=purple", "?after=x", "?after=" + "9" * 40, "?q=%00"],
)
def test_a_nonsense_address_is_still_a_page(ferris, come_in, moved, query):
    page(come_in(ferris.anna), moved[0], query)


def test_a_deletion_shows_what_lies_in_the_trash(ferris, come_in, ugo):
    leads = [ferris.lead(ferris.ugo, f"Gone {n}") for n in range(3)]
    comment_moves.write(ugo, leads[0], "Along")
    act = door.delete(ugo, leads, reason="Twice")
    entry = act.entry or TrashEntry()
    door.restore(ugo, entry, only=[leads[0].pk])
    client = come_in(ferris.anna)
    answer = page(client, act.seq)
    said = text(answer)
    assert "Twice" in said
    assert "1 is no longer here" in said
    assert "Ugo Conti restored 1 lead from the trash." in said
    assert f'href="/trash/{entry.pk}/"' in answer.content.decode()
    client.post(f"{PAGE}{act.seq}/undo/", {"ids": leads[1].pk})
    assert set(Lead.objects.all()) == {leads[0], leads[1]}
    assert facts(client.get(PAGE), "Ugo Conti deleted")["state"] == "Undone in part: 2 of 3"
    door.purge(ferris.actor(ferris.anna), entry, reason="For good")
    assert facts(client.get(PAGE), "Ugo Conti deleted")["state"] == (
        "Undone in part: 2 of 3. The rest was deleted for ever."
    )
    assert "Nothing that this act touched is left." in text(page(client, act.seq))


def test_an_import_shows_what_was_worked_on_since(ferris, come_in, ugo):
    entry = door.begin_import(ugo, "lead", details={}, labels=["leads.csv"])
    with door.import_chunk(ugo, entry):
        rows = [Lead(title=f"Row {n}", step=ferris.ferri.steps[0], owner=ferris.ugo)
                for n in range(3)]  # fmt: skip
        for row in rows:
            row.derive()
        door.save_imported(entry, list(rows))
    act = door.finish_import(ugo, entry, details={})
    rows = list(Lead.objects.order_by("pk"))
    moves.edit(ugo, rows[0], title="Called")
    comment_moves.write(ferris.actor(ferris.anna), rows[1], "They want an offer")
    client = come_in(ferris.anna)
    answer = page(client, act.seq)
    said = text(answer)
    assert "2 have been worked on since" in said
    assert "changed by Ugo Conti" in said
    assert "Something was added to it" in said
    assert "Ugo Conti began to import the file leads.csv." in said
    assert "Under way" not in said + text(page(client, entry.seq))
    over = next(value for (name, value) in boxes(answer) if name == "over")
    client.post(f"{PAGE}{act.seq}/undo/", {"ids": rows[2].pk, "over": over})
    assert list(Lead.objects.all()) == [rows[1]]


def test_labels_are_told_with_plus_and_minus(ferris, come_in, ugo):
    hot, old = tagging.tags_named(ugo, ["Hot", "Old"])
    leads = [ferris.lead(ferris.ugo, f"Scanner {n}", tags=[old]) for n in range(2)]
    act = door.change_labels(ugo, leads, "tag", add=[hot], remove=[old])
    assert "+ Hot, − Old" in text(page(come_in(ferris.anna), act.seq))


def test_a_retired_tag_shows_the_objects_of_each_kind(ferris, come_in, anna):
    (hot,) = tagging.tags_named(anna, ["Hot"])
    lead = ferris.lead(ferris.ugo, tags=[hot])
    act = door.retire(anna, "lead", "tag", [hot], None)
    client = come_in(ferris.anna)
    assert "− Hot" in text(page(client, act.seq))
    client.post(f"{PAGE}{act.seq}/undo/", {"ids": lead.pk})
    assert list(lead.tags.all()) == [hot]


def test_what_touches_no_objects_has_its_page_too(ferris, come_in, anna):
    client = come_in(ferris.anna)
    entries = list(LogEntry.objects.values_list("seq", flat=True))
    assert entries
    for seq in entries:
        assert "data-undo-button" not in page(client, seq).content.decode()


def test_a_refusal_has_its_page(ferris, come_in, ugo):
    with pytest.raises(Refused):
        door.delete(ugo, [ferris.lead(ferris.bruna, "Hers")])
    seq = LogEntry.objects.latest("seq").seq
    said = text(page(come_in(ferris.anna), seq))
    assert "Ugo Conti was not allowed to delete 1 lead." in said
    assert "belongs to somebody else" in said


def test_names_are_text(ferris, come_in, ugo):
    lead = ferris.lead(ferris.ugo, "<script>alert(1)</script>")
    act = door.change(ugo, [lead], "step", ferris.ferri.steps[1])
    html = page(come_in(ferris.anna), act.seq).content.decode()
    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_only_admins_of_the_same_account_and_edition_see_it(ferris, come_in, moved):
    seq, _leads = moved
    assert come_in(ferris.ugo).get(f"{PAGE}{seq}/").status_code == 403
    assert "Scanner" not in text(come_in(ferris.carla).get(f"{PAGE}{seq}/"))
    client = come_in(ferris.anna)
    for wrong in (10**6, 10**30, 0):
        assert client.get(f"{PAGE}{wrong}/").status_code == 404
        assert client.post(f"{PAGE}{wrong}/undo/", {"rest": "1"}).status_code in {404, 410}


def test_the_number_of_queries_does_not_grow_with_the_objects(ferris, come_in, ugo, anna):
    client, counts = come_in(ferris.anna), []
    for many in (2, 40):
        leads = [ferris.lead(ferris.ugo, f"Scanner {n}") for n in range(many)]
        act = door.change(ugo, leads, "step", ferris.ferri.steps[2])
        for lead in leads[: many // 2]:
            lead.refresh_from_db()
            moves.edit(anna, lead, step=ferris.ferri.steps[3])
        gone = door.delete(ugo, leads[:1])
        for seq in (act.seq, gone.seq):
            with CaptureQueriesContext(connection) as queries:
                page(client, seq)
            counts.append(len(queries))
    assert counts[:2] == counts[2:]
