"""Comments at the screens: one timeline with the changes, written, edited, pinned, deleted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from custode.activities import moves, types
from custode.activities.models import Comment
from custode.guard import door
from custode.guard.models import LogEntry
from custode.kernel import clock
from custode.kernel.errors import Invalid
from custode.leads import moves as lead_moves
from custode.leads.models import Lead
from tests.cast import Cast

HTMX = {"HX-Request": "true"}


@pytest.fixture
def lead(ferri: Cast) -> Lead:
    return ferri.lead(ferri.ugo)


def page_of(lead: Lead) -> str:
    return f"/leads/{lead.pk}/"


def test_a_comment_is_written_and_stands_in_the_timeline(lead: Lead, ugo: Client) -> None:
    call = types.offered()[0]
    given = {"text": "**Spoke** to Mario", "activity": call.pk}
    answer = ugo.post(f"{page_of(lead)}comments/", given, headers=HTMX)
    assert "<strong>Spoke</strong> to Mario" in answer.text
    assert 'id="history" hx-swap-oob="true"' in answer.text
    page = ugo.get(page_of(lead)).text
    assert "<strong>Spoke</strong> to Mario" in page
    assert "created the lead" in page
    assert page.index("Spoke") < page.index("created the lead")
    assert ">Call</span>" in page


def test_without_scripts_the_page_comes_back(lead: Lead, ugo: Client) -> None:
    answer = ugo.post(f"{page_of(lead)}comments/", {"text": "Spoke"}, follow=True)
    assert answer.redirect_chain == [(f"{page_of(lead)}#history", 302)]
    assert "Spoke" in answer.text
    answer = ugo.post(f"{page_of(lead)}comments/", {"text": " "}, follow=True)
    assert "A comment cannot be empty. Write something." in answer.text


@pytest.mark.parametrize(
    ("given", "mistake"),
    [
        ({"text": ""}, "A comment cannot be empty. Write something."),
        ({"text": "x" * 20_001}, "A comment has at most 20,000 characters."),
        ({"text": "Kept", "activity": "999"}, "Choose an activity from the list."),
    ],
)
def test_a_mistake_stands_beside_the_text_and_keeps_it(
    lead: Lead, ugo: Client, given: dict[str, str], mistake: str
) -> None:
    answer = ugo.post(f"{page_of(lead)}comments/", given, headers=HTMX)
    assert answer.status_code == 422
    assert mistake in answer.text
    assert given["text"] in answer.text
    assert not Comment.objects.exists()


def test_a_comment_shows_nothing_but_text(lead: Lead, ugo: Client) -> None:
    hostile = "<script>alert(1)</script> ![x](https://thief.example/p.gif) [y](javascript:alert(1))"
    ugo.post(f"{page_of(lead)}comments/", {"text": hostile})
    page = ugo.get(page_of(lead)).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<img" not in page.partition('id="history"')[2]
    assert 'href="javascript' not in page


def test_its_writer_edits_it_and_the_text_before_is_kept(
    ferri: Cast, lead: Lead, ugo: Client
) -> None:
    comment = moves.write(ferri.actor(ferri.ugo), lead, "One")
    form = ugo.get(f"/comments/{comment.pk}/?edit=1", headers=HTMX).text
    assert 'name="was" value="0"' in form
    answer = ugo.post(f"/comments/{comment.pk}/", {"text": "Two", "was": "0"}, headers=HTMX)
    assert "Two" in answer.text
    assert "edited, once" in answer.text
    assert "One" in ugo.get(f"/comments/{comment.pk}/versions/").text
    answer = ugo.post(f"/comments/{comment.pk}/", {"text": "Mine", "was": "0"}, headers=HTMX)
    assert answer.status_code == 422
    assert "changed this comment elsewhere" in answer.text
    assert ">Mine</textarea>" in answer.text
    answer = ugo.post(f"/comments/{comment.pk}/", {"text": "Three", "was": "1"}, follow=True)
    assert "Three" in answer.text


def test_others_are_not_offered_to_edit_it_and_cannot(
    ferri: Cast, lead: Lead, ugo: Client, anna: Client
) -> None:
    comment = moves.write(ferri.actor(ferri.bruna), lead, "Bruna's own")
    for client in (ugo, anna):
        assert f"/comments/{comment.pk}/?edit=1" not in client.get(page_of(lead)).text
        form = client.get(f"/comments/{comment.pk}/?edit=1", headers=HTMX).text
        assert "<textarea" not in form
        answer = client.post(f"/comments/{comment.pk}/", {"text": "Forged", "was": "0"})
        assert answer.status_code == 403
    comment.refresh_from_db()
    assert comment.text == "Bruna's own"


def test_a_pinned_comment_stands_above_all_and_once(ferri: Cast, lead: Lead, ugo: Client) -> None:
    first = moves.write(ferri.actor(ferri.ugo), lead, "Agreed: 10 percent off")
    moves.write(ferri.actor(ferri.ugo), lead, "Something later")
    answer = ugo.post(f"/comments/{first.pk}/pin/", {"on": "1"}, headers=HTMX)
    assert answer.text.index("Agreed") < answer.text.index("Something later")
    assert answer.text.count("Agreed") == 1
    ugo.post(f"/comments/{first.pk}/pin/", {"on": "0"})
    page = ugo.get(page_of(lead)).text
    assert page.index("Something later") < page.index("Agreed")


def test_all_pinned_comments_stand_on_the_page_and_no_more_can_be_than_fit(
    ferri: Cast, lead: Lead, ugo: Client
) -> None:
    for n in range(21):
        moves.write(ferri.actor(ferri.ugo), lead, f"Agreement {n:02}")
    *most, last = Comment.objects.order_by("pk")
    for comment in most:
        ugo.post(f"/comments/{comment.pk}/pin/", {"on": "1"})
    answer = ugo.post(f"/comments/{last.pk}/pin/", {"on": "1"}, headers=HTMX)
    assert answer.status_code == 400
    assert "At most 20 comments can be pinned here. Unpin another one first." in answer.text
    last.refresh_from_db()
    assert not last.pinned
    page = ugo.get(page_of(lead)).text
    assert all(page.count(f"<p>Agreement {n:02}</p>") == 1 for n in range(21))


def test_a_pinned_comment_that_comes_back_pushes_none_off_the_page(
    ferri: Cast, lead: Lead, ugo: Client
) -> None:
    actor = ferri.actor(ferri.ugo)
    first = moves.write(actor, lead, "Agreement of old", pinned=True)
    act = door.delete(actor, [first])
    for n in range(20):
        moves.write(actor, lead, f"Agreement {n:02}", pinned=True)
    with pytest.raises(Invalid, match="At most 20"):
        moves.write(actor, lead, "One more", pinned=True)
    door.undo(actor, act.seq)
    page = ugo.get(page_of(lead)).text
    assert page.count("Agreement of old") == 1
    assert all(f"Agreement {n:02}" in page for n in range(20))


def test_a_deleted_comment_is_gone_and_comes_back(ferri: Cast, lead: Lead, ugo: Client) -> None:
    comment = moves.write(ferri.actor(ferri.ugo), lead, "Said too much")
    answer = ugo.post(f"/comments/{comment.pk}/delete/", headers=HTMX)
    assert "Said too much" not in answer.text
    assert "The comment was moved to the trash." in answer.text
    assert ugo.get(f"/comments/{comment.pk}/").status_code == 404
    assert "Said too much" in ugo.get("/trash/").text
    seq = LogEntry.objects.get(verb="delete").seq
    ugo.post(f"/undo/{seq}/")
    assert "Said too much" in ugo.get(page_of(lead)).text


def test_the_comments_of_a_lead_in_the_trash_are_nowhere(
    ferri: Cast, lead: Lead, ugo: Client
) -> None:
    comment = moves.write(ferri.actor(ferri.ugo), lead, "Said")
    door.delete(ferri.actor(ferri.ugo), [lead])
    for end in ("", "versions/"):
        assert ugo.get(f"/comments/{comment.pk}/{end}").status_code == 404
    assert ugo.post(f"{page_of(lead)}comments/", {"text": "More"}).status_code == 404


def test_the_timeline_goes_on_where_it_was_cut_with_nothing_lost_or_twice(
    ferri: Cast, lead: Lead, ugo: Client
) -> None:
    actor, start = ferri.actor(ferri.ugo), clock.now()
    told = []
    for n in range(45):
        with clock.at(start + timedelta(minutes=n)):
            if n % 3:
                moves.write(actor, lead, f"Comment number {n};")
                told.append(f"Comment number {n};")
            else:
                lead_moves.edit(actor, lead, title=f"Title number {n}!")
                told.append(f"to “Title number {n}!”")
    seen, address = "", page_of(lead)
    for _page in range(4):
        text = ugo.get(address).text.partition('<ol class="story">')[2] if not seen else (
            ugo.get(address).text
        )  # fmt: skip
        seen += text
        _before, found, rest = text.partition(f'hx-get="{page_of(lead)}history/?')
        if not found:
            break
        query = rest.partition('"')[0].replace("&amp;", "&")
        address = f"{page_of(lead)}history/?{query}"
    places = [seen.index(words) for words in reversed(told)]
    assert places == sorted(places)
    assert all(seen.count(words) == 1 for words in told)
    assert "created the lead" in seen


def test_the_number_of_queries_does_not_grow_with_the_comments(
    ferri: Cast, lead: Lead, ugo: Client
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as told:
            assert ugo.get(page_of(lead)).status_code == 200
        return len(told)

    def write(many: int) -> None:
        for n in range(many):
            comment = moves.write(ferri.actor(ferri.ugo), lead, f"Comment {n}", types.offered()[0])
            moves.edit(ferri.actor(ferri.ugo), comment, f"Edited {n}", None, was=0)

    write(2)
    ugo.get(page_of(lead))
    few = queries()
    write(15)
    assert queries() == few
