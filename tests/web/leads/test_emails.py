"""E-mails at the screens: written, filled in, previewed, shown with their result, decided upon."""

from __future__ import annotations

import re
import secrets
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from custode.activities.emails import outbox, servers, templates
from custode.activities.emails.models import Email, EmailFile, EmailTemplate, State, Why
from custode.guard import door
from custode.guard.models import LogEntry
from custode.kernel import clock
from custode.leads.models import Lead
from tests.cast import Cast
from tests.emails.made import NOWHERE, an_email

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Any, settings: Any) -> None:
    settings.DATA, settings.MEDIA_ROOT = tmp_path, tmp_path / "files"


@pytest.fixture
def lead(ferri: Cast) -> Lead:
    servers.change(ferri.actor(ferri.anna), NOWHERE)
    return ferri.lead(ferri.ugo, description="Contact: Mario\nE-mail: mario@rossi.example")


def page_of(lead: Lead) -> str:
    return f"/leads/{lead.pk}/"


def sent(**parts: Any) -> dict[str, Any]:
    given = {"to": "mario@rossi.example", "subject": "Offer", "text": "Dear **Mario**"}
    return {**given, "token": secrets.token_hex(16), **parts}


def test_the_form_begins_with_the_leads_address_and_its_own_token(lead: Lead, ugo: Client) -> None:
    assert f'href="{page_of(lead)}emails/new/"' in ugo.get(page_of(lead)).text
    pages = [ugo.get(f"{page_of(lead)}emails/new/").text for _n in range(2)]
    assert 'name="to" value="mario@rossi.example"' in pages[0]
    tokens = [re.findall(r'name="token" value="([0-9a-f]{32})"', page)[0] for page in pages]
    assert tokens[0] != tokens[1]


def test_it_is_sent_and_stands_in_the_timeline(lead: Lead, ugo: Client) -> None:
    file = SimpleUploadedFile("offer.txt", b"offer")
    form = sent(files=[file])
    answer = ugo.post(f"{page_of(lead)}emails/new/", form, follow=True)
    assert answer.redirect_chain == [(f"{page_of(lead)}#history", 302)]
    assert "The e-mail is on its way." in answer.text
    page = ugo.get(page_of(lead)).text
    for words in ("Waiting to be sent", "Offer", "to mario@rossi.example", "offer.txt"):
        assert words in page
    assert "<strong>Mario</strong>" in page
    assert page.index("Waiting to be sent") < page.index("created the lead")
    email = Email.objects.get()
    assert f'hx-get="/emails/{email.pk}/" hx-trigger="every 3s"' in page
    answer = ugo.post(f"{page_of(lead)}emails/new/", {**form, "files": []}, headers=HTMX)
    assert (answer.status_code, answer["HX-Redirect"]) == (204, f"{page_of(lead)}#history")
    assert Email.objects.count() == 1
    got = ugo.get(f"/email-files/{EmailFile.objects.get().pk}/")
    assert got.getvalue() == b"offer"
    assert got["Content-Type"] == "application/octet-stream"
    assert got["Content-Security-Policy"] == "default-src 'none'; sandbox"


WRONG = [
    ({"to": "mario"}, "to", "“mario” is not an e-mail address."),
    ({"copies": "x"}, "copies", "“x” is not an e-mail address."),
    ({"subject": ""}, "subject", "Write a subject."),
    ({"text": "Dear {{lead.title}}"}, "text", "Fill in or take out: {{lead.title}}"),
    ({"token": ""}, "all", "Reload the page and try again."),
]


@pytest.mark.parametrize(("given", "field", "why"), WRONG)
@pytest.mark.parametrize("act", ["new", "preview"])
def test_a_mistake_stands_beside_its_field_and_the_form_stays(
    lead: Lead, ugo: Client, given: dict[str, str], field: str, why: str, act: str
) -> None:
    if act == "preview" and (field == "all" or "Fill in" in why):
        return
    address = f"{page_of(lead)}emails/{act}/"
    answer = ugo.post(address, sent(**given), headers=HTMX)
    assert (answer.status_code, answer["HX-Retarget"]) == (422, "#email-all-mistake")
    slot = re.search(
        rf'<p class="mistake" id="email-{field}-mistake"[^>]*>([^<]*)</p>', answer.text
    )
    assert slot is not None
    assert slot[1] == why
    assert "<form" not in answer.text
    plain = ugo.post(address, sent(**given))
    assert plain.status_code == 422
    assert why in plain.text
    assert "Dear" in plain.text
    assert not Email.objects.exists()


def test_a_preview_shows_what_the_other_side_would_see(lead: Lead, ugo: Client) -> None:
    hostile = "**Bold** <script>alert(1)</script> ![x](https://thief.example/p.gif)"
    form = sent(text=hostile, copies="ada@rossi.example")
    for headers in (HTMX, {}):
        told = ugo.post(f"{page_of(lead)}emails/preview/", form, headers=headers).text
        assert "<strong>Bold</strong> &lt;script&gt;" in told
        assert "Ugo Conti &lt;sales@ferri.example&gt;" in told
        assert "ugo@conti.example" in told
        assert "ada@rossi.example" in told
        assert "<img" not in told.partition("Preview</h2>")[2].partition("</section>")[0]
    assert not Email.objects.exists()


