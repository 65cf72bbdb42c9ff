"""Sending through a real SMTP server program: taken, refused, cut off, hung; never twice."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from custode.activities.emails import moves, outbox, sending, servers, transport
from custode.activities.emails.models import Email, State, Why
from custode.activities.emails.outbox import End
from custode.activities.files import Incoming
from custode.guard import door
from custode.guard.models import Change
from custode.kernel.errors import Invalid
from custode.leads.models import Lead
from tests.cast import Cast
from tests.emails import postbox
from tests.emails.conftest import Write
from tests.emails.postbox import FROM, Postbox

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def sent(email: Email) -> Email:
    """The e-mail after its job has run."""
    sending.send(email.account_id, email.pk)
    email.refresh_from_db()
    return email


def test_it_arrives_whole_and_its_result_is_kept(box: Postbox, ferri: Cast, write: Write) -> None:
    files = [Incoming("Offerta è pronta.pdf", len(PDF), [PDF])]
    text = "Caro **Mario**,\n\n.\n.the offer\n\nÈ pronta: https://ferri.example\n" + "long " * 400
    email = sent(write("mario@rossi.example", files, copies="ada@rossi.example", text=text))
    assert (email.state, email.why) == (State.SENT, "")
    assert email.answer == "250 2.0.0 Taken as 4711"
    assert email.settled_at is not None
    (taken,) = box.taken()
    assert taken["X-Envelope-From"] == FROM
    assert taken["X-Envelope-To"] == "mario@rossi.example, ada@rossi.example"
    assert taken["From"] == f"Ugo Conti <{FROM}>"
    assert taken["Reply-To"] == "ugo@conti.example"
    assert (taken["To"], taken["Cc"]) == ("mario@rossi.example", "ada@rossi.example")
    assert taken["Subject"] == "Our offer"
    assert taken["Message-ID"] == f"<{email.token}@ferri.example>"
    assert taken["Date"].datetime == email.created_at.replace(microsecond=0)
    plain, page = taken.get_body(("plain",)), taken.get_body(("html",))
    assert plain is not None
    assert page is not None
    assert plain.get_content().replace("\r\n", "\n").strip() == text.strip()
    assert "<strong>Mario</strong>" in page.get_content()
    (attached,) = taken.iter_attachments()
    assert attached.get_filename() == "Offerta è pronta.pdf"
    assert attached.get_content_type() == "application/pdf"
    assert attached.get_content() == PDF


# To whom it goes -> its state, why, what is said of it, and how many the server has.
ENDS = [
    ("mario@rossi.example", State.SENT, "", "250 2.0.0 Taken", 1),
    ("slow@rossi.example", State.SENT, "", "250 2.0.0 Taken", 1),
    (
        "ada@rossi.example, unknown@rossi.example", State.FAILED, Why.RECIPIENT,
        "unknown@rossi.example: 550 5.1.1 No such user here", 0,
    ),
    ("full@rossi.example", State.FAILED, Why.MESSAGE, "552 5.2.2 Mailbox full", 0),
    ("drop@rossi.example", State.FAILED, Why.BROKE_OFF, "", 0),
    ("halfway@rossi.example", State.PERHAPS, Why.NO_ANSWER, "", 1),
    ("hang@rossi.example", State.PERHAPS, Why.NO_ANSWER, "", 1),
]  # fmt: skip


@pytest.mark.parametrize(("to", "state", "why", "answer", "arrived"), ENDS)
def test_each_end_is_told_as_it_is(
    box: Postbox, write: Write, monkeypatch: pytest.MonkeyPatch,
    to: str, state: str, why: str, answer: str, arrived: int,
) -> None:  # fmt: skip
    monkeypatch.setattr(transport, "LAST_PATIENCE", 3.0)
    # More than what lies in the network's buffers, so that a server that leaves is noticed.
    big = [Incoming("big.bin", 9_000_000, [b"\x00" * 9_000_000])] if to.startswith("drop") else []
    email = sent(write(to, big))
    assert (email.state, email.why) == (state, why)
    assert answer in email.answer
    assert email.answer.isprintable()
    assert len(box.taken()) == arrived


def test_cut_off_in_a_short_text_nobody_knows_and_it_says_so(box: Postbox, write: Write) -> None:
    email = sent(write("drop@rossi.example"))
    assert (email.state, box.taken()) in ((State.PERHAPS, []), (State.FAILED, []))


@pytest.mark.parametrize("times", [2, 5])
def test_jobs_that_run_again_send_nothing_again(box: Postbox, write: Write, times: int) -> None:
    for to in ("mario@rossi.example", "halfway@rossi.example", "full@rossi.example"):
        email = write(to)
        for _n in range(times):
            sent(email)
        assert email.tries == 1
    assert len(box.taken()) == 2


def test_who_lost_the_claim_notes_nothing(box: Postbox, write: Write) -> None:
    email = write()
    mine = outbox.take(email.pk)
    assert mine is not None
    assert outbox.take(email.pk) is None
    Email.objects.filter(pk=email.pk).update(claim="another try")
    assert not outbox.settle(mine, End(State.SENT))
    email.refresh_from_db()
    assert email.state == State.SENDING


def test_one_that_was_only_slow_still_knows_best(
    box: Postbox, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    email = write()
    mine = outbox.take(email.pk)
    assert mine is not None
    assert outbox.doubt() == 0
    monkeypatch.setattr(outbox, "LEASE", -outbox.LEASE)
    assert outbox.doubt() == 1
    email.refresh_from_db()
    assert (email.state, email.why) == (State.PERHAPS, Why.CUT_OFF)
    assert outbox.settle(mine, End(State.SENT, "", "250 OK"))
    email.refresh_from_db()
    assert (email.state, email.why, email.answer) == (State.SENT, "", "250 OK")
    assert outbox.doubt() == 0
    told = Change.objects.filter(kind="email", object_id=email.pk, field="state").order_by("pk")
    assert [(line.actor_name, line.old, line.new) for line in told] == [
        ("e-mails", "sending", "perhaps cut_off"),
        ("e-mails", "perhaps", "sent 250 OK"),
    ]


def test_a_failure_is_sent_again_by_a_person_with_the_same_message_id(
    box: Postbox, ferri: Cast, write: Write
) -> None:
    email = sent(write("halfway@rossi.example"))
    ugo = ferri.actor(ferri.ugo)
    with pytest.raises(Invalid, match="by now"):
        moves.send_again(ugo, email, tries=0)
    moves.send_again(ugo, email, tries=1)
    with pytest.raises(Invalid, match="by now"):
        moves.send_again(ugo, email, tries=1)
    assert sent(email).tries == 2
    first, second = box.taken()
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Date"] == second["Date"]
    told = Change.objects.filter(kind="email", object_id=email.pk, field="state").order_by("pk")
    assert [(line.actor_name, line.old, line.new) for line in told] == [
        ("e-mails", "sending", "perhaps no_answer Connection unexpectedly closed"),
        ("Ugo Conti", "perhaps", "queued"),
        ("e-mails", "sending", "perhaps no_answer Connection unexpectedly closed"),
    ]


def test_what_was_perhaps_sent_a_person_marks_as_sent(
    box: Postbox, ferri: Cast, write: Write
) -> None:
    ugo = ferri.actor(ferri.ugo)
    email = sent(write("halfway@rossi.example"))
    moves.mark_sent(ugo, email, tries=1)
    email.refresh_from_db()
    assert (email.state, email.decided_by) == (State.SENT, ferri.ugo)
    with pytest.raises(Invalid, match="Sent"):
        moves.send_again(ugo, email, tries=1)
    failed = sent(write("full@rossi.example"))
    with pytest.raises(Invalid, match="Not sent"):
        moves.mark_sent(ugo, failed, tries=1)


def test_what_was_deleted_before_it_was_sent_is_not_sent_nor_when_it_comes_back(
    box: Postbox, ferri: Cast, write: Write, lead: Lead
) -> None:
    ugo = ferri.actor(ferri.ugo)
    for gone in (lead, None):
        email = write()
        act = door.delete(ugo, [gone or email])
        sending.send(email.account_id, email.pk)
        assert act.entry is not None
        door.restore(ugo, act.entry)
        assert sent(email).why == Why.DELETED
        moves.ask_again()
        assert (sent(email).state, box.taken()) == (State.FAILED, [])


def test_a_server_that_is_not_there_or_cannot_be_used_is_said(
    ferri: Cast, box: Postbox, write: Write, settings: Any, tmp_path: Path
) -> None:
    anna = ferri.actor(ferri.anna)
    first, second, third, fourth = write(), write(), write(), write()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    postbox.use(anna, port)
    assert sent(first).why == Why.CONNECT
    postbox.use(anna, box.port, "tls")
    assert sent(second).why == Why.TLS
    postbox.use(anna, box.port, "starttls")
    assert sent(third).why == Why.TLS
    servers.take_away(anna)
    assert sent(fourth).why == Why.NOT_SET_UP
    assert box.taken() == []


def test_a_server_on_a_private_address_is_the_operators_choice(
    box: Postbox, write: Write, settings: Any
) -> None:
    settings.ACCOUNT_MAIL_PRIVATE = False
    email = sent(write())
    assert (email.state, email.why) == (State.FAILED, Why.PRIVATE)
    assert box.taken() == []


REACHED = [
    ("93.184.216.34", True), ("2606:2800:220:1:248:1893:25c8:1946", True),
    ("127.0.0.1", False), ("10.0.0.1", False), ("172.16.0.1", False), ("192.168.1.1", False),
    ("169.254.169.254", False), ("100.64.0.1", False), ("0.0.0.0", False), ("224.0.0.1", False),
    ("::1", False), ("fe80::1%eth0", False), ("fd00::1", False), ("::ffff:10.0.0.1", False),
    ("2002:0a00:0001::", False),
]  # fmt: skip


@pytest.mark.parametrize(("ip", "reached"), REACHED)
def test_which_addresses_are_private(ip: str, reached: bool, settings: Any) -> None:
    settings.ACCOUNT_MAIL_PRIVATE = False
    assert transport.may_reach(ip) == reached


@pytest.fixture
def endless() -> Iterator[int]:
    """A server whose greeting never ends."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def talk() -> None:
            try:
                line, _who = listening.accept()
                while True:
                    line.sendall(b"220-and so on\r\n")
                    threading.Event().wait(0.05)
            except OSError:
                return

        threading.Thread(target=talk, daemon=True).start()
        yield listening.getsockname()[1]


