"""The admin panel's page of e-mails: the server, its test, and the templates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from custode.activities.emails import servers, templates
from custode.activities.emails.models import EmailTemplate, MailServer, Trial, Why
from custode.guard.models import LogEntry
from custode.kernel import clock, scope
from custode.signin import sealing
from custode.signin.models import Session
from tests.cast import Cast

PAGE = "/admin-panel/emails/"
SENT = {
    "host": "smtp.ferri.example", "port": "587", "security": "starttls", "username": "sales",
    "password": " hunter-2 ", "sender": "sales@ferri.example",
}  # fmt: skip
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: Any) -> None:
    settings.DATA = tmp_path


@pytest.fixture
def anna(ferri: Cast, come_in: Callable[..., Client]) -> Client:
    return come_in(ferri.anna)


def test_the_server_is_set_and_its_password_never_shown(ferri: Cast, anna: Client) -> None:
    answer = anna.post(PAGE, SENT, follow=True)
    assert "Saved. Send yourself a test now." in answer.text
    kept = servers.of_account()
    assert sealing.unseal(kept.password) == " hunter-2 "
    page = anna.get(PAGE).text
    assert 'value="smtp.ferri.example"' in page
    assert "hunter" not in page
    assert kept.password not in page
    assert "Nothing was changed." in anna.post(PAGE, {**SENT, "password": ""}, follow=True).text
    log = anna.get("/security/actions/").text
    assert "set the mail server to" in log
    assert "hunter" not in log


WRONG = [
    ({"host": "no host"}, "Write the server&#x27;s name"),
    ({"port": "many"}, "Write the port&#x27;s number"),
    ({"port": "99999"}, "Write the port&#x27;s number"),
    ({"security": "none"}, "encrypted connection only"),
    ({"sender": "x"}, "Write the address from which e-mails go"),
]


@pytest.mark.parametrize(("given", "why"), WRONG)
def test_a_mistake_stands_at_its_field_and_what_was_typed_stays(
    ferri: Cast, anna: Client, given: dict[str, str], why: str
) -> None:
    answer = anna.post(PAGE, {**SENT, **given})
    assert answer.status_code == 422
    assert why in answer.text
    assert f'value="{given.get("host", SENT["host"])}"' in answer.text
    assert "hunter" not in answer.text
    assert not MailServer.objects.exists()


def test_a_session_that_did_not_prove_it_lately_is_asked_first(ferri: Cast, anna: Client) -> None:
    Session.objects.filter(user=ferri.anna).update(proved_at=clock.now() - timedelta(minutes=11))
    answer = anna.post(PAGE, SENT)
    assert answer.status_code == 403
    assert not MailServer.objects.exists()


def test_it_is_tested_by_a_job_and_the_page_tells_the_end(ferri: Cast, anna: Client) -> None:
    assert "Send a test" not in anna.get(PAGE).text
    assert "Set the server up first." in anna.post(f"{PAGE}test/", headers=HTMX).text
    anna.post(PAGE, SENT)
    told = anna.post(f"{PAGE}test/", headers=HTMX).text
    assert "An e-mail to anna@ferri.example is being sent" in told
    assert 'hx-trigger="every 2s"' in told
    MailServer.objects.update(test=Trial.FAILED, test_why=Why.LOGIN, test_answer="535 <i>no</i>")
    told = anna.get(f"{PAGE}test/", headers=HTMX).text
    assert "did not accept the user name and the password" in told
    assert "535 &lt;i&gt;no&lt;/i&gt;" in told
    assert 'hx-trigger="every' not in told
    MailServer.objects.update(test=Trial.SENT)
    assert "Check whether it arrived." in anna.get(PAGE).text
    assert anna.post(f"{PAGE}test/", follow=True).redirect_chain == [(PAGE, 302)]


def test_the_server_is_forgotten(ferri: Cast, anna: Client) -> None:
    anna.post(PAGE, SENT)
    answer = anna.post(f"{PAGE}off/", follow=True)
    assert "No e-mails are sent any more" in answer.text
    assert not servers.of_account().is_set_up
    assert "removed the account&#x27;s mail server" in anna.get("/security/actions/").text


def test_templates_are_made_changed_and_offered_no_more(ferri: Cast, anna: Client) -> None:
    new = {"name": "Offer", "subject": "Our offer", "text": "Dear {{field:Contact}}"}
    page = anna.get(f"{PAGE}templates/new/").text
    assert "{{lead.title}}" in page
    assert "“Offer” is saved." in anna.post(f"{PAGE}templates/new/", new, follow=True).text
    (one,) = templates.offered()
    wrong = anna.post(f"{PAGE}templates/{one.pk}/", {**new, "text": "{{lead.secret}}"})
    assert wrong.status_code == 422
    assert "There is no placeholder {{lead.secret}}." in wrong.text
    anna.post(f"{PAGE}templates/{one.pk}/", {**new, "name": "An offer"})
    one.refresh_from_db()
    assert (one.name, one.text) == ("An offer", "Dear {{field:Contact}}")
    assert "is no longer available" in anna.post(
        f"{PAGE}templates/{one.pk}/offer/", {"on": "0"}, follow=True
    ).text  # fmt: skip
    assert templates.offered() == []
    anna.post(f"{PAGE}templates/{one.pk}/offer/", {"on": "1"})
    assert list(templates.offered()) == [one]


def test_who_is_no_admin_is_told_no_and_the_log_has_it(
    ferri: Cast, come_in: Callable[..., Client]
) -> None:
    ugo = come_in(ferri.ugo)
    one = templates.save(ferri.actor(ferri.anna), EmailTemplate(), "Offer", "x", "x")
    for address in (PAGE, f"{PAGE}templates/new/", f"{PAGE}templates/{one.pk}/", f"{PAGE}test/"):
        assert ugo.get(address).status_code == 403
    assert ugo.post(PAGE, SENT).status_code == 403
    assert ugo.post(f"{PAGE}test/").status_code == 403
    refused = LogEntry.objects.get(outcome="refused")
    assert (refused.verb, MailServer.objects.exists()) == ("account", False)
    told = come_in(ferri.anna).get("/security/actions/").text
    assert "was not allowed to change the account&#x27;s mail server" in told


def test_the_other_account_has_its_own(
    ferri: Cast, anna: Client, come_in: Callable[..., Client]
) -> None:
    anna.post(PAGE, SENT)
    assert "ferri.example" not in come_in(ferri.carla).get(PAGE).text
    with scope.account(ferri.lodi.account.pk):
        assert not servers.of_account().is_set_up