UNFILLED = [
    ("Dear {{lead.title}}", "<code>{{lead.title}}</code>"),
    ("**{{field:Contact <b>}}**", "<strong><code>{{field:Contact &lt;b&gt;}}</code></strong>"),
    ("[x](https://a.example/{{lead.title}})", "{{lead.title}}"),
    ('{{a`b}} {{ " onclick=alert(1) x=" }}', "{{a`b}}"),
]


@pytest.mark.parametrize(("text", "shown"), UNFILLED)
def test_a_preview_marks_what_is_still_to_be_filled_in_and_sending_stays_refused(
    lead: Lead, ugo: Client, text: str, shown: str
) -> None:
    form = sent(text=text)
    for headers in (HTMX, {}):
        answer = ugo.post(f"{page_of(lead)}emails/preview/", form, headers=headers)
        assert answer.status_code == 200
        told = answer.text.partition("Preview</h2>")[2].partition("</section>")[0]
        assert "It cannot be sent like this. Fill in or take out: {{" in " ".join(told.split())
        assert shown in told
        assert "<b>" not in told
        assert re.search(r"<[^>]*onclick", told) is None
    assert ugo.post(f"{page_of(lead)}emails/new/", form).status_code == 422
    assert not Email.objects.exists()


def test_a_template_fills_in_and_what_was_typed_stays(ferri: Cast, lead: Lead, ugo: Client) -> None:
    anna = ferri.actor(ferri.anna)
    first = templates.save(anna, EmailTemplate(), "One", "For {{field:Contact}}", "{{lead.title}}!")
    second = templates.save(anna, EmailTemplate(), "Two", "Two", "Text of {{lead.amount}}")
    address = f"{page_of(lead)}emails/fill/"
    blank = sent(subject="", text="")
    told = ugo.post(address, {**blank, "template": first.pk}, headers=HTMX).text
    assert 'value="For Mario"' in told
    assert ">Scanner!</textarea>" in told
    filled = {**blank, "subject": "For Mario", "text": "Scanner!", "filled": str(first.pk)}
    told = ugo.post(address, {**filled, "template": second.pk}, headers=HTMX).text
    assert ">Text of {{lead.amount}}</textarea>" in told
    assert "Missing: its amount. Write the value in place of {{lead.amount}}." in told
    typed = {**filled, "text": "Scanner! And me."}
    told = ugo.post(address, {**typed, "template": second.pk}, headers=HTMX).text
    assert ">Text of {{lead.amount}}\n\nScanner! And me.</textarea>" in told
    templates.retire(anna, second, True)
    for chosen in ("", "999", str(second.pk)):
        answer = ugo.post(address, {**blank, "template": chosen}, headers=HTMX)
        assert answer.status_code == 422
        assert "Choose a template." in answer.text
    assert "Scanner!" in ugo.post(address, {**blank, "template": first.pk}).text


def test_who_sees_a_lead_but_may_not_edit_it_reads_and_does_not_write(
    ferri: Cast, lead: Lead, enter: Any
) -> None:
    email = an_email(ferri, lead)
    bruna = enter(ferri.bruna)
    page = bruna.get(page_of(lead)).text
    assert "Secret of Ferri" in page
    assert "emails/new/" not in page
    for act in ("new", "fill", "preview"):
        answer = bruna.post(f"{page_of(lead)}emails/{act}/", sent())
        assert (answer.status_code, "Only whoever may edit a lead" in answer.text) == (403, True)
    for act in ("again", "sent", "delete"):
        assert bruna.post(f"/emails/{email.pk}/{act}/", {"tries": "0"}).status_code == 403
    assert Email.objects.count() == 1


def test_without_a_server_it_says_whom_to_ask(
    ferri: Cast, lead: Lead, ugo: Client, anna: Client
) -> None:
    servers.take_away(ferri.actor(ferri.anna))
    assert "An admin can set up the server" in ugo.get(f"{page_of(lead)}emails/new/").text
    assert '<a href="/admin-panel/emails/">Set up' in anna.get(f"{page_of(lead)}emails/new/").text
    answer = ugo.post(f"{page_of(lead)}emails/new/", sent())
    assert (answer.status_code, "No mail server is set up." in answer.text) == (422, True)


def put(email: Email, state: State, why: str = "", answer: str = "") -> None:
    Email.objects.filter(pk=email.pk).update(state=state, why=why, answer=answer, tries=1)


