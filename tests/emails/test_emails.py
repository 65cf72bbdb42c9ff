"""Who may do what with an e-mail, and what is taken as one: tables written by hand.

Whoever may edit a lead sends e-mails from it; whoever sees the lead reads them. Whoever wrote one,
and admins, delete it, unless "only admins can delete comments or e-mails" is ticked.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django_tasks_db.models import DBTaskResult

from custode.accounts import moves as account_moves
from custode.accounts import sharing
from custode.accounts.sharing import Sharing
from custode.activities import files
from custode.activities.emails import moves, servers
from custode.activities.emails.models import Email, EmailFile, State
from custode.activities.emails.moves import Draft
from custode.activities.files import Incoming
from custode.guard import door
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry
from custode.kernel.actor import Actor
from custode.kernel.errors import Gone, Invalid, Refused, TooMany
from custode.leads.models import Lead
from custode.signin import limits
from tests.cast import Cast
from tests.emails import postbox
from tests.emails.conftest import Write


@pytest.fixture(autouse=True)
def _set_up(ferri: Cast) -> None:
    postbox.use(ferri.actor(ferri.anna), 2525)


def answer(attempt: object) -> str:
    try:
        attempt()  # type: ignore[operator]  # always a callable
    except Refused:
        return "no"
    return "yes"


# who, whose e-mail on Ugo's lead, rule ticked -> write one, say how it goes on, delete
TABLE = [
    ("anna", "ugo", False, "yes", "yes", "yes"),
    ("anna", "ugo", True, "yes", "yes", "yes"),
    ("anna", "anna", True, "yes", "yes", "yes"),
    ("ugo", "ugo", False, "yes", "yes", "yes"),
    ("ugo", "ugo", True, "yes", "yes", "no"),
    ("ugo", "anna", False, "yes", "yes", "no"),
    ("bruna", "ugo", False, "no", "no", "no"),
    ("bruna", "ugo", True, "no", "no", "no"),
]


@pytest.mark.parametrize(("who", "whose", "ticked", "writes", "decides", "deletes"), TABLE)
def test_who_may_do_what(
    ferri: Cast, write: Write,
    who: str, whose: str, ticked: bool, writes: str, decides: str, deletes: str,
) -> None:  # fmt: skip
    email = write(who=getattr(ferri, whose))
    Email.objects.update(state=State.PERHAPS)
    if ticked:
        account_moves.set_privacy(ferri.actor(ferri.anna), Verb.DELETE, "comment", True)
    person = getattr(ferri, who)
    assert answer(lambda: write(who=person)) == writes
    assert answer(lambda: moves.send_again(ferri.actor(person), email, tries=0)) == decides
    Email.objects.update(state=State.PERHAPS)
    assert answer(lambda: moves.mark_sent(ferri.actor(person), email, tries=0)) == decides
    assert answer(lambda: door.delete(ferri.actor(person), [email])) == deletes
    assert Email.objects.filter(pk=email.pk).exists() == (deletes == "no")
    refused = LogEntry.objects.filter(outcome="refused", verb="delete", kind="email")
    assert refused.count() == (deletes == "no")


def test_one_tick_holds_for_comments_and_for_emails(ferri: Cast, write: Write) -> None:
    anna, ugo, email = ferri.actor(ferri.anna), ferri.actor(ferri.ugo), write()
    with pytest.raises(Invalid):
        account_moves.set_privacy(anna, Verb.DELETE, "email", True)
    account_moves.set_privacy(anna, Verb.DELETE, "comment", True)
    with pytest.raises(Refused, match="Only admins can delete comments or e-mails") as no:
        door.delete(ugo, [email])
    assert no.value.rule == "delete:comment"
    account_moves.set_privacy(anna, Verb.DELETE, "comment", False)
    assert door.delete(ugo, [email]).count == 1


def test_who_does_not_see_a_lead_neither_reads_nor_sends(ferri: Cast, write: Write) -> None:
    email = write()
    sharing.change(ferri.actor(ferri.anna), Sharing("admins", False, "managers", "everybody"))
    ferri.bruna.account.refresh_from_db()
    bruna = ferri.actor(ferri.bruna)
    assert not Email.objects.filter(Email.kind.sees(bruna)).exists()
    with pytest.raises(Gone):
        write(who=ferri.bruna)
    assert door.delete(bruna, [email]).count == 0


def test_a_leads_emails_and_their_files_go_and_come_back_with_it(
    ferri: Cast, lead: Lead, write: Write
) -> None:
    ugo = ferri.actor(ferri.ugo)
    write(files=[Incoming("offer.txt", 5, [b"offer"])])
    act = door.delete(ugo, [lead])
    assert act.along == {"email": 1}
    with pytest.raises(Gone):
        write()
    assert act.entry is not None
    door.restore(ugo, act.entry)
    assert Email.objects.count() == 1
    act = door.delete(ugo, [lead])
    assert act.entry is not None
    door.purge(ferri.actor(ferri.anna), act.entry, reason="for good")
    assert not Email.with_trashed.exists()
    assert not EmailFile.objects.exists()


# What is written -> at which field it is refused, and in which words.
REFUSED: list[tuple[dict[str, str], str, str]] = [
    ({"to": ""}, "to", "Write at least one recipient."),
    ({"to": " , ;"}, "to", "Write at least one recipient."),
    ({"to": "mario"}, "to", "“mario” is not an e-mail address."),
    ({"to": "mario@rossi.example\nBcc: all@ferri.example"}, "to", "“Bcc: all@ferri.example” is"),
    ({"to": "mario@rossi.example\r\n\r\nHi"}, "to", "“Hi” is not an e-mail address."),
    ({"to": "mariò@rossi.example"}, "to", "is not an e-mail address."),
    ({"to": "<mario@rossi.example>> RCPT"}, "to", "is not an e-mail address."),
    ({"copies": "ada@rossi"}, "copies", "“ada@rossi” is not an e-mail address."),
    ({"to": ",".join(f"a{n}@x.example" for n in range(21))}, "to", "at most 20 addresses"),
    ({"subject": " "}, "subject", "Write a subject."),
    ({"subject": "x" * 201}, "subject", "A subject has at most 200 characters."),
    ({"subject": "For {{lead.title}}"}, "subject", "Fill in or take out: {{lead.title}}"),
    ({"text": "\x00 \n"}, "text", "Write a text."),
    ({"text": "x" * 20_001}, "text", "A text has at most 20,000 characters."),
    ({"text": "Dear {{field:Contact}}"}, "text", "Fill in or take out: {{field:Contact}}"),
    ({"token": "../x"}, "", "Reload the page"),
    ({"token": "G" * 32}, "", "Reload the page"),
]


@pytest.mark.parametrize(("given", "field", "why"), REFUSED)
def test_what_does_not_make_an_email_is_told_at_its_field(
    write: Write, given: dict[str, str], field: str, why: str
) -> None:
    with pytest.raises(Invalid) as no:
        write(**given)
    assert (no.value.field, why in str(no.value)) == (field, True)
    assert not Email.objects.exists()
    assert not DBTaskResult.objects.exists()


def test_names_beside_addresses_are_left_out_and_nobody_gets_it_twice(write: Write) -> None:
    email = write("Mario <mario@rossi.example>; MARIO@rossi.example", copies="mario@rossi.example")
    assert (email.recipients, email.copies) == ("mario@rossi.example", "")
    assert write(subject="One\r\nBcc: all@ferri.example").subject == "One Bcc: all@ferri.example"


def test_one_form_makes_one_email(ferri: Cast, lead: Lead, write: Write) -> None:
    token = secrets.token_hex(16)
    first = write(token=token)
    assert write(token=token, subject="Pressed twice").pk == first.pk
    with pytest.raises(Invalid, match="Reload the page"):
        write(token=token, who=ferri.anna)
    other = ferri.lead(ferri.ugo)
    with pytest.raises(Invalid, match="Reload the page"):
        moves.write(ferri.actor(ferri.ugo), other, Draft("a@b.example", "", "x", "y", token))
    assert Email.objects.count() == DBTaskResult.objects.count() == 1


def test_without_a_server_it_says_so_and_nothing_is_kept(ferri: Cast, write: Write) -> None:
    servers.take_away(ferri.actor(ferri.anna))
    with pytest.raises(Invalid, match="No mail server is set up"):
        write(files=[Incoming("x", 1, [b"x"])])
    assert not list(files.folder().place.glob("*"))


def test_files_that_are_too_many_or_too_large_are_refused(
    write: Write, settings: Any, tmp_path: Path
) -> None:
    settings.ATTACHMENT_BYTES = 2**20
    half = b"x" * 600_000
    for given, why in (
        ([Incoming(f"{n}", len(half), [half]) for n in range(2)], "at most 1 MB together"),
        ([Incoming(f"{n}", 1, [b"x"]) for n in range(11)], "at most 10 files"),
        ([Incoming("empty", 0, [b""])], "“empty” is empty"),
    ):
        with pytest.raises(Invalid, match=why) as no:
            write(files=given)
        assert no.value.field == "files"
    assert not Email.objects.exists()
    assert not list(files.folder().place.glob("*"))


def test_who_sends_without_end_is_stopped(
    ferri: Cast, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = limits.Allowance("few", 2, limits.EMAILS.within)
    monkeypatch.setattr(limits, "EMAILS", few)
    write(), write()
    with pytest.raises(TooMany):
        write()
    write(who=ferri.anna)
    assert Email.objects.count() == 3


@pytest.mark.parametrize("field", ["recipients", "copies", "subject", "text", "message_id"])
def test_what_was_written_never_changes(write: Write, field: str) -> None:
    write()
    with pytest.raises(DatabaseError), transaction.atomic():
        Email.objects.update(**{field: "forged"})


def test_its_files_are_removed_with_the_purge_and_not_before(
    ferri: Cast, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    email = write(files=[Incoming("offer.txt", 5, [b"offer"])])
    token = EmailFile.objects.get().token
    monkeypatch.setattr("custode.kernel.folders._ABANDONED", -10)
    system = Actor.system(email.account_id, "test")
    assert files.remove_orphans(system) == 0
    act = door.delete(ferri.actor(ferri.ugo), [email])
    assert files.remove_orphans(system) == 0
    assert act.entry is not None
    door.purge(ferri.actor(ferri.anna), act.entry, reason="for good")
    assert files.remove_orphans(system) == 1
    assert not files.folder().path_of(token).exists()
