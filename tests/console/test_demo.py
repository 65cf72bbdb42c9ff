"""What the demo shows: people of each role, leads in every state, a trash and a log that tell."""

from __future__ import annotations

import random
from datetime import timedelta
from ipaddress import ip_address, ip_network

import pytest

from custode.accounts.models import Account
from custode.activities.emails.models import Email, EmailTemplate, MailServer
from custode.clients.models import ClientFolder
from custode.console.demo import filling, inventing, watching
from custode.fields import values
from custode.guard import log
from custode.guard.alerts.models import Alert
from custode.guard.models import LogEntry, TrashEntry, TrashState
from custode.kernel import clock, scope
from custode.kernel.errors import Invalid
from custode.leads.models import Lead, Pipeline, Status
from custode.people.models import User
from custode.signin.models import Ended, Session
from custode.signin.sessions import queries
from custode.signin.sessions.queries import State
from custode.signin.sessions.store import SessionStore, digest
from tests.cast import Cast, leave

FOR_EXAMPLES = [ip_network(net) for net in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")]

pytestmark = [pytest.mark.django_db, pytest.mark.dealt]


@pytest.fixture(scope="module")
def filled(ground: Cast) -> list[Account]:
    """The demo's two accounts, and no others."""
    leave()
    assert not filling.is_there()
    filling.fill()
    assert filling.is_there()
    return list(Account.objects.order_by("pk"))


def test_it_shows_everything(filled: list[Account]) -> None:
    officine, lume = filled
    assert (officine.edition, lume.edition) == ("dream_team", "sales_essentials")
    today = clock.now().date()
    with scope.account(officine.pk):
        assert Pipeline.objects.count() == 3
        assert 250 < Lead.objects.count() < 350
        assert set(Lead.objects.values_list("status", flat=True)) == set(Status.values)
        assert User.objects.filter(role="admin").count() == 2
        assert User.objects.filter(role="user", email__isnull=False).count() == 4
        assert User.objects.filter(email__isnull=True).count() == 1
        reminders = Lead.objects.filter(status=Status.TODO, remind_date__isnull=False)
        assert reminders.filter(remind_date__lt=today).exists()
        assert reminders.filter(remind_date=today).exists()
        assert reminders.filter(remind_date__gt=today).exists()
        assert Lead.objects.filter(tags__isnull=False).exists()
        assert Lead.objects.filter(owner__isnull=True).exists()
        assert Lead.objects.filter(created_at__lt=clock.now() - timedelta(days=90)).exists()
        own = [values.lines("lead", lead.field_values) for lead in Lead.objects.all()[:40]]
        for name in ("Partita IVA", "PEC", "Settore"):
            assert any(name in one for one in own)
        folders = ClientFolder.objects.all()
        assert any("PEC" in values.lines("client_folder", one.field_values) for one in folders)
        in_the_trash = TrashEntry.objects.filter(state=TrashState.TRASHED).count()
        assert in_the_trash == 3 + watching.MANY
        still_open = Alert.objects.filter(acknowledged_at=None).order_by("rule")
        assert list(still_open.values_list("rule", flat=True)) == ["exports", "many", "privacy"]
        assert Alert.objects.exclude(acknowledged_at=None).exists()
        assert LogEntry.objects.get(outcome="refused").verb == "export"
        times = list(LogEntry.objects.order_by("seq").values_list("at", flat=True))
        assert times == sorted(times), "the log goes back in time"
        assert list(log.verify(officine.pk)) == []
        assert EmailTemplate.objects.count() == 2
        ended = {"sent", "failed", "perhaps"}
        assert set(Email.objects.values_list("state", flat=True)) == ended
        # Nothing leaves: no server has such a name (RFC 2606).
        assert MailServer.objects.get().host.endswith(".example")
    with scope.account(lume.pk):
        assert Lead.objects.count() == 24
    assert len(filling.who_can_sign_in()) == 8


def test_its_people_are_in_and_were_before(filled: list[Account]) -> None:
    officine, lume = filled
    for account, most in ((officine, 150), (lume, 50)):
        with scope.account(account.pk):
            rows = list(Session.objects.select_related("user").order_by("pk"))
            by_user = {user: [row for row in rows if row.user == user] for user in people(account)}
            now = queries.in_state(queries.all_of(account), account, State.CURRENT)
            assert now.exists()
        assert len(rows) < most
        assert [row.started_at for row in rows] == sorted(row.started_at for row in rows)
        for mine in by_user.values():
            assert {row.form for row in mine} >= {"desktop"}
            assert len({row.form for row in mine}) > 1
            assert any(row.ended_at for row in mine)
        for row in rows:
            assert row.started_at <= row.seen_at <= (row.ended_at or clock.now())
            assert any(ip_address(row.ip) in net for net in FOR_EXAMPLES)
    with scope.account(officine.pk):
        ends = set(Session.objects.exclude(ended_why="").values_list("ended_why", flat=True))
        assert len(ends) >= 6
        assert Ended.NOT_ME in ends
        assert Session.objects.filter(ended_by="Anna Bellini").count() == 1


def people(account: Account) -> list[User]:
    """Who can sign in."""
    return list(User.objects.filter(account=account, email__isnull=False))


def test_what_was_done_on_a_screen_was_done_in_a_session(filled: list[Account]) -> None:
    with scope.account(filled[0].pk):
        acts = LogEntry.objects.filter(entrance="web")
        assert acts.count() >= 7
        for act in acts:
            row = Session.objects.get(pk=int(act.session))
            assert row.user_id == act.actor_id
            assert row.started_at <= act.at <= row.seen_at


def test_nobody_comes_in_by_a_session_of_the_demo(filled: list[Account]) -> None:
    # A cookie's value ends with 43 random characters; these digests are of other texts.
    told = {digest(f"a demo's session, {number}") for number in range(300)}
    with scope.everywhere("a test looks at all"):
        assert set(Session.objects.values_list("digest", flat=True)) <= told
    assert SessionStore("a demo's session, 1").signed_in() is None


def test_its_people_can_sign_in(filled: list[Account]) -> None:
    with scope.account(filled[0].pk):
        assert User.objects.get(email="anna@demo.example").check_password(filling.PASSWORD)


def test_half_a_demo_is_told(filled: list[Account], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "LAST", ("Studio Lume", 1000))
    with pytest.raises(Invalid, match="interrupted"):
        filling.is_there()


def test_it_is_always_the_same() -> None:
    first, second = (
        [inventing.lead(random.Random(7), name) for name in ("Vendite", "Export")] for _ in range(2)
    )
    assert first == second


def test_numbers_and_addresses_belong_to_nobody() -> None:
    chance = random.Random(1)
    for _ in range(200):
        number = inventing.vat(chance)
        digits = [int(c) for c in number]
        doubled = [d if i % 2 == 0 else d * 2 - 9 * (d > 4) for i, d in enumerate(digits)]
        assert sum(doubled) % 10 == 0
        assert number[7:10] == "999", "an office that there is"
        told = inventing.lead(chance, "Vendite").description
        for word in told.split():
            if "@" in word:
                assert word.endswith(".example")
