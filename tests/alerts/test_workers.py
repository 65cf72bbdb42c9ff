"""Alerts by real worker processes and a real mail server: in time, none lost, none twice."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from custode.guard import door
from custode.guard.alerts import judging, letters
from custode.guard.alerts.models import Alert, AlertMail, Delivery
from custode.kernel import scope
from custode.web.security.alerts import letters as sending
from tests.alerts.judged import forget_what_was
from tests.cast import Cast
from tests.emails import postbox
from tests.emails.postbox import Postbox
from tests.jobs import trial
from tests.jobs.processes import until, worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Postbox]:
    """The installation's mail server, for this process and the workers."""
    with postbox.running(tmp_path / "postbox") as running:
        for name, value in (
            ("MAIL_HOST", "127.0.0.1"), ("MAIL_PORT", str(running.port)), ("MAIL_TLS", "none"),
            ("MAIL_FROM", "custode@custode.example"), ("DATA", str(settings.DATA)),
        ):  # fmt: skip
            monkeypatch.setenv(f"CUSTODE_{name}", value)
        monkeypatch.setattr(settings, "HAS_MAIL", True)
        yield running


def delete_many(people: Cast) -> None:
    door.delete(people.actor(people.ugo), [people.lead(None, f"Lead {n}") for n in range(10)])


def subjects(box: Postbox) -> list[str]:
    return [str(message["Subject"]) for message in box.taken()]


def test_a_letter_leaves_within_ten_seconds_though_long_jobs_are_at_work(
    people: Cast, box: Postbox, tmp_path: Path
) -> None:
    forget_what_was(people)
    for n in range(2):
        trial.slow.enqueue(str(tmp_path / f"told {n}"), 30)
    with worker(), worker():
        until(lambda: (tmp_path / "told 0").exists() and (tmp_path / "told 1").exists())
        seen = len(subjects(box))
        delete_many(people)
        began = time.monotonic()
        until(lambda: len(box.taken()) > seen and "deleted many" in subjects(box)[-1])
        assert time.monotonic() - began < 10
        time.sleep(1)
    told = [subject for subject in subjects(box) if "deleted many" in subject]
    assert told == ["Alert: Ugo Conti deleted many at once: 10 in 1 act (Ferri S.p.A.)"]


def test_what_happened_while_no_worker_was_there_is_told_by_the_next(
    people: Cast, box: Postbox
) -> None:
    forget_what_was(people)
    delete_many(people)
    with worker(), worker():
        until(lambda: any("deleted many" in subject for subject in subjects(box)))
        time.sleep(1)
    assert sum("deleted many" in subject for subject in subjects(box)) == 1


def test_killed_at_any_moment_a_worker_loses_no_alert_and_no_letter(
    people: Cast, box: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    forget_what_was(people)
    for pause in (0.9, 1.3, 1.8):
        delete_many(people)
        with worker() as process:
            time.sleep(pause)
            process.kill()
            process.wait()
    # What was being sent when its process died is sent by another, once its time is over.
    monkeypatch.setattr(letters, "LEASE", timedelta(0))
    monkeypatch.setattr(letters, "QUIET", timedelta(0))
    judging.look()
    sending.look()
    with scope.account(people.ferri.account.pk):
        (alert,) = Alert.objects.filter(acknowledged_at=None, rule="many")
        assert (alert.acts, alert.items, alert.untold) == (3, 30, 0)
        assert set(AlertMail.objects.values_list("state", flat=True)) == {Delivery.SENT}
