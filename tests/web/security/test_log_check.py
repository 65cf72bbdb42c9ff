"""The screen on which the log is checked, against a checkpoint that was kept, too."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile

from custode.accounts import moves as account_moves
from custode.accounts.models import Account
from custode.exchange.evidence import checking, mailing
from custode.exchange.models import LogCheck
from custode.guard import checkpoints, door, lock_installation
from custode.guard.models import LogCheckpoint, LogEntry, LogHead, LogPerson
from custode.kernel import scope
from custode.kernel.actor import Actor

PAGE = "/security/log-check/"
BLOCK = re.compile(r"-----BEGIN CUSTODE LOG CHECKPOINT-----.*?-----END [A-Z ]+-----", re.DOTALL)


def checked(client, people, **sent):
    """The page after a check was asked for and its job has come through."""
    answer = client.post(PAGE, sent)
    assert answer.status_code == 302, answer.text
    with scope.account(people.ferri.account.pk):
        check = LogCheck.objects.latest("pk")
    assert checking.work(people.ferri.account.pk, check.pk)
    return client.get(PAGE).text


def cut(people, many):
    """Somebody with all power cuts off the last entries, and all that tells of them."""
    account = people.ferri.account.pk
    with lock_installation.lifted(), scope.account(account):
        upto = LogHead.objects.get().seq - many
        for model in (LogEntry, LogPerson):
            model.objects.filter(seq__gt=upto)._raw_delete("default")
        LogHead.objects.update(seq=upto, hash=LogEntry.objects.get(seq=upto).hash)


@pytest.fixture
def anna(people, come_in):
    return come_in(people.anna)


def test_a_log_that_nobody_touched_holds(people, anna):
    assert "Not checked yet" in anna.get(PAGE).text
    page = checked(anna, people)
    assert "The chain holds" in page
    assert "entries were checked" in page
    assert "No checkpoint was handed over" in page
    assert "Anna Ferri" in page


def test_a_fault_is_told_in_words(people, anna):
    with lock_installation.lifted(), scope.account(people.ferri.account.pk):
        LogEntry.objects.filter(seq=2).update(count=99)
    page = checked(anna, people)
    assert "The log was changed behind the back of Custode" in page
    assert "<b>Entry 2</b>: changed, or not in its place" in page
    assert "The chain holds" not in page


def test_a_cut_tail_shows_against_the_checkpoint_that_was_pasted(people, anna):
    act = door.delete(people.actor(people.ugo), [people.lead(people.ugo)])
    with scope.account(people.ferri.account.pk):
        one = checkpoints.make(people.ferri.account.pk)
    cut(people, 1)
    assert "The chain holds" in checked(anna, people)
    page = checked(anna, people, checkpoint=f"Dear Anna,\n\n{one.text}\n")
    assert f"<b>Entry {act.seq}</b>: missing: a checkpoint tells of it" in page
    assert f"against a checkpoint that you kept (entry {act.seq}" in page
    file = SimpleUploadedFile("mail.txt", one.text.encode())
    assert "missing: a checkpoint tells of it" in checked(anna, people, file=file)


def test_a_checkpoint_of_an_honest_log_agrees(people, anna):
    with scope.account(people.ferri.account.pk):
        one = checkpoints.make(people.ferri.account.pk)
    door.delete(people.actor(people.ugo), [people.lead(people.ugo)])
    page = checked(anna, people, checkpoint=one.text)
    assert "The chain holds" in page
    assert (
        f"Anchored up to entry {one.seq} by a checkpoint that was handed over; 1 newer entry is not"
        in page
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Nothing of the sort", "There is no checkpoint in this text"),
        ("{forged}", "its signature does not fit what it says"),
        ("{other}", "another account"),
    ],
)
def test_a_forged_checkpoint_is_refused_in_words(people, anna, text, why):
    with scope.account(people.ferri.account.pk):
        mine = checkpoints.make(people.ferri.account.pk).text
    with scope.account(people.lodi.account.pk):
        other = checkpoints.make(people.lodi.account.pk).text
    forged = re.sub("entry: .*", "entry: 1", mine)
    checked(anna, people)
    answer = anna.post(PAGE, {"checkpoint": text.format(forged=forged, other=other)})
    assert answer.status_code == 422
    # What the check before it found is no answer to this one.
    assert "The log was not checked" in answer.text
    assert "The chain holds" not in answer.text
    assert why in answer.text
    with scope.account(people.ferri.account.pk):
        assert LogCheck.objects.count() == 1


def test_a_check_goes_on_while_somebody_is_elsewhere_and_is_found_again(people, anna, monkeypatch):
    anna.post(PAGE)
    page = anna.get(PAGE)
    assert "The log is being checked" in page.text
    assert 'hx-trigger="every 2s"' in page.text
    part = anna.get(PAGE, headers={"HX-Request": "true"})
    assert "<html" not in part.text
    assert "The log is being checked" in part.text
    anna.post(PAGE)
    with scope.account(people.ferri.account.pk):
        check = LogCheck.objects.get()
    assert checking.work(people.ferri.account.pk, check.pk)
    assert "The chain holds" in anna.get(PAGE).text


def test_a_checkpoint_made_now_is_shown_and_noted(people, anna):
    page = anna.post(f"{PAGE}checkpoint/").text
    with scope.account(people.ferri.account.pk):
        noted = LogCheckpoint.objects.get()
        assert noted.mailed_to == 0
        assert noted.seq == LogHead.objects.get().seq
    (text,) = BLOCK.findall(page)
    assert checkpoints.read(text, people.ferri.account.pk).seq == noted.seq
    page = anna.get(PAGE).text
    assert "copied by hand" in page
    assert checkpoints.public_key() in page


def proved(client):
    client.post("/proof/", {"password": "correct-horse-battery"})
    return client


@pytest.mark.parametrize(
    ("sent", "mistake"),
    [
        ({"checkpoints_to": "everybody"}, "Choose to whom"),
        ({"checkpoints_to": "addresses"}, "at least one e-mail address"),
        ({"checkpoints_to": "addresses", "checkpoint_addresses": "nobody"}, "is not an e-mail"),
        (
            {"checkpoints_to": "addresses",
             "checkpoint_addresses": " ".join(f"a{n}@b.example" for n in range(6))},
            "at most 5",
        ),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_told_beside_its_field(people, anna, sent, mistake):
    answer = proved(anna).post(f"{PAGE}checkpoints/", sent)
    assert answer.status_code == 422
    assert mistake in answer.text
    assert Account.objects.get(pk=people.ferri.account.pk).checkpoints_to == "nobody"


def test_to_whom_checkpoints_are_mailed_is_a_sensitive_setting(people, anna):
    sent = {"checkpoints_to": "addresses", "checkpoint_addresses": "Audit@Firm.example"}
    assert proved(anna).post(f"{PAGE}checkpoints/", sent).status_code == 302
    account = Account.objects.get(pk=people.ferri.account.pk)
    assert (account.checkpoints_to, account.checkpoint_addresses) == (
        "addresses", "audit@firm.example",
    )  # fmt: skip
    page = anna.get("/security/actions/").text
    assert "has a checkpoint of the log mailed each day to" in page
    assert "audit@firm.example" in page


def test_a_mailed_checkpoint_can_be_pasted_back(people, anna, settings):
    settings.HAS_MAIL = True
    proved(anna).post(f"{PAGE}checkpoints/", {"checkpoints_to": "admins"})
    with scope.account(people.ferri.account.pk):
        mailing.mail_due(Actor.system(people.ferri.account.pk, "checkpoints of the log"))
    (sent,) = mail.outbox
    door.delete(people.actor(people.ugo), [people.lead(people.ugo)])
    quoted = "\n".join(f"> {line}" for line in sent.body.splitlines())
    assert "The chain holds" in checked(anna, people, checkpoint=quoted)
    cut(people, 2)
    assert "missing: a checkpoint tells of it" in checked(anna, people, checkpoint=quoted)


def test_that_entries_are_newer_than_the_last_checkpoint_is_said_once_above_them(people, anna):
    door.delete(people.actor(people.ugo), [people.lead(people.ugo)])
    assert "not yet anchored" not in anna.get("/security/actions/").text
    with scope.account(people.ferri.account.pk):
        one = checkpoints.make(people.ferri.account.pk)
        checkpoints.note(one)
    # What comes while somebody looks at the page is newer: it is there, and hidden until then.
    page = anna.get("/security/actions/").text
    assert 'id="unanchored" hidden' in page
    for _n in range(2):
        door.delete(people.actor(people.ugo), [people.lead(people.ugo)])
    page = anna.get("/security/actions/").text
    assert page.count("not yet anchored") == 1
    assert f"Newer than no. {one.seq}, and not yet anchored" in page
    assert 'id="unanchored" hidden' not in page
    assert page.index("not yet anchored") < page.index('class="card acts"')
    older = anna.get(f"/security/actions/?before={one.seq}").text
    assert 'id="unanchored" hidden' in older


def test_a_checkpoint_made_by_hand_is_an_entry_that_it_tells_of_itself(people, anna):
    page = anna.post(f"{PAGE}checkpoint/").text
    with scope.account(people.ferri.account.pk):
        entry = LogEntry.objects.latest("seq")
        kept = checkpoints.latest(people.ferri.account.pk)
    assert (entry.verb, entry.outcome, entry.details) == ("account", "done", '{"checkpoint":true}')
    assert f"entry: {entry.seq}" in page
    assert kept is not None
    assert kept.seq == entry.seq
    log = anna.get("/security/actions/")
    assert "made a checkpoint of the log and copied it" in log.text
    assert 'id="unanchored" hidden' in log.text


def test_the_other_edition_is_explained_and_checks_nothing(people, come_in):
    carla = proved(come_in(people.carla))
    assert "part of the Dream Team edition" in carla.get(PAGE).text
    for path in (PAGE, f"{PAGE}checkpoint/", f"{PAGE}checkpoints/"):
        answer = carla.post(path, {"checkpoints_to": "admins"})
        assert answer.status_code == 403
        assert "part of the Dream Team edition" in answer.text
    with scope.account(people.lodi.account.pk):
        assert LogEntry.objects.filter(verb="account", outcome="refused").count() == 3
        assert not LogCheck.objects.exists()
        assert not LogCheckpoint.objects.exists()


def test_who_is_no_admin_checks_nothing(people, come_in):
    ugo = come_in(people.ugo)
    assert ugo.get(PAGE).status_code == 403
    for path in (PAGE, f"{PAGE}checkpoint/", f"{PAGE}checkpoints/"):
        assert ugo.post(path, {"checkpoints_to": "admins"}).status_code == 403
    with scope.account(people.ferri.account.pk):
        assert not LogCheck.objects.exists()
        assert not LogCheckpoint.objects.exists()


def test_a_downgraded_account_can_still_stop_the_mails(people, anna):
    proved(anna).post(f"{PAGE}checkpoints/", {"checkpoints_to": "admins"})
    operator = Actor.operator(people.ferri.account.pk)
    account_moves.set_edition(operator, "sales_essentials")
    assert anna.post(f"{PAGE}checkpoints/", {"checkpoints_to": "nobody"}).status_code == 302
