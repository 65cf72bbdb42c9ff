"""Proof of identity: which acts ask for it, what proves, and how long it holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest

from custode.accounts import moves as account_moves
from custode.accounts.models import Account
from custode.exchange import folders
from custode.exchange.models import ExportFile
from custode.exchange.reach import reach_of
from custode.guard import door
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry, PrivacySetting, TrashEntry
from custode.kernel import clock, scope
from custode.kernel.actor import Entrance
from custode.kernel.errors import ProofNeeded
from custode.people.models import User
from custode.signin.factors import moves, totp
from custode.signin.models import Session
from tests.cast import PASSWORD

LATER = timedelta(minutes=11)


@pytest.fixture
def anna(people, come_in):
    """Anna's browser, a while after she signed in."""
    client = come_in(people.anna)
    with scope.account(people.anna.account_id):
        Session.objects.update(proved_at=clock.now() - LATER)
    return client


def numbers(people):
    """Things that the acts below are tried on."""
    with scope.account(people.ferri.account.pk):
        gone = door.delete(people.actor(people.ugo), [people.lead(people.ugo, "Gone")])
        assert gone.entry is not None
        return {"lead": people.lead(people.ugo).pk, "entry": gone.entry.pk, "user": people.ugo.pk}


# The brief's section 6: export, purge, privacy rules, roles and users, the account, two-factor,
# ending others' sessions. Written by hand; `{…}` is a number of the things above.
ASKS = {
    "export": ("/exports/start/", {"go": "1", "all": "1", "format": "csv"}),
    "export to a file": ("/exports/start/", {"go": "1", "all": "1", "format": "xlsx"}),
    "purge": ("/trash/{entry}/purge/", {"reason": "for good"}),
    "privacy rule": ("/admin-panel/account/privacy/delete/lead/", {"ticked": "on"}),
    "role": ("/admin-panel/users/{user}/role/", {"role": "admin"}),
    "new user": ("/admin-panel/users/new/", {"first_name": "Eve", "email": "eve@x.example"}),
    "days in the trash": ("/admin-panel/account/", {"trash_days": "3"}),
    "two-factor off": ("/profile/sign-in/off/", {}),
}
# Never: these can be undone.
ASKS_NOT = {
    "delete": ("/leads/{lead}/delete/", {}),
    "restore": ("/trash/{entry}/restore/", {}),
    "edit": ("/leads/{lead}/status/", {"status": "won"}),
    "bulk edit": ("/leads/bulk/", {"ids": "{lead}", "owner": "none"}),
}


def state():
    return (
        sorted(TrashEntry.objects.values_list("pk", "state")),
        list(PrivacySetting.objects.values_list("verb", "ticked")),
        sorted(User.objects.values_list("pk", "role")),
        Account.objects.values_list("trash_days", flat=True).order_by("pk")[0],
        ExportFile.objects.count(),
        LogEntry.objects.count(),
    )


@pytest.mark.parametrize("act", ASKS)
def test_without_a_fresh_proof_nothing_happens(people, anna, act):
    things = numbers(people)
    path, form = ASKS[act]
    with scope.account(people.ferri.account.pk):
        before = state()
    answer = anna.post(path.format(**things), form)
    assert answer.status_code == 403
    assert "Is it you?" in answer.content.decode()
    asked = anna.post(path.format(**things), form, headers={"HX-Request": "true"})
    assert (asked.status_code, asked["X-Custode-Proof"], asked.content) == (403, "needed", b"")
    with scope.account(people.ferri.account.pk):
        assert state() == before


@pytest.mark.parametrize("act", ASKS)
def test_with_it_the_same_form_is_let_through(people, anna, act):
    things = numbers(people)
    assert anna.post("/proof/", {"password": PASSWORD}).status_code == 302
    path, form = ASKS[act]
    answer = anna.post(path.format(**things), form)
    # Nothing is on that could be switched off, which is said after the proof.
    assert answer.status_code in ({410} if act == "two-factor off" else {200, 302})
    said = answer.getvalue() if answer.streaming else answer.content
    assert b"Is it you?" not in said


@pytest.mark.parametrize("act", ASKS_NOT)
def test_what_can_be_undone_asks_for_none(people, anna, act):
    things = numbers(people)
    path, form = ASKS_NOT[act]
    form = {name: str(value).format(**things) for name, value in form.items()}
    assert anna.post(path.format(**things), form).status_code in {200, 204, 302}


