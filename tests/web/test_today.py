"""The page of today: one's own day, that of others whose leads one sees, and putting off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import formats

from custode.accounts import sharing
from custode.accounts.sharing import Sharing
from custode.kernel import clock
from custode.leads.models import Lead
from custode.leads.queries import today
from tests.cast import Cast

HTMX = {"HX-Request": "true"}


@pytest.fixture
def ugo(ferri: Cast, come_in: Callable[..., Client]) -> Client:
    return come_in(ferri.ugo)


def due(cast: Cast, title: str, days: int, who: Any = None, **values: Any) -> Lead:
    """A lead of Ugo's, or of somebody, whose reminder is so many days from today."""
    return cast.lead(who or cast.ugo, title, remind_date=today() + timedelta(days=days), **values)


def page(client: Client, of: str = "") -> str:
    answer = client.get(f"/today/{of}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_new_lead_begins_there(ugo: Client) -> None:
    assert 'href="/leads/new/" hx-get="/leads/new/"' in page(ugo)


def test_it_is_where_one_begins(ugo: Client) -> None:
    assert ugo.get("/").headers["Location"] == "/today/"


def test_a_free_day_says_so(ugo: Client) -> None:
    assert "Nothing to do on these days" in page(ugo)


def test_each_thing_stands_once_in_its_part(ferri: Cast, ugo: Client) -> None:
    for title, days in (("Late", -3), ("Now", 0), ("Soon", 2), ("Far", 30)):
        due(ferri, title, days)
    ferri.lead(ferri.ugo, "Undated")
    shown = page(ugo)
    places = [shown.index(f">{title}<") for title in ("Late", "Now", "Soon")]
    assert places == sorted(places)
    assert ">Far<" not in shown
    assert "1 lead to do has no reminder" in shown


def test_more_than_fit_are_counted_and_found_in_the_list(ferri: Cast, ugo: Client) -> None:
    for n in range(52):
        due(ferri, f"Call {n}", 0)
    shown = page(ugo)
    assert shown.count('class="today-item"') == 50
    assert "All 52 leads" in shown
    assert f"owner={ferri.ugo.pk}&amp;reminder=today" in shown
    listed = ugo.get(f"/leads/?status=todo&status=standby&owner={ferri.ugo.pk}&reminder=today")
    assert "50 of 52" in listed.content.decode()


def test_another_ones_day_is_seen_only_by_who_sees_their_leads(ferri: Cast, come_in: Any) -> None:
    due(ferri, "Bruna calls", 0, ferri.bruna)
    ugo, anna, of = come_in(ferri.ugo), come_in(ferri.anna), f"?of={ferri.bruna.pk}"
    assert "Bruna calls" in page(ugo, of)
    assert 'name="done"' not in page(ugo, of), "he sees her leads, but may not edit them"
    assert 'name="done"' in page(anna, of)
    sharing.change(ferri.actor(ferri.anna), Sharing("admins", False, "admins", "everybody"))
    assert ugo.get(f"/today/{of}").status_code == 404
    assert "Bruna calls" in page(anna, of)
    assert come_in(ferri.carla).get(f"/today/{of}").status_code == 404
    assert "Bruna Sala" not in page(ugo)


@pytest.mark.parametrize("of", ["?of=0", "?of=-1", "?of=x", "?of=" + "9" * 30, "?of=%00"])
def test_nobody_of_a_strange_number_has_a_day(ugo: Client, of: str) -> None:
    assert ugo.get(f"/today/{of}").status_code == 404


def test_putting_off_and_being_done_show_the_day_as_it_is_then(ferri: Cast, ugo: Client) -> None:
    first, second = due(ferri, "Call", -1), due(ferri, "Write", 0)
    until = today() + timedelta(days=3)
    sent = {"was": first.remind_date, "day": until}
    answer = ugo.post(f"/today/leads/{first.pk}/", sent, headers=HTMX)
    day = formats.date_format(until, "SHORT_DATE_FORMAT")
    assert f"“Call” put off until {day}." in answer.content.decode()
    assert "Overdue" not in answer.content.decode()
    done = {"was": second.remind_date, "done": "1"}
    assert ugo.post(f"/today/leads/{second.pk}/", done).headers["Location"] == "/today/"
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.remind_date, second.remind_date) == (sent["day"], None)


@pytest.mark.parametrize("day", ["", "yesterday", "2026-02-30", "1999-01-01", "9" * 40, "\x00"])
def test_no_day_and_a_day_that_is_over_change_nothing(ferri: Cast, ugo: Client, day: str) -> None:
    lead = due(ferri, "Call", 0)
    answer = ugo.post(f"/today/leads/{lead.pk}/", {"was": lead.remind_date, "day": day})
    assert answer.status_code == 302
    told = page(ugo)
    assert "Choose a day" in told or "is not a day" in told or "has passed" in told
    lead.refresh_from_db()
    assert lead.remind_date == today()


def test_nothing_is_done_on_the_day_of_nobody(ferri: Cast, ugo: Client) -> None:
    lead = due(ferri, "Call", 0)
    sent = {"was": lead.remind_date, "done": "1"}
    assert ugo.post(f"/today/leads/{lead.pk}/?of=999999", sent).status_code == 404
    lead.refresh_from_db()
    assert lead.remind_date is not None


def test_whoever_may_only_look_is_refused(ferri: Cast, ugo: Client) -> None:
    lead = due(ferri, "Bruna calls", 0, ferri.bruna)
    sent = {"was": lead.remind_date, "done": "1"}
    assert ugo.post(f"/today/leads/{lead.pk}/", sent).status_code == 403
    lead.refresh_from_db()
    assert lead.remind_date is not None


def test_after_an_act_on_anothers_day_one_is_there_still(ferri: Cast, come_in: Any) -> None:
    anna, lead = come_in(ferri.anna), due(ferri, "Ugo calls", 0)
    address = f"/today/leads/{lead.pk}/?of={ferri.ugo.pk}"
    answer = anna.post(address, {"was": lead.remind_date, "done": "1"})
    assert answer.headers["Location"] == f"/today/?of={ferri.ugo.pk}"


def test_as_many_questions_for_many_as_for_few(ferri: Cast, ugo: Client) -> None:
    due(ferri, "Call", 0)
    with (
        clock.at(clock.now()),
        CaptureQueriesContext(
            connection,
        ) as few,
    ):
        page(ugo)
    for n in range(30):
        due(ferri, f"Call {n}", n % 9 - 3)
    with CaptureQueriesContext(connection) as many:
        page(ugo)
    # The two parts that were empty ask what may be edited now.
    assert len(many) <= len(few) + 2
