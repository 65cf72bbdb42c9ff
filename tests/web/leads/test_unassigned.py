"""Leads that nobody owns are found in the side bar, and taken or duplicated on their page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from custode.accounts import sharing
from custode.accounts.sharing import Sharing
from custode.guard import door
from custode.leads import copying, moves
from custode.leads.models import Lead
from custode.web.shell import context
from tests.cast import Cast

LIST = "/leads/?status=todo&status=standby&owner=none"
PLACE = 'href="/leads/?status=todo&amp;status=standby&amp;owner=none"'


def text(answer: Any) -> str:
    body: HttpResponse = answer
    return body.content.decode()


def test_the_side_bar_counts_those_that_are_open(
    ferri: Cast, come_in: Callable[..., Client]
) -> None:
    moves.close(ferri.actor(ferri.anna), ferri.lead(None, "Lost"), "lost")
    ferri.lead(ferri.ugo, "Ugo's")
    for n in range(3):
        ferri.lead(None, f"Nobody's {n}")
    page = text(come_in(ferri.ugo).get("/trash/"))
    assert PLACE in page
    assert '<span class="side-count">3</span>' in page
    found = text(come_in(ferri.ugo).get(LIST))
    assert found.count("Nobody&#x27;s") >= 3
    assert "Ugo&#x27;s" not in found
    assert f'{PLACE} aria-current="page"' in found
    side = found[found.index('<nav class="side-nav"') :].partition("</nav>")[0]
    assert side.count('aria-current="page"') == 1


def test_who_may_not_assign_has_no_such_place(ferri: Cast, come_in: Callable[..., Client]) -> None:
    lead = ferri.lead(None)
    sharing.change(ferri.actor(ferri.anna), Sharing("shared", False, "admins", "admins"))
    ugo = come_in(ferri.ugo)
    assert PLACE not in text(ugo.get("/leads/"))
    page = text(ugo.get(f"/leads/{lead.pk}/"))
    assert "Nobody owns this lead." in page
    assert f"/leads/{lead.pk}/take/" not in page
    assert "Only admins can assign leads." in page
    assert ugo.post(f"/leads/{lead.pk}/take/").status_code == 403
    lead.refresh_from_db()
    assert lead.owner is None
    assert PLACE in text(come_in(ferri.anna).get("/leads/"))


def test_one_press_takes_it(ferri: Cast, come_in: Callable[..., Client]) -> None:
    lead, ugo = ferri.lead(None), come_in(ferri.ugo)
    assert f"/leads/{lead.pk}/take/" in text(ugo.get(f"/leads/{lead.pk}/"))
    answer = ugo.post(f"/leads/{lead.pk}/take/", follow=True)
    assert "“Scanner” is yours now." in text(answer)
    assert "Nobody owns this lead." not in text(answer)
    lead.refresh_from_db()
    assert lead.owner == ferri.ugo


def test_a_copy_and_its_original_lead_to_each_other(
    ferri: Cast, come_in: Callable[..., Client]
) -> None:
    lead, bruna = ferri.lead(ferri.ugo, "Press <b>"), come_in(ferri.bruna)
    answer = bruna.post(f"/leads/{lead.pk}/duplicate/")
    made = Lead.objects.exclude(pk=lead.pk).get()
    assert answer["Location"] == f"/leads/{made.pk}/"
    link = f'made it as a copy of another lead: <a href="/leads/{lead.pk}/">Press &lt;b&gt;</a>'
    assert link in text(bruna.get(f"/leads/{made.pk}/"))
    back = f'made a copy of it: <a href="/leads/{made.pk}/">Press &lt;b&gt; (copy)</a>'
    assert back in text(bruna.get(f"/leads/{lead.pk}/"))


def test_the_histories_name_no_lead_that_one_does_not_see(
    ferri: Cast, come_in: Callable[..., Client]
) -> None:
    lead = ferri.lead(ferri.ugo, "Press")
    made = copying.duplicate(ferri.actor(ferri.bruna), lead)
    moves.edit(ferri.actor(ferri.bruna), made, title="Hidden one")
    sharing.change(ferri.actor(ferri.anna), Sharing("admins", False, "admins", "admins"))
    page = text(come_in(ferri.ugo).get(f"/leads/{lead.pk}/"))
    assert "made a copy of it" in page
    assert "Hidden one" not in page
    assert f"/leads/{made.pk}/" not in page
    assert come_in(ferri.ugo).post(f"/leads/{made.pk}/duplicate/").status_code == 404
    door.delete(ferri.actor(ferri.anna), [lead])
    page = text(come_in(ferri.bruna).get(f"/leads/{made.pk}/"))
    assert "made it as a copy of another lead" in page
    assert f"/leads/{lead.pk}/" not in page


def test_the_side_bar_counts_only_so_far(
    ferri: Cast, come_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(context, "MOST_COUNTED", 2)
    client = come_in(ferri.anna)
    for told in ("1", "2", "2+", "2+"):
        ferri.lead(None, "Nobody's")
        assert f'<span class="side-count">{told}</span>' in client.get("/profile/").text