def test_a_fresh_sign_in_is_a_proof(people, come_in):
    client = come_in()
    client.post("/sign-in/", {"email": "anna@ferri.example", "password": PASSWORD})
    assert client.get("/proof/", headers={"HX-Request": "true"}).status_code == 204


@pytest.mark.parametrize(("minutes", "status"), [(9, 204), (11, 200)])
def test_it_holds_for_ten_minutes(people, anna, minutes, status):
    anna.post("/proof/", {"password": PASSWORD})
    with clock.at(clock.now() + timedelta(minutes=minutes)):
        assert anna.get("/proof/", headers={"HX-Request": "true"}).status_code == status


def test_it_holds_in_its_own_session_only(people, anna, come_in):
    other = come_in(people.anna)
    anna.post("/proof/", {"password": PASSWORD})
    with scope.account(people.anna.account_id):
        newest = Session.objects.order_by("-pk")[0]
        Session.objects.filter(pk=newest.pk).update(proved_at=clock.now() - LATER)
    assert anna.get("/proof/", headers={"HX-Request": "true"}).status_code == 204
    assert other.get("/proof/", headers={"HX-Request": "true"}).status_code == 200


@pytest.mark.parametrize("given", [{"password": "wrong"}, {"password": ""}, {}, {"code": "123456"}])
def test_a_wrong_proof_proves_nothing(people, anna, given):
    answer = anna.post("/proof/", given, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert "not right" in answer.content.decode()
    assert anna.get("/proof/", headers={"HX-Request": "true"}).status_code == 200


def test_with_two_factor_the_second_factor_is_what_is_asked(people, anna):
    secret = totp.new_secret()
    program = pyotp.TOTP(secret)
    with scope.account(people.anna.account_id):
        this = Session.objects.get(user=people.anna).pk
        before = clock.now() - timedelta(seconds=30)
        moves.add_totp(
            people.actor(people.anna), people.anna, secret, program.at(before), this=this
        )
    assert anna.post("/proof/", {"password": PASSWORD}).status_code == 422
    assert anna.post("/proof/", {"code": program.at(clock.now())}).status_code == 302


def test_guessing_is_stopped(people, anna):
    for _ in range(10):
        anna.post("/proof/", {"password": "wrong"})
    answer = anna.post("/proof/", {"password": PASSWORD})
    assert answer.status_code == 429
    assert "Wait" in answer.content.decode()


def test_a_read_that_needs_it_comes_back_by_itself(people, come_in):
    client = come_in(people.anna)
    token, _size = folders.keep(folders.EXPORTS, [b"x"])
    with scope.account(people.anna.account_id):
        file = ExportFile.objects.create(
            user=people.anna, kind="lead", format="csv", state="ready", token=token, name="x.csv",
            reach=reach_of(people.actor(people.anna)),
        )  # fmt: skip
        Session.objects.update(proved_at=None)
    answer = client.get(f"/exports/{file.pk}/")
    assert answer["Location"] == f"/proof/?next=%2Fexports%2F{file.pk}%2F"
    goal = client.post(answer["Location"], {"password": PASSWORD})["Location"]
    assert client.get(goal).status_code == 200


@pytest.mark.parametrize("goal", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_one_is_sent_nowhere_else_afterwards(people, anna, goal):
    assert anna.post("/proof/", {"password": PASSWORD, "next": goal})["Location"] == "/"


def test_it_takes_the_forms_token(people, come_in):
    client = come_in(people.anna, strict=True)
    assert client.post("/proof/", {"password": PASSWORD}).status_code == 403


def test_a_visitor_proves_nothing(people, come_in):
    assert come_in().post("/proof/", {"password": PASSWORD})["Location"].startswith("/sign-in/")


def test_a_job_goes_on_with_what_was_proved_when_it_was_asked(people):
    anna = replace(people.actor(people.anna), proved=False)
    with pytest.raises(ProofNeeded):
        account_moves.set_privacy(anna, Verb.DELETE, "lead", True)
    assert account_moves.set_privacy(anna.through(Entrance.JOB), Verb.DELETE, "lead", True)