def test_a_server_that_talks_without_end_is_cut_off(
    ferri: Cast, box: Postbox, write: Write, endless: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "LIMIT", 1.0)
    email = write()
    postbox.use(ferri.actor(ferri.anna), endless)
    assert sent(email).why == Why.CONNECT


def test_the_whole_of_a_try_is_shorter_than_its_lease() -> None:
    assert outbox.LEASE.total_seconds() > transport.LIMIT + transport.LAST_PATIENCE / 2


def test_by_tls_with_a_name_and_a_password(
    ferri: Cast, lead: Lead, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = ferri.actor(ferri.anna)
    pem = postbox.certificate(tmp_path)
    user = {"username": "custode", "password": "right-password"}
    for tls in ("starttls", "tls"):
        options = ("--tls", tls, "--certificate", str(pem), "--auth")
        with postbox.running(tmp_path / tls, *options) as box:
            postbox.use(anna, box.port, tls, **user)
            unknown = write()
            monkeypatch.delenv("SSL_CERT_FILE", raising=False)
            assert sent(unknown).why == Why.TLS
            monkeypatch.setenv("SSL_CERT_FILE", str(pem))
            assert sent(write()).state == State.SENT
            postbox.use(anna, box.port, tls, **{**user, "password": "wrong-password"})
            refused = sent(write())
            assert refused.why == Why.LOGIN
            assert "wrong-password" not in refused.answer
            assert len(box.taken()) == 1
