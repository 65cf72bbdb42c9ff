"""All acts of an alert undone with one press: what the page says before, and what is so then."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from custode.guard import door
from custode.guard.alerts.models import Alert
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry, Outcome, TrashEntry
from custode.kernel import clock, scope
from custode.kernel.errors import Refused
from custode.leads import moves
from custode.leads.models import Lead
from custode.people import alerting
from custode.people.alerting import Wanted
from tests.alerts.judged import judge
from tests.cast import Cast
from tests.web.security.acts import text


@pytest.fixture
def eleven(calm: Cast) -> int:
    """Ugo deletes eleven leads one after the other; the number of the alert."""
    for n in range(11):
        door.delete(calm.actor(calm.ugo), [calm.lead(calm.ugo, f"Scanner {n}")])
    judge(calm)
    with scope.account(calm.ferri.account.pk):
        return Alert.objects.get(acknowledged_at=None).pk


def lying(calm: Cast) -> int:
    with scope.account(calm.ferri.account.pk):
        return Lead.with_trashed.filter(trash__isnull=False).count()


def test_one_press_brings_back_what_eleven_acts_took(calm: Cast, come_in, eleven: int) -> None:
    anna: Client = come_in(calm.anna)
    page = text(anna.get(f"/security/actions/?alert={eleven}"))
    assert "11 of them can be undone. What comes back: 11 leads." in page
    assert "Undo all 11 acts" in page
    answer = anna.post(f"/security/alerts/{eleven}/undo/", follow=True)
    assert "11 acts were undone." in text(answer)
    assert "All 11 were undone." in text(answer)
    assert lying(calm) == 0


def test_what_was_brought_back_before_is_not_counted(calm: Cast, come_in, eleven: int) -> None:
    anna = come_in(calm.anna)
    with scope.account(calm.ferri.account.pk):
        first = LogEntry.objects.filter(verb=Verb.DELETE).order_by("-seq")[0]
    door.undo(calm.actor(calm.anna), first.seq)
    page = text(anna.get(f"/security/actions/?alert={eleven}"))
    assert "10 of them can be undone. What comes back: 10 leads." in page
    anna.post(f"/security/alerts/{eleven}/undo/")
    assert lying(calm) == 0


def test_the_mark_of_an_entry_leads_to_all_of_them(calm: Cast, come_in, eleven: int) -> None:
    anna = come_in(calm.anna)
    for address in ("/security/", "/security/actions/"):
        page = anna.get(address)
        assert f'href="/security/actions/?alert={eleven}"' in page.content.decode()
        assert "See all 11 acts, and undo them" in text(page)
        assert "Undo this one" in text(page)


def test_only_admins_undo_an_alert_and_the_attempt_is_noted(
    calm: Cast, come_in, eleven: int
) -> None:
    answer = come_in(calm.ugo).post(f"/security/alerts/{eleven}/undo/")
    assert answer.status_code == 403
    assert lying(calm) == 11
    with scope.account(calm.ferri.account.pk):
        noted = LogEntry.objects.order_by("-seq")[0]
    assert (noted.verb, noted.outcome) == (Verb.ALERT, Outcome.REFUSED)
    page = text(come_in(calm.anna).get("/security/actions/"))
    assert "Ugo Conti was not allowed to undo the acts of an alert." in page


def test_anothers_alert_and_an_invented_one_do_not_exist(calm: Cast, come_in, eleven: int) -> None:
    assert come_in(calm.carla).post(f"/security/alerts/{eleven}/undo/").status_code == 404
    for pk in (eleven + 999, 10**18):
        assert come_in(calm.anna).post(f"/security/alerts/{pk}/undo/").status_code == 404
    assert lying(calm) == 11


def test_the_mark_offers_no_undo_where_nothing_can_be_undone(calm: Cast, come_in) -> None:
    theirs = [calm.lead(calm.bruna, f"Hers {n}") for n in range(12)]
    for n, lead in enumerate(theirs):
        with clock.at(clock.now() + timedelta(minutes=2 * n)), pytest.raises(Refused):
            door.delete(calm.actor(calm.ugo), [lead])
    judge(calm)
    anna: Client = come_in(calm.anna)
    for address in ("/security/", "/security/actions/"):
        page = text(anna.get(address))
        assert "See all 12 acts" in page
        assert "and undo them" not in page
    with scope.account(calm.ferri.account.pk):
        alert = Alert.objects.get(acknowledged_at=None).pk
    page = text(anna.get(f"/security/actions/?alert={alert}"))
    assert "12 of them leave nothing to undo" in page
    assert "Undo all" not in page


def test_the_mark_offers_no_undo_of_what_was_undone(calm: Cast, come_in, eleven: int) -> None:
    anna = come_in(calm.anna)
    anna.post(f"/security/alerts/{eleven}/undo/")
    assert "and undo them" not in text(anna.get("/security/actions/"))


def test_what_was_undone_before_and_what_is_gone_is_said(calm: Cast, come_in, eleven: int) -> None:
    anna = come_in(calm.anna)
    admin = replace(calm.actor(calm.anna), proved=True)
    with scope.account(calm.ferri.account.pk):
        first, second, *_rest = LogEntry.objects.filter(verb=Verb.DELETE).order_by("-seq")
        gone = TrashEntry.objects.get(seq=second.seq)
    door.undo(calm.actor(calm.anna), first.seq)
    door.purge(admin, gone, reason="Asked for")
    anna.post(f"/security/alerts/{eleven}/undo/")
    page = text(anna.get(f"/security/actions/?alert={eleven}"))
    assert "10 of them were undone." in page
    assert "What 1 of them took was deleted for ever since." in page


def test_what_was_changed_since_is_not_promised(calm: Cast, come_in) -> None:
    ugo, anna = calm.actor(calm.ugo), calm.actor(calm.anna)
    first, second = (calm.lead(calm.ugo, name) for name in ("Press", "Oven"))
    with scope.account(calm.ferri.account.pk):
        rule = alerting.add(anna, Wanted("Moves", acts=("change",), at_least=2, within=15))
        for lead in (first, second):
            door.change(ugo, [lead], "step", calm.ferri.steps[1])
        moves.edit(anna, first, step=calm.ferri.steps[2])
    judge(calm)
    with scope.account(calm.ferri.account.pk):
        alert = Alert.objects.get(rule=str(rule.pk)).pk
    client: Client = come_in(calm.anna)
    page = text(client.get(f"/security/actions/?alert={alert}"))
    assert "1 of them can be undone. What comes back: 1 lead." in page
    stays = "1 thing stays as it is: it was changed or deleted since."
    assert stays in page
    page = text(client.post(f"/security/alerts/{alert}/undo/", follow=True))
    assert "1 act was undone." in page
    assert "can be undone" not in page
    assert "1 of them was undone." in page
    assert stays in page
