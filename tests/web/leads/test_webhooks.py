"""A webhook's button on a lead: pressed at the screen, told by the lead's history."""

from __future__ import annotations

from django.test import Client

from custode.exchange.webhooks import moves
from custode.exchange.webhooks.models import Webhook
from custode.exchange.webhooks.moves import Wanted
from custode.guard import history
from tests.cast import Cast
from tests.web.leads.conftest import Enter


def button(ferri: Cast, name: str = "Invoices") -> Webhook:
    """A webhook that has a button on leads."""
    wanted = Wanted(
        "lead.manual.trigger", "url", "https://bills.example/in?token=s3cret", name,
        in_lead_menu=True,
    )  # fmt: skip
    return moves.make(ferri.actor(ferri.anna), wanted)[0]


def test_the_history_tells_who_sent_the_lead_to_where(
    ferri: Cast, ugo: Client, enter: Enter
) -> None:
    hook, lead = button(ferri), ferri.lead(ferri.ugo)
    pressed = ugo.post(f"/leads/{lead.pk}/trigger/", {"webhook": hook.pk})
    assert pressed.status_code == 302
    moves.delete(ferri.actor(ferri.anna), hook)
    page = enter(ferri.bruna).get(f"/leads/{lead.pk}/").content.decode()
    assert "sent the lead to “Invoices”" in page


def test_who_may_not_edit_the_lead_leaves_no_line(ferri: Cast, enter: Enter) -> None:
    hook, lead = button(ferri), ferri.lead(ferri.ugo)
    pressed = enter(ferri.bruna).post(f"/leads/{lead.pk}/trigger/", {"webhook": hook.pk})
    assert pressed.status_code == 403
    assert [line.field for line in history.of(lead)] == [history.CREATED]


def test_no_screen_of_the_lead_shows_the_secret_part_of_an_address(
    ferri: Cast, ugo: Client
) -> None:
    hook, lead = button(ferri, name=""), ferri.lead(ferri.ugo)
    ugo.post(f"/leads/{lead.pk}/trigger/", {"webhook": hook.pk})
    page = ugo.get(f"/leads/{lead.pk}/").content.decode()
    assert "Send to “https://bills.example”" in page
    assert "sent the lead to “https://bills.example”" in page
    assert "s3cret" not in page
