"""Checkpoints are mailed once a day, to whom the account says, and noted once they have left."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from custode.accounts import anchoring
from custode.exchange.evidence import mailing
from custode.guard import checkpoints, door
from custode.guard.models import LogCheckpoint, LogHead
from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.kernel.errors import Refused
from custode.people import moves as people_moves
from custode.people.models import Role
from tests.cast import Cast


@pytest.fixture
def ferri(ferri: Cast, settings: Any) -> Cast:
    """The cast, in an installation that mails."""
    settings.HAS_MAIL = True
    return ferri


def a_day_passes(ferri: Cast, days: float = 1) -> None:
    """The job looks, so many days from now."""
    with clock.at(clock.now() + timedelta(days=days)):
        mailing.mail_due(Actor.system(ferri.ferri.account.pk, "checkpoints of the log"))


def something_happens(ferri: Cast) -> None:
    door.delete(ferri.actor(ferri.ugo), [ferri.lead(ferri.ugo)])


def set_to(ferri: Cast, to: str, addresses: str = "") -> None:
    assert anchoring.change(ferri.actor(ferri.anna), to, addresses)


def test_off_unless_set(ferri: Cast) -> None:
    a_day_passes(ferri)
    assert mail.outbox == []


def test_all_admins_get_one_in_their_language(ferri: Cast) -> None:
    operator = Actor.operator(ferri.ferri.account.pk)
    people_moves.create(
        operator, first_name="Ada", email="ada@neri.example", role=Role.ADMIN, language="it"
    )
    set_to(ferri, "admins")
    a_day_passes(ferri)
    assert sorted(one.to[0] for one in mail.outbox) == ["ada@neri.example", "anna@ferri.example"]
    head = LogHead.objects.get()
    for one in mail.outbox:
        read = checkpoints.read(str(one.body), ferri.ferri.account.pk)
        assert (read.seq, read.hash) == (head.seq, head.hash)
        assert max(map(len, checkpoints_lines(str(one.body)))) <= 100
    english = next(one for one in mail.outbox if one.to == ["anna@ferri.example"])
    assert english.subject == f"Checkpoint of the log of Ferri S.p.A.: entry {head.seq}"
    noted = LogCheckpoint.objects.get()
    assert (noted.seq, noted.mailed_to) == (head.seq, 2)


def checkpoints_lines(body: str) -> list[str]:
    return body[body.index(checkpoints.BEGIN) :].splitlines()


def test_addresses_outside_get_one(ferri: Cast) -> None:
    set_to(ferri, "addresses", "audit@firm.example, Second@firm.example\naudit@firm.example")
    a_day_passes(ferri)
    assert [one.to for one in mail.outbox] == [["audit@firm.example"], ["second@firm.example"]]


def test_once_a_day_and_only_when_something_was_added(ferri: Cast) -> None:
    set_to(ferri, "admins")
    a_day_passes(ferri)
    a_day_passes(ferri, 2)
    assert len(mail.outbox) == 1
    something_happens(ferri)
    a_day_passes(ferri, 1.5)
    assert len(mail.outbox) == 1
    a_day_passes(ferri, 2)
    assert len(mail.outbox) == 2
    assert LogCheckpoint.objects.count() == 2


def test_one_taken_away_by_hand_keeps_none_from_being_mailed(ferri: Cast) -> None:
    set_to(ferri, "admins")
    checkpoints.note(checkpoints.make(ferri.ferri.account.pk))
    a_day_passes(ferri, 0)
    assert len(mail.outbox) == 1


class HalfBroken(EmailBackend):
    """A mail server that does not take mails to Anna."""

    def send_messages(self, messages: Any) -> int:
        if any("anna" in one.to[0] for one in messages):
            raise OSError("not taken")
        return super().send_messages(messages)


def test_what_no_server_took_is_not_noted(ferri: Cast, settings: Any) -> None:
    set_to(ferri, "admins")
    settings.EMAIL_BACKEND = f"{__name__}.HalfBroken"
    with pytest.raises(OSError, match="not taken"):
        a_day_passes(ferri)
    assert not LogCheckpoint.objects.exists()
    # Tried again, as soon as the job comes round.
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    a_day_passes(ferri)
    assert LogCheckpoint.objects.get().mailed_to == 1


def test_one_address_that_takes_nothing_keeps_no_other_from_it(ferri: Cast, settings: Any) -> None:
    set_to(ferri, "addresses", "anna@ferri.example audit@firm.example")
    settings.EMAIL_BACKEND = f"{__name__}.HalfBroken"
    a_day_passes(ferri)
    assert [one.to for one in mail.outbox] == [["audit@firm.example"]]
    assert LogCheckpoint.objects.get().mailed_to == 1


def test_without_a_mail_server_none_is_noted(ferri: Cast, settings: Any) -> None:
    set_to(ferri, "admins")
    settings.HAS_MAIL = False
    a_day_passes(ferri)
    assert mail.outbox == []
    assert not LogCheckpoint.objects.exists()


def test_only_admins_of_dream_team_set_it(ferri: Cast) -> None:
    with pytest.raises(Refused, match="Only admins"):
        anchoring.change(ferri.actor(ferri.ugo), "admins")
    with pytest.raises(Refused, match="Dream Team"):
        anchoring.change(ferri.actor(ferri.carla), "admins")
