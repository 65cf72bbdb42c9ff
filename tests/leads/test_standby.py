"""A lead is put on standby until a day that is to come."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.utils import timezone

from custode.kernel import clock
from custode.kernel.errors import Invalid
from custode.leads import moves
from custode.leads.models import Lead, Status
from tests.cast import Cast

NOW = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)  # already the 24th in Rome
YESTERDAY, TODAY, TOMORROW = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 25)
WORDS = "Standby cannot end in the past"


@pytest.fixture
def lead(ferri: Cast) -> Lead:
    """A lead of Ugo's, to do."""
    return ferri.lead(ferri.ugo)


def until(cast: Cast, lead: Lead, day: date) -> None:
    """Ugo puts the lead on standby."""
    with clock.at(NOW), timezone.override("Europe/Rome"):
        moves.edit(cast.actor(cast.ugo), lead, status=Status.STANDBY, remind_date=day)


@pytest.mark.parametrize("day", [date(1990, 1, 1), YESTERDAY])
def test_never_until_a_day_that_is_over_where_the_person_is(
    ferri: Cast, lead: Lead, day: date
) -> None:
    with pytest.raises(Invalid, match=WORDS) as no:
        until(ferri, lead, day)
    assert no.value.field == "remind_date"
    lead.refresh_from_db()
    assert (lead.status, lead.remind_date) == ("todo", None)
    with pytest.raises(Invalid, match=WORDS), clock.at(NOW):
        ferri.lead(ferri.ugo, "Born so", status=Status.STANDBY, remind_date=date(1990, 1, 1))


@pytest.mark.parametrize("day", [TODAY, TOMORROW])
def test_until_today_or_later(ferri: Cast, lead: Lead, day: date) -> None:
    until(ferri, lead, day)
    lead.refresh_from_db()
    assert (lead.status, lead.remind_date) == ("standby", day)


def test_whose_day_has_come_can_be_edited_but_not_set_to_another_that_is_over(
    ferri: Cast, lead: Lead
) -> None:
    until(ferri, lead, TODAY)
    actor = ferri.actor(ferri.ugo)
    with clock.at(NOW.replace(month=12)), timezone.override("Europe/Rome"):
        moves.edit(actor, lead, title="Still asleep", probability=10)
        moves.edit(actor, lead, status=Status.STANDBY)
        with pytest.raises(Invalid, match=WORDS):
            moves.edit(actor, lead, remind_date=YESTERDAY)
        moves.edit(actor, lead, status=Status.TODO)
        moves.edit(actor, lead, remind_date=YESTERDAY)
        with pytest.raises(Invalid, match=WORDS):
            moves.edit(actor, lead, status=Status.STANDBY)


def test_by_the_boards_and_the_pages_forms(ferri: Cast, lead: Lead) -> None:
    client = Client()
    client.force_login(ferri.ugo)
    for way in ("move", "status"):
        answer = client.post(
            f"/leads/{lead.pk}/{way}/", {"status": "standby", "remind_date": "1990-01-01"}
        )
        assert answer.status_code == 400
        assert WORDS in answer.content.decode()
    lead.refresh_from_db()
    assert lead.status == "todo"
