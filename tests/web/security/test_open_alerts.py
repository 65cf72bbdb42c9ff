"""Open alerts are counted beside Security on every page, and acknowledged where one sees them."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from custode.accounts import moves as account_moves
from custode.guard import door
from custode.guard.alerts.models import Alert
from custode.kernel import scope
from custode.kernel.actor import Actor
from tests.alerts.judged import judge
from tests.cast import Cast
from tests.web.security.acts import text


@pytest.fixture
def alert(calm: Cast) -> int:
    """Ugo deletes ten leads at once; the number of the alert."""
    door.delete(calm.actor(calm.ugo), [calm.lead(calm.ugo, f"Scanner {n}") for n in range(10)])
    judge(calm)
    with scope.account(calm.ferri.account.pk):
        return Alert.objects.get(acknowledged_at=None).pk


def counted(client: Client) -> str:
    """What the side bar of an ordinary page says beside Security; "" for nothing."""
    page = client.get("/profile/").content.decode()
    side = re.sub(r"<[^>]+>", " ", page[page.index("<aside") : page.index("</aside>")])
    found = re.search(r"(\S+) +((?:More than )?\S+ open alerts?)", " ".join(side.split()))
    return f"{found[1]}: {found[2]}" if found else ""


def test_an_admin_sees_them_on_every_page_until_they_are_acknowledged(
    calm: Cast, come_in, alert: int
) -> None:
    anna = come_in(calm.anna)
    assert counted(anna) == "1: 1 open alert"
    anna.post("/security/alerts/acknowledge/", {"ids": alert})
    assert counted(anna) == ""


def test_many_are_counted_up_to_a_limit(calm: Cast, come_in, alert: int, monkeypatch) -> None:
    door.delete(calm.actor(calm.bruna), [calm.lead(calm.bruna, f"Hers {n}") for n in range(10)])
    judge(calm)
    anna = come_in(calm.anna)
    assert counted(anna) == "2: 2 open alerts"
    monkeypatch.setattr("custode.web.shell.context.MOST_COUNTED", 1)
    assert counted(anna) == "1+: More than 1 open alerts"


def test_nobody_else_is_told_of_them(calm: Cast, come_in, alert: int) -> None:
    for who in (calm.ugo, calm.carla):
        assert counted(come_in(who)) == ""


def test_the_other_edition_counts_none(calm: Cast, come_in, alert: int) -> None:
    account_moves.set_edition(Actor.operator(calm.ferri.account.pk), "sales_essentials")
    assert counted(come_in(calm.anna)) == ""


def test_an_alert_is_acknowledged_on_the_page_of_its_acts(calm: Cast, come_in, alert: int) -> None:
    anna = come_in(calm.anna)
    here = f"/security/actions/?alert={alert}"
    assert "Acknowledge the alert" in text(anna.get(here))
    answer = anna.post("/security/alerts/acknowledge/", {"ids": alert, "next": here}, follow=True)
    assert answer.redirect_chain[-1][0] == here
    page = text(answer)
    assert "Acknowledged: 1 alert" in page
    assert "Acknowledge the alert" not in page


def test_undoing_all_of_it_leaves_it_to_be_acknowledged(calm: Cast, come_in, alert: int) -> None:
    anna = come_in(calm.anna)
    page = text(anna.post(f"/security/alerts/{alert}/undo/", follow=True))
    assert "It was undone." in page
    assert "Acknowledge the alert" in page
    assert counted(anna) == "1: 1 open alert"
