"""An act undone from its own page: what is chosen goes back, what is not seen stays."""

import pytest

from custode.guard import door
from custode.guard.models import LogEntry
from custode.leads import moves
from custode.web.security import objects
from tests.web.security.acts import boxes, page, steps, text
from tests.web.security.telling import PAGE, facts, told


def test_what_was_changed_since_is_not_chosen_unless_one_does(ferris, come_in, moved):
    seq, leads = moved
    ticked = boxes(page(come_in(ferris.anna), seq))
    assert {name for (name, _value), on in ticked.items() if on} == {"ids"}
    assert [on for (name, _value), on in ticked.items() if name == "over"] == [False, False]
    assert {value for (name, value), _on in ticked.items() if name == "ids"} == {
        str(lead.pk) for lead in leads[2:]
    }


def test_the_chosen_ones_go_back_and_the_log_says_how_many(ferris, come_in, moved):
    seq, leads = moved
    client = come_in(ferris.anna)
    first, set_to, since = 0, 2, 3
    answer = client.post(
        f"{PAGE}{seq}/undo/", {"ids": [leads[2].pk, leads[3].pk]}, follow=True
    )  # fmt: skip
    assert "Undone: 2 leads" in text(answer)
    assert steps(leads) == [since, since, first, first, set_to]
    log = client.get(PAGE)
    assert facts(log, "Ugo Conti moved")["state"] == "Undone in part: 2 of 5"
    assert told(log)[0] == (
        f"Anna Ferri undid the change of 2 leads by Ugo Conti (no. {seq}).",
        "undone",
    )
    assert "See the rest" in text(log)
    client.post(f"{PAGE}{seq}/undo/", {"ids": [leads[4].pk]})
    over = [value for (name, value), _on in boxes(page(client, seq)).items() if name == "over"]
    assert len(over) == 2
    client.post(f"{PAGE}{seq}/undo/", {"over": over})
    assert steps(leads) == [first] * 5
    log = client.get(PAGE)
    assert told(log)[0] == (
        "Anna Ferri undid an act that concerned 2 leads, 2 of which had been changed since.",
        "undone",
    )
    assert facts(log, "Ugo Conti moved")["state"] == "Undone since"
    assert f'action="/security/actions/{seq}/undo/"' in page(client, seq).content.decode()
    assert "data-undo-button" not in page(client, seq).content.decode()


def test_what_changes_after_the_page_was_seen_is_left_and_told(ferris, come_in, anna, moved):
    seq, leads = moved
    client = come_in(ferris.anna)
    sent = boxes(page(client, seq))
    for lead in (leads[0], leads[2]):
        lead.refresh_from_db()
        moves.edit(anna, lead, step=ferris.ferri.steps[4])
    form = {name: [value for (one, value) in sent if one == name] for name in ("ids", "over")}
    answer = client.post(f"{PAGE}{seq}/undo/", form, follow=True)
    assert "Undone: 3 leads. 2 others stay as they are" in text(answer)
    assert steps(leads) == [4, 0, 4, 0, 0]


def test_what_is_on_other_pages_goes_back_too_unless_one_says_no(
    ferris, come_in, moved, monkeypatch
):
    monkeypatch.setattr(objects, "PAGE", 3)
    seq, leads = moved
    client = come_in(ferris.anna)
    first = page(client, seq)
    table = first.context["table"]
    assert (table.elsewhere, table.ticked, table.more) == (2, 3, leads[2].pk)
    assert boxes(first)["rest", "1"]
    second = page(client, seq, f"?after={table.more}")
    assert (second.context["table"].elsewhere, len(second.context["table"].rows)) == (0, 2)
    assert ("rest", "1") not in boxes(second)
    client.post(f"{PAGE}{seq}/undo/", {"shown": leads[2].pk, "rest": "1"})
    assert steps(leads) == [3, 3, 2, 0, 0]


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({}, 400), ({"ids": "x"}, 410), ({"ids": "9" * 40}, 410), ({"over": ":"}, 410),
        ({"over": "1:\x00"}, 410), ({"rest": "1", "kind": "zzz"}, 400), ({"kind": "user"}, 400),
    ],
)  # fmt: skip
def test_a_malformed_form_changes_nothing(ferris, come_in, moved, form, status):
    seq, leads = moved
    before = steps(leads)
    answer = come_in(ferris.anna).post(f"{PAGE}{seq}/undo/", form)
    assert answer.status_code == status
    assert steps(leads) == before


def test_undo_in_the_log_leads_to_the_preview_where_something_was_changed(ferris, come_in, moved):
    seq, leads = moved
    client = come_in(ferris.anna)
    answer = client.post(f"/undo/{seq}/", {"look": "1", "next": PAGE})
    assert answer["Location"] == f"/security/actions/{seq}/"
    assert steps(leads) == [3, 3, 2, 2, 2]
    assert "Some of this was changed since" in text(page(client, seq))
    other = door.change(ferris.actor(ferris.ugo), leads[2:], "step", ferris.ferri.steps[1])
    answer = client.post(f"/undo/{other.seq}/", {"look": "1", "next": PAGE})
    assert answer["Location"] == PAGE
    assert steps(leads) == [3, 3, 2, 2, 2]


def test_an_undo_can_be_taken_back_from_where_it_is_told(ferris, come_in, moved):
    seq, leads = moved
    client = come_in(ferris.anna)
    answer = client.post(f"{PAGE}{seq}/undo/", {"rest": "1"}, follow=True)
    back = LogEntry.objects.latest("seq").seq
    assert f'action="/undo/{back}/"' in answer.content.decode()
    client.post(f"/undo/{back}/", {})
    assert steps(leads) == [3, 3, 2, 2, 2]
    assert facts(client.get(PAGE), "Anna Ferri undid")["it"].about == back


def test_who_did_not_do_it_is_refused_and_the_log_has_it(ferris, come_in, moved):
    seq, leads = moved
    before = steps(leads)
    assert come_in(ferris.bruna).post(f"{PAGE}{seq}/undo/", {"rest": "1"}).status_code == 403
    assert steps(leads) == before
    refusal = LogEntry.objects.latest("seq")
    assert (refusal.verb, refusal.outcome, refusal.actor_id) == ("undo", "refused", ferris.bruna.pk)
