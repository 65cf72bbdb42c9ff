"""The account's mail server: set by admins who proved it, in the log, its password never told."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from custode.activities.emails import moves, sending, servers
from custode.activities.emails.models import MailServer
from custode.activities.emails.servers import Wanted
from custode.guard.models import LogEntry, LogPerson
from custode.kernel import scope
from custode.kernel.errors import Invalid, ProofNeeded, Refused, TooMany
from custode.signin import rotating, sealing
from tests.cast import Cast
from tests.emails import postbox
from tests.emails.postbox import Postbox

RIGHT = Wanted("smtp.ferri.example", 587, "starttls", "sales", "hunter-2", "sales@ferri.example")


def test_it_is_set_changed_and_taken_away_with_an_entry_each(ferri: Cast) -> None:
    anna = ferri.actor(ferri.anna)
    assert servers.change(anna, RIGHT)
    kept = servers.of_account()
    assert (kept.host, kept.port, kept.sender) == ("smtp.ferri.example", 587, RIGHT.sender)
    assert "hunter" not in kept.password
    assert sealing.unseal(kept.password) == "hunter-2"
    assert not servers.change(anna, replace(RIGHT, password=""))
    assert servers.change(anna, replace(RIGHT, password="", sender="offers@ferri.example"))
    assert sealing.unseal(servers.of_account().password) == "hunter-2"
    servers.take_away(anna)
    assert not servers.of_account().is_set_up
    assert servers.of_account().password == ""
    entries = LogEntry.objects.filter(verb="account", details__contains='"mail"')
    assert entries.count() == 3
    told = [*entries.values_list("details", flat=True), *LogPerson.objects.values_list("data")]
    assert not [text for text in told if "hunter" in str(text)]
    assert "sales@ferri.example" not in "".join(entries.values_list("details", flat=True))


# What is changed while the password is left empty -> whether it goes on being kept.
CHANGES: list[tuple[dict[str, Any], bool]] = [
    ({}, True),
    ({"sender": "offers@ferri.example"}, True),
    ({"host": "smtp.thief.example"}, False),
    ({"port": 2525}, False),
    ({"security": "tls"}, False),
    ({"username": "somebody"}, False),
]


@pytest.mark.parametrize(("changed", "kept"), CHANGES)
def test_a_password_goes_to_no_other_server(
    ferri: Cast, changed: dict[str, Any], kept: bool
) -> None:
    anna = ferri.actor(ferri.anna)
    servers.change(anna, RIGHT)
    wanted = replace(RIGHT, password="", **changed)
    if kept:
        servers.change(anna, wanted)
    else:
        with pytest.raises(Invalid) as no:
            servers.change(anna, wanted)
        assert no.value.field == "password"
        assert servers.of_account().host == RIGHT.host
    assert sealing.unseal(servers.of_account().password) == "hunter-2"


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"host": ""}, "host"),
    ({"host": "smtp ferri"}, "host"),
    ({"host": "smtp.ferri.example\r\nHELO"}, "host"),
    ({"host": "x" * 254}, "host"),
    ({"port": 0}, "port"),
    ({"port": 65536}, "port"),
    ({"security": "ssl3"}, "security"),
    ({"security": "none"}, "security"),
    ({"username": "a\r\nb"}, "username"),
    ({"username": ""}, "username"),
    ({"password": "a\x00b"}, "password"),
    ({"sender": "sales"}, "sender"),
    ({"sender": "Sales <sales@ferri.example>"}, "sender"),
    ({"sender": "sales@ferri.example\r\nBcc: x@y.example"}, "sender"),
]


@pytest.mark.parametrize(("changed", "field"), WRONG)
def test_what_makes_no_sense_is_told_at_its_field(
    ferri: Cast, changed: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as no:
        servers.change(ferri.actor(ferri.anna), replace(RIGHT, **changed))
    assert no.value.field == field
    assert not MailServer.objects.exists()


def test_only_admins_who_proved_who_they_are_set_it(ferri: Cast) -> None:
    ugo, anna = ferri.actor(ferri.ugo), ferri.actor(ferri.anna)
    with pytest.raises(Refused):
        servers.change(ugo, RIGHT)
    with pytest.raises(ProofNeeded):
        servers.change(replace(anna, proved=False), RIGHT)
    servers.change(anna, RIGHT)
    with pytest.raises(Refused):
        servers.take_away(ugo)
    with pytest.raises(Refused):
        moves.try_server(ugo, ferri.ugo)
    assert LogEntry.objects.filter(verb="account", outcome="refused").count() >= 1
    with scope.account(ferri.lodi.account.pk):
        assert not servers.of_account().is_set_up


@pytest.mark.parametrize("column", ["host", "port", "security", "username", "password", "sender"])
def test_the_database_refuses_to_change_it_by_a_side_door(ferri: Cast, column: str) -> None:
    servers.change(ferri.actor(ferri.anna), RIGHT)
    value = 25 if column == "port" else "none"
    with pytest.raises(DatabaseError), transaction.atomic():
        MailServer.objects.update(**{column: value})
    with pytest.raises(DatabaseError), transaction.atomic(), scope.account(ferri.lodi.account.pk):
        MailServer(**{**asdict(RIGHT), "account_id": ferri.lodi.account.pk}).save()


def test_new_keys_encrypt_its_password_anew(ferri: Cast) -> None:
    servers.change(ferri.actor(ferri.anna), RIGHT)
    before = servers.of_account().password
    assert rotating.rotate() == 1
    after = servers.of_account().password
    assert before != after
    assert sealing.unseal(after) == "hunter-2"
    assert LogEntry.objects.filter(verb="account", details='{"resealed":"mailserver"}').exists()


def test_it_is_tried_by_a_letter_to_whoever_asks(ferri: Cast, box: Postbox) -> None:
    anna = ferri.actor(ferri.anna)
    moves.try_server(anna, ferri.anna)
    assert servers.of_account().test == "waiting"
    for _n in range(2):
        sending.try_server(ferri.ferri.account.pk, ferri.anna.pk)
    (letter,) = box.taken()
    assert (letter["To"], letter["From"]) == ("anna@ferri.example", f"Custode <{postbox.FROM}>")
    assert (servers.of_account().test, servers.of_account().test_why) == ("sent", "")
    postbox.use(anna, box.port, sender="forged@ferri.example")
    assert servers.of_account().test == ""
    moves.try_server(anna, ferri.anna)
    sending.try_server(ferri.ferri.account.pk, ferri.anna.pk)
    failed = servers.of_account()
    assert (failed.test, failed.test_why) == ("failed", "sender")
    assert "553 5.7.1 Sender address rejected" in failed.test_answer


def test_it_is_not_tried_without_end_nor_without_a_server(ferri: Cast) -> None:
    anna = ferri.actor(ferri.anna)
    with pytest.raises(Invalid, match="Set the server up first"):
        moves.try_server(anna, ferri.anna)
    servers.change(anna, RIGHT)
    for _n in range(10):
        moves.try_server(anna, ferri.anna)
    with pytest.raises(TooMany):
        moves.try_server(anna, ferri.anna)
