"""The pages of alert rules: made, changed, switched and removed, and what is not taken."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from custode.guard.alerts.models import AlertRule
from custode.guard.models import LogEntry
from custode.kernel import scope
from custode.people import alerting
from custode.people import moves as people_moves
from custode.people.alerting import Wanted
from custode.people.models import Role
from tests.cast import Cast, person
from tests.web.security.telling import told

RULES = "/security/alerts/rules/"
ComeIn = Callable[..., Client]
FORM = {
    "name": "Lists that go",
    "acts": ["delete", "purge"],
    "outcome": "done",
    "counts": "objects",
    "at_least": "3",
    "within": "15",
    "by": "users",
    "kinds": ["prospecting_list"],
}


def test_a_rule_is_made_changed_switched_and_removed(calm: Cast, come_in: ComeIn) -> None:
    anna = come_in(calm.anna)
    anna.get("/proof/")
    answer = anna.post(f"{RULES}new/", {**FORM, "recipients": calm.anna.pk}, follow=True)
    page = answer.content.decode()
    assert "Lists that go" in page
    assert (
        "From 3 objects within 15 minutes, by users who are not admins · told: Anna Ferri" in page
    )
    with scope.account(calm.ferri.account.pk):
        row = AlertRule.objects.get()
    anna.post(f"{RULES}{row.pk}/", {**FORM, "at_least": "1", "counts": "acts", "within": "0"})
    assert "Each act, by users who are not admins · told: all admins" in (
        anna.get(RULES).content.decode()
    )
    anna.post(f"{RULES}{row.pk}/switch/", {"on": "0"})
    with scope.account(calm.ferri.account.pk):
        assert AlertRule.objects.get().is_on is False
    anna.post(f"{RULES}{row.pk}/switch/", {"on": "1"})
    anna.post(f"{RULES}{row.pk}/remove/")
    assert "Lists that go" not in anna.get(RULES).content.decode().split("toast")[0]
    assert anna.get(f"{RULES}{row.pk}/").status_code == 404
    assert [words for words, _colour in told(anna.get("/security/actions/"))][:5] == [
        "Anna Ferri removed the alert rule “Lists that go”.",
        "Anna Ferri switched on the alert rule “Lists that go”.",
        "Anna Ferri switched off the alert rule “Lists that go”.",
        "Anna Ferri changed the alert rule “Lists that go”.",
        "Anna Ferri made the alert rule “Lists that go”.",
    ]


def test_a_standard_rule_keeps_what_it_is_about(calm: Cast, come_in: ComeIn) -> None:
    anna = come_in(calm.anna)
    sent = {"at_least": "7", "within": "5", "by": f"one:{calm.ugo.pk}", "acts": ["delete"],
            "outcome": "refused", "counts": "acts", "name": "Mine"}  # fmt: skip
    assert anna.post(f"{RULES}exports/", sent).status_code == 302
    with scope.account(calm.ferri.account.pk):
        rule = alerting.of_account(calm.ferri.account.pk)["exports"]
    assert (rule.at_least, rule.within, rule.by, rule.by_id) == (7, 5, "one", calm.ugo.pk)
    assert (sorted(rule.acts), rule.outcome.value, rule.counts.value, rule.name) == (
        ["export"], "done", "objects", "",
    )  # fmt: skip


# What is wrong in the form -> what is said.
WRONG = {
    "name": ("", "Give the rule a name"),
    "at_least": ("many", "Write a whole number"),
    "within": ("", "Write a whole number"),
    "by": ("one:0", "Choose the user"),
    "recipients": ("1000000", "Choose admins who can be written to"),
    "acts": ("dance", "Choose from the acts"),
    "kinds": ("elephant", "Choose from the kinds"),
}


@pytest.mark.parametrize("field", WRONG)
def test_a_mistake_is_named_at_its_field(calm: Cast, come_in: ComeIn, field: str) -> None:
    value, says = WRONG[field]
    answer = come_in(calm.anna).post(f"{RULES}new/", {**FORM, field: value})
    assert answer.status_code == 422
    assert says in answer.context["mistakes"][field]
    assert says in answer.content.decode()
    with scope.account(calm.ferri.account.pk):
        assert not AlertRule.objects.exists()


def test_an_admin_who_was_one_is_no_obstacle_to_switching(calm: Cast, come_in: ComeIn) -> None:
    eva = person(calm.ferri, "Eva", "Neri", Role.ADMIN)
    with scope.account(calm.ferri.account.pk):
        rule = alerting.of_account(calm.ferri.account.pk)["purge"]
        alerting.change(calm.actor(calm.anna), rule, Wanted.of(rule, recipients=(eva.pk,)))
    people_moves.set_role(calm.actor(calm.anna), eva, Role.USER)
    answer = come_in(calm.anna).post(f"{RULES}purge/switch/", {"on": "0"})
    assert answer.status_code == 302
    with scope.account(calm.ferri.account.pk):
        assert alerting.of_account(calm.ferri.account.pk)["purge"].is_on is False
        assert LogEntry.objects.latest("seq").verb == "account"
