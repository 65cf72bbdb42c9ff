"""A worker killed in the middle leaves "perhaps sent", and nothing is sent twice by itself."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from custode.activities.emails import moves, outbox
from custode.activities.emails.models import Email, State, Why
from custode.activities.periodic import _look_after_emails
from custode.kernel import scope
from custode.kernel.actor import Actor
from tests.cast import Cast
from tests.emails import postbox
from tests.emails.postbox import Postbox
from tests.jobs.processes import until, worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def email_of(people: Cast, to: str, box: Postbox) -> Email:
    """Ugo's e-mail, on its way."""
    postbox.use(people.actor(people.anna), box.port)
    lead = people.lead(people.ugo)
    draft = moves.Draft(to=to, copies="", subject="Offer", text="Here", token="0" * 32)
    return moves.write(people.actor(people.ugo), lead, draft)


def state(email: Email) -> str:
    email.refresh_from_db()
    return email.state


@pytest.fixture
def _workers_may(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CUSTODE_ACCOUNT_MAIL_PRIVATE", "yes")
    monkeypatch.setenv("CUSTODE_DATA", str(settings.DATA))


@pytest.mark.usefixtures("_workers_may")
def test_killed_between_handing_over_and_the_answer(
    people: Cast, server: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    with scope.account(people.ferri.account.pk):
        email = email_of(people, "hang@rossi.example", server)
        with worker() as process:
            until(lambda: len(server.taken()) == 1)
            process.kill()
            process.wait()
        assert state(email) == State.SENDING
        with worker():
            # The job comes back to a living worker, which finds that somebody was at it.
            until(lambda: not _is_running())
        assert (state(email), len(server.taken())) == (State.SENDING, 1)
        monkeypatch.setattr(outbox, "LEASE", timedelta(0))
        _look_after_emails(Actor.system(email.account_id, "test"))
        assert (state(email), email.why, email.tries) == (State.PERHAPS, Why.CUT_OFF, 1)
        _look_after_emails(Actor.system(email.account_id, "test"))
        assert (state(email), len(server.taken())) == (State.PERHAPS, 1)
        moves.mark_sent(people.actor(people.ugo), email, tries=1)
        assert state(email) == State.SENT


@pytest.mark.usefixtures("_workers_may")
def test_a_worker_sends_what_waits_and_notes_it(people: Cast, server: Postbox) -> None:
    with scope.account(people.ferri.account.pk):
        before = len(server.taken())
        email = email_of(people, "mario@rossi.example", server)
        with worker(), worker():
            until(lambda: state(email) == State.SENT)
        assert len(server.taken()) == before + 1


def _is_running() -> bool:
    jobs = DBTaskResult.objects.filter(task_path__endswith="send_email")
    return jobs.exclude(status=TaskResultStatus.SUCCESSFUL).exists()
