"""Leads that nobody owns are taken by whoever may assign; any lead one sees is duplicated."""

from __future__ import annotations

from datetime import date
from functools import partial

import pytest

from custode.accounts import sharing
from custode.accounts.sharing import Sharing
from custode.activities import moves as comment_moves
from custode.activities.models import Comment
from custode.guard import door, history
from custode.kernel.errors import Gone, Invalid, Refused
from custode.leads import copying, moves, tagging
from custode.leads.models import Lead, LeadTag, Status
from tests.cast import Cast
from tests.guard.test_at_once import at_once


def closed(cast: Cast, assigning: str) -> None:
    """Only admins see others' items; who assigns, as named."""
    sharing.change(cast.actor(cast.anna), Sharing("admins", False, "admins", assigning))


@pytest.mark.parametrize("assigning", ["everybody", "admins"])
def test_who_may_assign_takes_a_lead_that_nobody_owns(ferri: Cast, assigning: str) -> None:
    closed(ferri, assigning)
    lead = ferri.lead(None)
    if assigning == "admins":
        with pytest.raises(Refused, match="Only admins can assign leads"):
            moves.take(ferri.actor(ferri.ugo), lead)
        taker = ferri.anna
    else:
        taker = ferri.ugo
    moves.take(ferri.actor(taker), lead)
    lead.refresh_from_db()
    assert lead.owner == taker
    moves.take(ferri.actor(taker), lead)
    assert history.of(lead).filter(field="owner").count() == 1


def test_what_somebody_has_taken_is_not_taken_from_them(ferri: Cast) -> None:
    lead = ferri.lead(None)
    stale = Lead.objects.get(pk=lead.pk)
    moves.take(ferri.actor(ferri.ugo), lead)
    with pytest.raises(Invalid, match="Ugo Conti has taken this lead"):
        moves.take(ferri.actor(ferri.anna), stale)
    with pytest.raises(Refused):
        moves.take(ferri.actor(ferri.bruna), stale)
    lead.refresh_from_db()
    assert lead.owner == ferri.ugo


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_it_at_once_one_has_it(transactional_db: None, ferri: Cast) -> None:
    for n in range(6):
        lead = ferri.lead(None, f"Lead {n}")
        tabs = [Lead.objects.get(pk=lead.pk) for _ in range(2)]
        at_once(
            ferri,
            partial(moves.take, ferri.actor(ferri.ugo), tabs[0]),
            partial(moves.take, ferri.actor(ferri.bruna), tabs[1]),
        )
        assert history.of(lead).filter(field="owner").count() == 1


def test_a_copy_has_what_is_said_of_the_lead_and_not_what_happened(ferri: Cast) -> None:
    ugo, bruna = ferri.actor(ferri.ugo), ferri.actor(ferri.bruna)
    lead = ferri.lead(
        ferri.ugo, "Press", step=ferri.ferri.steps[3], description="Company: Rossi",
        amount_minor=120_000, currency="CHF", probability=80, status=Status.STANDBY,
        remind_date=date(2999, 1, 1), starred=True, reference="A-1",
        estimated_closing_date=date(2027, 1, 1), tags=tagging.tags_named(ugo, ["Hot"]),
    )  # fmt: skip
    comment_moves.write(ugo, lead, "Spoke to Mario")
    made = copying.duplicate(bruna, lead)
    made.refresh_from_db()
    assert (made.title, made.description) == ("Press (copy)", "Company: Rossi")
    assert (made.amount_minor, made.currency, made.step) == (120_000, "CHF", ferri.ferri.steps[0])
    assert (made.owner, made.created_by) == (ferri.bruna, ferri.bruna)
    assert (made.status, made.remind_date, made.starred) == (Status.TODO, None, False)
    assert (made.reference, made.probability, made.estimated_closing_date) == ("", None, None)
    assert [link.tag.name for link in LeadTag.objects.filter(lead=made)] == ["Hot"]
    assert not Comment.objects.filter(lead=made).exists()
    assert history.of(made).get(field=copying.COPY_OF).new == str(lead.pk)
    assert history.of(lead).get(field=copying.COPIED_TO).new == str(made.pk)
    lead.refresh_from_db()
    assert (lead.owner, lead.step, lead.status) == (ferri.ugo, ferri.ferri.steps[3], "standby")


def test_a_long_title_leaves_room_for_what_makes_it_a_copy(ferri: Cast) -> None:
    made = copying.duplicate(ferri.actor(ferri.ugo), ferri.lead(ferri.ugo, "100% " * 40))
    assert len(made.title) <= 200
    assert made.title.endswith(" (copy)")


def test_what_one_does_not_see_is_not_copied(ferri: Cast) -> None:
    closed(ferri, "everybody")
    lead = ferri.lead(ferri.ugo)
    with pytest.raises(Gone):
        copying.duplicate(ferri.actor(ferri.bruna), lead)
    door.delete(ferri.actor(ferri.ugo), [lead])
    with pytest.raises(Gone):
        copying.duplicate(ferri.actor(ferri.ugo), lead)
    assert not Lead.objects.exists()


def test_who_may_not_assign_copies_all_the_same(ferri: Cast) -> None:
    sharing.change(ferri.actor(ferri.anna), Sharing("shared", False, "admins", "admins"))
    made = copying.duplicate(ferri.actor(ferri.bruna), ferri.lead(ferri.ugo))
    assert made.owner == ferri.bruna