def test_a_failure_is_shown_and_sent_again(ferri: Cast, lead: Lead, ugo: Client) -> None:
    email = an_email(ferri, lead)
    put(email, State.FAILED, Why.RECIPIENT, "550 <b>No</b> such user")
    page = ugo.get(page_of(lead)).text
    for words in ("Not sent", "did not accept a recipient", "550 &lt;b&gt;No&lt;/b&gt; such user"):
        assert words in page
    assert f"/emails/{email.pk}/again/" in page
    assert f"/emails/{email.pk}/sent/" not in page
    answer = ugo.post(f"/emails/{email.pk}/sent/", {"tries": "1"}, headers=HTMX)
    assert "Look at it again before you decide." in answer.text
    for tries in ("0", "x", "-1", "2"):
        ugo.post(f"/emails/{email.pk}/again/", {"tries": tries}, headers=HTMX)
        email.refresh_from_db()
        assert email.state == State.FAILED
    answer = ugo.post(f"/emails/{email.pk}/again/", {"tries": "1"}, headers=HTMX)
    assert "Waiting to be sent" in answer.text
    assert f'value="{email.subject}"' in ugo.get(
        f"{page_of(lead)}emails/new/?from={email.pk}"
    ).text  # fmt: skip


def test_what_was_perhaps_sent_waits_for_a_person(ferri: Cast, lead: Lead, ugo: Client) -> None:
    email = an_email(ferri, lead)
    put(email, State.PERHAPS, Why.CUT_OFF)
    page = ugo.get(page_of(lead)).text
    assert "Perhaps sent" in page
    assert "Ask them before you send it again." in page
    assert f'hx-get="/emails/{email.pk}/"' not in page
    answer = ugo.post(f"/emails/{email.pk}/sent/", {"tries": "1"}, headers=HTMX)
    assert "Sent, says Ugo Conti" in answer.text
    assert f"/emails/{email.pk}/again/" not in answer.text


def test_looking_at_what_nobody_sends_any_more_tells_that_nobody_knows(
    ferri: Cast, lead: Lead, ugo: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    email = an_email(ferri, lead)
    outbox.take(email.pk)
    assert "Being sent" in ugo.get(f"/emails/{email.pk}/", headers=HTMX).text
    monkeypatch.setattr(outbox, "LEASE", timedelta(0))
    assert "Perhaps sent" in ugo.get(f"/emails/{email.pk}/", headers=HTMX).text
    answer = ugo.get(f"/emails/{email.pk}/")
    assert answer["Location"] == f"{page_of(lead)}#email-{email.pk}"


def test_a_deleted_email_is_gone_and_comes_back(ferri: Cast, lead: Lead, ugo: Client) -> None:
    email = an_email(ferri, lead, subject="Said too much")
    answer = ugo.post(f"/emails/{email.pk}/delete/", headers=HTMX)
    assert "The e-mail was moved to the trash." in answer.text
    assert "Said too much" not in answer.text
    assert ugo.get(f"/emails/{email.pk}/").status_code == 404
    assert "Said too much" in ugo.get("/trash/?q=too+much").text
    seq = LogEntry.objects.get(verb="delete").seq
    ugo.post(f"/undo/{seq}/")
    assert "Said too much" in ugo.get(page_of(lead)).text
    door.delete(ferri.actor(ferri.ugo), [lead])
    assert ugo.get(f"/emails/{email.pk}/").status_code == 404
    assert ugo.get(f"{page_of(lead)}emails/new/").status_code == 404


def test_the_timeline_goes_on_with_emails_too(ferri: Cast, lead: Lead, ugo: Client) -> None:
    start = clock.now()
    for n in range(26):
        with clock.at(start + timedelta(minutes=n)):
            an_email(ferri, lead, subject=f"Letter number {n};")
    page = ugo.get(page_of(lead)).text
    place = re.findall(r'hx-get="(/leads/\d+/history/[^"]*)"', page)[0].replace("&amp;", "&")
    more = ugo.get(place).text
    told = [page.count(f"<b>Letter number {n};") + more.count(f"<b>Letter number {n};")
            for n in range(26)]  # fmt: skip
    assert told == [1] * 26


def test_the_number_of_queries_does_not_grow_with_the_emails(
    ferri: Cast, lead: Lead, ugo: Client
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as told:
            assert ugo.get(page_of(lead)).status_code == 200
        return len(told)

    an_email(ferri, lead, [])
    ugo.get(page_of(lead))
    few = queries()
    for _n in range(12):
        an_email(ferri, lead, [])
    assert queries() == few


def test_where_the_server_is_to_blame_it_says_who_can_look_into_it(
    ferri: Cast, lead: Lead, ugo: Client, anna: Client
) -> None:
    email = an_email(ferri, lead)
    put(email, State.FAILED, Why.CONNECT)
    told = "An admin can look at the mail server&#x27;s settings. You can ask Anna Ferri."
    assert told in ugo.get(page_of(lead)).text.replace("'", "&#x27;")
    assert 'href="/admin-panel/emails/">Look at' in anna.get(page_of(lead)).text
    put(email, State.FAILED, Why.RECIPIENT)
    assert "mail server" not in ugo.get(page_of(lead)).text
