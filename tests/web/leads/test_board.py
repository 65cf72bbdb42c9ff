"""The board: columns, moves, and who may make them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from custode.kernel import clock
from custode.leads import moves, pipelines
from custode.leads.models import Lead
from tests.cast import Cast

HTMX = {"HX-Request": "true"}


def page_of(client: Client, path: str = "/board/") -> str:
    """A board that must be there."""
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def move(client: Client, lead: Lead, query: str = "", **data: Any) -> Any:
    """One move, as the board sends it."""
    return client.post(f"/leads/{lead.pk}/move/{query}", data, headers=HTMX)


def test_statuses_are_apart(ferri: Cast, anna: Client) -> None:
    ferri.lead(ferri.ugo, "Open one")
    moves.close(ferri.actor(ferri.anna), ferri.lead(ferri.ugo, "Won one"), "won")
    day = clock.now().date() + timedelta(days=2)
    ferri.lead(ferri.ugo, "Sleeping one", status="standby", remind_date=day)
    table = {
        "/board/": {"Open one"},
        "/board/?status=won": {"Won one"},
        "/board/?status=standby": {"Sleeping one"},
        "/board/?status=todo&status=standby": {"Open one", "Sleeping one"},
        "/board/?status=lost": set(),
    }
    for path, titles in table.items():
        page = page_of(anna, path)
        shown = {title for title in ("Open one", "Won one", "Sleeping one") if title in page}
        assert shown == titles, path


def test_the_head_counts_what_no_card_shows(ferri: Cast, anna: Client) -> None:
    for i in range(35):
        ferri.lead(ferri.ugo, f"Card {i:02}", amount_minor=100_00)
    page = page_of(anna)
    assert page.count('data-card="') == 30
    assert "3,500" in page
    more = page.split('hx-get="/board/cards/')[1].split('"')[0].replace("&amp;", "&")
    rest = anna.get(f"/board/cards/{more}").content.decode()
    assert rest.count('data-card="') == 5
    assert "Show more" not in rest
    shown = {f"Card {i:02}" for i in range(35) if f"Card {i:02}<" in page + rest}
    assert len(shown) == 35


@pytest.mark.parametrize(
    "query",
    [
        "", "?column=x", "?column={step}&after=x&last=1", "?column={step}&after=2026-01-01",
        "?column={step}&after=0001-01-01T00:00:00%2B14:00",
        "?column={step}&after=9999-12-31T23:59:59-12:00",
    ],
)  # fmt: skip
def test_more_cards_of_nothing_are_nothing(ferri: Cast, anna: Client, query: str) -> None:
    path = "/board/cards/" + query.format(step=ferri.ferri.steps[0].pk)
    assert anna.get(path).status_code == 404


def test_a_card_moves_to_a_step(ferri: Cast, ugo: Client) -> None:
    lead = ferri.lead(ferri.ugo, "Scanner")
    answer = move(ugo, lead, step=ferri.ferri.steps[1].pk)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "“Scanner” is now in “Contacted”." in page
    assert 'hx-swap-oob="true"' in page
    lead.refresh_from_db()
    assert lead.step == ferri.ferri.steps[1]


def test_a_card_is_won_and_sent_to_sleep(ferri: Cast, ugo: Client) -> None:
    lead = ferri.lead(ferri.ugo, "Scanner")
    assert "is won" in move(ugo, lead, status="won").content.decode()
    lead.refresh_from_db()
    assert lead.status == "won"
    assert lead.closed_at is not None
    assert move(ugo, lead, status="standby").status_code == 400
    assert move(ugo, lead, status="standby", remind_date="soon").status_code == 400
    day = clock.now().date() + timedelta(days=40)
    assert move(ugo, lead, status="standby", remind_date=day).status_code == 200
    fresh = Lead.objects.get(pk=lead.pk)
    assert (fresh.status, fresh.remind_date, fresh.closed_at) == ("standby", day, None)


def test_only_the_owner_and_admins_move(ferri: Cast, ugo: Client, anna: Client) -> None:
    lead = ferri.lead(ferri.bruna, "Hers")
    for data in ({"step": ferri.ferri.steps[1].pk}, {"status": "won"}):
        answer = move(ugo, lead, **data)
        assert answer.status_code == 403
        assert "belongs to Bruna Sala" in answer.content.decode()
    lead.refresh_from_db()
    assert (lead.step, lead.status) == (ferri.ferri.steps[0], "todo")
    assert move(anna, lead, status="won").status_code == 200


def test_a_card_that_one_may_not_move_says_why(ferri: Cast, ugo: Client, anna: Client) -> None:
    hers, mine = ferri.lead(ferri.bruna, "Hers"), ferri.lead(ferri.ugo, "Mine")
    why = 'data-fixed="This lead belongs to Bruna Sala. Ask them or an admin to change it."'
    page = ugo.get("/board/").content.decode()
    assert f'id="card-{hers.pk}" {why}' in page
    assert f'id="card-{mine.pk}">' in page
    assert "data-fixed" not in anna.get("/board/").content.decode()


def test_forged_moves(ferri: Cast, anna: Client, carla: Client) -> None:
    lead = ferri.lead(ferri.ugo)
    assert move(carla, lead, status="won").status_code == 404
    assert move(anna, lead, step=ferri.lodi.steps[0].pk).status_code == 400
    assert move(anna, lead, status="open").status_code == 400
    assert move(anna, lead).status_code == 404
    assert anna.get(f"/board/?pipeline={ferri.lodi.pipeline.pk}").status_code == 404
    lead.refresh_from_db()
    assert (lead.step, lead.status) == (ferri.ferri.steps[0], "todo")


def test_the_pipeline_is_remembered(ferri: Cast, anna: Client) -> None:
    other = pipelines.create_pipeline(ferri.actor(ferri.anna), "Abroad", ["Enquiry", "Offer"])
    assert "Enquiry" not in page_of(anna)
    assert "Enquiry" in page_of(anna, f"/board/?pipeline={other.pk}")
    assert "Enquiry" in page_of(anna)


def test_a_filter_holds_on_the_board(ferri: Cast, anna: Client) -> None:
    ferri.lead(ferri.ugo, "Ugo's", amount_minor=100_00)
    ferri.lead(ferri.bruna, "Bruna's", amount_minor=7_000_00)
    page = page_of(anna, f"/board/?owner={ferri.ugo.pk}")
    assert "Bruna&#x27;s" not in page
    assert "7,000" not in page
    assert "Owner: Ugo Conti" in page
