"""The undo of one's own latest edit of where a lead stands."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from django.test import Client

from custode.accounts import sharing
from custode.accounts.sharing import Sharing
from custode.guard import door, history
from custode.kernel import clock, scope
from custode.kernel.errors import Invalid, Refused
from custode.leads import moves, pipelines, takeback
from custode.leads.models import Lead, Status
from custode.leads.queries import today
from custode.people.models import User
from tests.cast import Cast


@pytest.fixture
def lead(ferri: Cast) -> Lead:
    """On standby, with an hour."""
    day = today() + timedelta(days=3)
    return ferri.lead(ferri.ugo, status=Status.STANDBY, remind_date=day, remind_time=time(9, 30))


def stands(lead: Lead) -> tuple[object, ...]:
    lead.refresh_from_db()
    return (lead.status, lead.remind_date, lead.remind_time, lead.step_id, lead.closed_at is None)


def taken_back(cast: Cast, lead: Lead, who: User | None = None) -> None:
    actor = cast.actor(who or cast.ugo)
    takeback.take_back(actor, lead, takeback.offered(cast.actor(cast.ugo), lead))


def test_won_by_mistake_it_waits_again_until_the_same_moment(ferri: Cast, lead: Lead) -> None:
    before = stands(lead)
    moves.close(ferri.actor(ferri.ugo), lead, Status.WON)
    assert stands(lead) != before
    taken_back(ferri, lead)
    assert stands(lead) == before
    told = [(line.field, line.old, line.new) for line in history.of(lead)][:4]
    assert ("status", "won", "standby") in told


def test_what_was_won_long_ago_was_won_then_again(ferri: Cast) -> None:
    with clock.at(datetime(2026, 3, 10, 12, tzinfo=UTC)):
        lead = ferri.lead(ferri.ugo, status=Status.WON)
    moves.edit(ferri.actor(ferri.ugo), lead, status=Status.TODO)
    assert Lead.objects.get(pk=lead.pk).closed_at is None
    taken_back(ferri, lead)
    now = Lead.objects.get(pk=lead.pk)
    assert (now.status, now.closed_at) == ("won", datetime(2026, 3, 10, 12, tzinfo=UTC))


def test_a_step_goes_back_unless_it_has_been_deleted(ferri: Cast, lead: Lead) -> None:
    ugo, steps = ferri.actor(ferri.ugo), ferri.ferri.steps
    moves.edit(ugo, lead, step=steps[2])
    taken_back(ferri, lead)
    assert stands(lead)[3] == steps[0].pk
    moves.edit(ugo, lead, step=steps[2])
    pipelines.delete_step(ferri.actor(ferri.anna), steps[0], steps[1])
    with pytest.raises(Exception, match="not there any more"):
        taken_back(ferri, lead)
    assert stands(lead)[3] == steps[2].pk


def test_what_somebody_edited_since_stays(ferri: Cast, lead: Lead) -> None:
    ugo = ferri.actor(ferri.ugo)
    moves.close(ugo, lead, Status.WON)
    number = takeback.offered(ugo, lead)
    moves.edit(ferri.actor(ferri.anna), lead, amount_minor=5)
    after = stands(lead)
    with pytest.raises(Invalid, match="in the meantime"):
        takeback.take_back(ugo, lead, number)
    assert stands(lead) == after
    assert takeback.offered(ugo, lead) == 0


def test_only_ones_own_edit_of_where_it_stands_is_offered(ferri: Cast, lead: Lead) -> None:
    ugo, anna = ferri.actor(ferri.ugo), ferri.actor(ferri.anna)
    assert takeback.offered(ugo, lead) == 0, "its creation is no edit"
    moves.edit(ugo, lead, amount_minor=5)
    assert takeback.offered(ugo, lead) == 0, "an amount is edited where it stands"
    moves.close(ugo, lead, Status.LOST)
    number = takeback.offered(ugo, lead)
    assert number
    assert takeback.offered(anna, lead) == 0
    assert takeback.lead_of(anna, number) is None
    door.change(ugo, [lead], "step", ferri.ferri.steps[1])
    assert takeback.offered(ugo, lead) == 0, "an act on many has its own undo"


def test_who_may_not_edit_it_any_more_takes_nothing_back(ferri: Cast, lead: Lead) -> None:
    moves.close(ferri.actor(ferri.ugo), lead, Status.WON)
    number = takeback.offered(ferri.actor(ferri.ugo), lead)
    Lead.objects.filter(pk=lead.pk).update(owner=ferri.bruna)
    with pytest.raises(Refused):
        takeback.take_back(ferri.actor(ferri.ugo), lead, number)
    assert stands(lead)[0] == "won"


@pytest.fixture
def ugo(ferri: Cast, client: Client) -> Client:
    with scope.everywhere("a test signs in"):
        client.force_login(ferri.ugo)
    return client


def test_the_message_has_the_undo(ferri: Cast, lead: Lead, ugo: Client) -> None:
    before = stands(lead)
    page = ugo.post(f"/leads/{lead.pk}/status/", {"status": "won"}, follow=True).content.decode()
    number = takeback.offered(ferri.actor(ferri.ugo), lead)
    assert f'action="/leads/changes/{number}/back/"' in page
    again = ugo.post(f"/leads/{lead.pk}/status/", {"status": "won"}, follow=True).content.decode()
    assert "/back/" not in again, "the second press changed nothing"
    answer = ugo.post(f"/leads/changes/{number}/back/", follow=True)
    assert "stands as before" in answer.content.decode()
    assert stands(lead) == before


def test_what_is_not_ones_own_edit_is_not_there(ferri: Cast, lead: Lead, ugo: Client) -> None:
    moves.close(ferri.actor(ferri.anna), lead, Status.WON)
    anna = takeback.offered(ferri.actor(ferri.anna), lead)
    (created,) = history.of(lead).filter(field="created")
    for number in (anna, 0, 10**12):
        assert ugo.post(f"/leads/changes/{number}/back/").status_code == 404
    before = stands(lead)
    late = ugo.post(f"/leads/changes/{created.pk}/back/", follow=True)
    assert "has been changed in the meantime" in late.content.decode()
    assert stands(lead) == before
    moves.edit(ferri.actor(ferri.ugo), lead, status=Status.LOST)
    mine = takeback.offered(ferri.actor(ferri.ugo), lead)
    Lead.objects.filter(pk=lead.pk).update(owner=ferri.bruna)
    sharing.change(ferri.actor(ferri.anna), Sharing("admins", False, "admins", "everybody"))
    assert ugo.post(f"/leads/changes/{mine}/back/").status_code == 404


def test_a_step_is_taken_back_from_its_message_and_what_changed_since_is_shown(
    ferri: Cast, lead: Lead, ugo: Client
) -> None:
    step = ferri.ferri.steps[2]
    moved = {"HX-Request": "true"}
    said = ugo.post(f"/leads/{lead.pk}/move/", {"step": step.pk}, headers=moved).content.decode()
    number = takeback.offered(ferri.actor(ferri.ugo), lead)
    assert "is now in “Meeting”." in said
    assert f'action="/leads/changes/{number}/back/"' in said
    field = ugo.post(
        f"/leads/{lead.pk}/field/step/", {"step": ferri.ferri.steps[0].pk}, headers=moved
    )
    assert "/back/" in field.content.decode()
    late = ugo.post(f"/leads/changes/{number}/back/", {"next": "/board/"}, follow=True)
    assert late.redirect_chain == [(f"/leads/{lead.pk}/", 302)]
    assert "has been changed in the meantime" in late.content.decode()
    lead.refresh_from_db()
    assert lead.step == ferri.ferri.steps[0]
