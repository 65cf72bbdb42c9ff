"""Letters about alerts: to whom, when, how often, in which language, and what they say."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from custode.guard import door
from custode.guard.alerts import letters
from custode.guard.alerts.models import Alert
from custode.kernel import clock, scope
from custode.kernel.actor import Actor, Origin
from custode.kernel.errors import Refused
from custode.people import alerting
from custode.people import moves as people_moves
from custode.people.alerting import Wanted
from custode.people.models import Role, User
from custode.signin import leaving
from custode.web.security.alerts import letters as sending
from tests.alerts.judged import delete_many, forget_what_was, judge, sent, set_rule
from tests.cast import Cast, person

OFFICE = Origin(
    ip="93.40.12.7",
    device="Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/142.0.0.0 Safari/537.36",
)


@pytest.fixture(autouse=True)
def _mail(settings: Any) -> None:
    settings.HAS_MAIL = True


@pytest.fixture
def eva(calm: Cast) -> User:
    """A second admin of Ferri's, of whom everybody has heard."""
    made = person(calm.ferri, "Eva", "Neri", Role.ADMIN)
    forget_what_was(calm)
    sent()
    return made


def test_where_no_letter_is_due_the_worker_asks_once_a_second_and_not_fifty_times(
    calm: Cast, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        assert sending.look() == 0


def recipients(messages: list[Any]) -> list[str]:
    return sorted(address for message in messages for address in message.to)


def test_a_letter_says_what_who_where_and_where_to_look(calm: Cast, settings: Any) -> None:
    sent()
    delete_many(calm, replace(calm.actor(calm.ugo), origin=OFFICE))
    (letter,) = sent()
    alert = Alert.objects.get(acknowledged_at=None)
    assert letter.to == ["anna@ferri.example"]
    assert letter.subject == (
        "Alert: Ugo Conti deleted many at once: 10 in 1 act (Ferri S.p.A.)"
    )  # fmt: skip
    for words in (
        "Hello Anna,", "* Ugo Conti deleted many at once: 10 in 1 act.",
        "  - Ugo Conti deleted 10 leads. (", "Chrome on Windows, 93.40.12.7)",
        "Rule: Many were deleted at once",
        f"{settings.URL}/security/actions/?alert={alert.pk}\n",
        f"{settings.URL}/security/alerts/\n",
    ):  # fmt: skip
        assert words in letter.body
    assert "<b>" not in letter.body
    assert "&" not in letter.body
    assert sent() == []


def test_a_letter_is_in_its_readers_language(calm: Cast, eva: User) -> None:
    User.objects.filter(pk=eva.pk).update(language="it")
    delete_many(calm)
    by_address = {message.to[0]: message for message in sent()}
    assert "Hello Anna," in by_address["anna@ferri.example"].body
    italian = by_address["eva@neri.example"]
    assert "Ciao Eva," in italian.body
    assert "Ugo Conti ha eliminato 10 opportunità." in italian.body
    assert not re.search(r"\b(Alert|Rule|deleted|Acknowledge)\b", italian.subject + italian.body)


# Who is told by the rule -> to whom it goes.
TOLD = {
    (): ["anna@ferri.example", "eva@neri.example"],
    ("eva",): ["eva@neri.example"],
    ("anna",): ["anna@ferri.example"],
}


@pytest.mark.parametrize("named", TOLD)
def test_who_is_told(calm: Cast, eva: User, named: tuple[str, ...]) -> None:
    users = {"eva": eva.pk, "anna": calm.anna.pk}
    if named:
        set_rule(calm, "many", recipients=tuple(users[name] for name in named))
        forget_what_was(calm)
        sent()
    delete_many(calm)
    assert recipients(sent()) == TOLD[named]


def test_when_nobody_is_left_who_was_named_all_admins_are_told(calm: Cast, eva: User) -> None:
    set_rule(calm, "many", recipients=(eva.pk,))
    leaving.disable(calm.actor(calm.anna), eva)
    forget_what_was(calm)
    sent()
    delete_many(calm)
    assert recipients(sent()) == ["anna@ferri.example"]


def test_the_alert_about_the_alerts_goes_to_all_admins_the_one_who_did_it_too(
    calm: Cast, eva: User
) -> None:
    set_rule(calm, "many", is_on=False, recipients=(calm.anna.pk,))
    judge(calm)
    messages = sent()
    assert recipients(messages) == ["anna@ferri.example", "eva@neri.example"]
    assert "Anna Ferri switched off the alert rule" in messages[0].body or (
        "Anna Ferri changed the alert rule" in messages[0].body
    )


def test_who_acknowledges_at_once_hides_nothing(calm: Cast, eva: User) -> None:
    door.delete(calm.actor(calm.anna), [calm.lead(calm.ugo, f"Lead {n}") for n in range(10)])
    judge(calm)
    alerting.acknowledge(calm.actor(calm.anna), [Alert.objects.latest("pk").pk], "Nothing")
    messages = sent()
    assert "eva@neri.example" in recipients(messages)
    assert "Acknowledged by Anna Ferri" in messages[0].body


def test_a_storm_is_one_letter_and_later_one_that_sums_up(calm: Cast) -> None:
    sent()
    start = clock.now()
    with clock.at(start):
        delete_many(calm)
        assert len(sent()) == 1
    for n in range(1, 20):
        with clock.at(start + timedelta(seconds=10 * n)):
            delete_many(calm, many=1)
            assert sent() == []
    with clock.at(start + letters.QUIET - timedelta(seconds=1)):
        judge(calm)
        assert sent() == []
    with clock.at(start + letters.QUIET):
        judge(calm)
        (letter,) = sent()
        assert "Since the last message: 19 acts." in letter.body
        assert "and 10 more" in letter.body
        judge(calm)
        assert sent() == []


def test_many_people_at_once_are_a_few_letters_and_one_that_has_the_rest(calm: Cast) -> None:
    sent()
    start, gone = clock.now(), []
    made = Actor.operator(calm.ferri.account.pk)
    people = [people_moves.create(made, first_name=f"Ada {n}") for n in range(8)]
    for n, user in enumerate(people):
        with clock.at(start + timedelta(seconds=n)):
            delete_many(calm, calm.actor(user))
            gone += sent()
    assert len(gone) == letters.AT_ONCE
    with clock.at(start + letters.QUIET + timedelta(seconds=1)):
        judge(calm)
        (rest,) = sent()
    assert rest.subject == "5 alerts (Ferri S.p.A.)"
    told = "".join(message.body for message in (*gone, rest))
    assert all(f"* Ada {n} deleted many at once" in told for n in range(8))


def test_one_act_that_meets_two_rules_is_one_letter(calm: Cast) -> None:
    alerting.add(calm.actor(calm.anna), Wanted("Leads that go", acts=("delete",)))
    forget_what_was(calm)
    sent()
    delete_many(calm)
    (letter,) = sent()
    assert "Rules: Many were deleted at once, Leads that go" in letter.body


def test_without_mail_alerts_stand_on_the_screen_and_are_never_mailed(
    calm: Cast, settings: Any
) -> None:
    settings.HAS_MAIL = False
    delete_many(calm)
    assert Alert.objects.filter(acknowledged_at=None).count() == 1
    settings.HAS_MAIL = True
    with clock.at(clock.now() + timedelta(hours=1)):
        judge(calm)
        assert sent() == []


def test_an_admin_who_is_none_any_more_gets_no_letter(calm: Cast, eva: User) -> None:
    delete_many(calm)
    people_moves.set_role(calm.actor(calm.anna), eva, Role.USER)
    assert recipients(sent()) == ["anna@ferri.example"]


def test_nobodys_name_writes_a_line_of_its_own(calm: Cast) -> None:
    sent()
    name = "Eve\nSubject: Hello\n* Anna Ferri did it"
    with scope.account(calm.ferri.account.pk):
        eve = people_moves.create(Actor.operator(calm.ferri.account.pk), first_name="Eve")
    delete_many(calm, replace(calm.actor(eve), name=name))
    (letter,) = sent()
    assert "\n" not in letter.subject
    assert not [line for line in letter.body.splitlines() if line.startswith("* Anna")]


def test_refusals_are_told(calm: Cast) -> None:
    sent()
    start = clock.now()
    for n in range(5):
        with clock.at(start + timedelta(minutes=n * 1.5)), pytest.raises(Refused):
            door.delete(calm.actor(calm.ugo), [calm.lead(calm.bruna)])
    judge(calm)
    (letter,) = sent()
    assert letter.subject == "Alert: Ugo Conti was refused 5 times (Ferri S.p.A.)"


def test_an_address_that_was_not_confirmed_is_told_nothing(calm: Cast) -> None:
    waiting = people_moves.create(
        calm.actor(calm.anna), first_name="Dino", email="dino@rota.example", role=Role.ADMIN
    )
    assert (waiting.email, waiting.pending_email) == (None, "dino@rota.example")
    forget_what_was(calm)
    sent()
    delete_many(calm)
    assert recipients(sent()) == ["anna@ferri.example"]
