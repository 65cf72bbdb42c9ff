"""Which acts raise an alert as an account comes, and as it has set its rules: tables by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from custode.accounts import moves as account_moves
from custode.accounts.editions import Edition
from custode.activities import moves as comment_moves
from custode.guard import door
from custode.guard.alerts import facts, judging
from custode.guard.alerts.models import Alert, AlertRule, Watched
from custode.guard.models import LogEntry
from custode.kernel import clock, scope
from custode.leads.models import Lead
from custode.people import alerting
from custode.people.alerting import Wanted
from custode.people.models import Role
from custode.signin import factors
from tests.alerts.acts import (
    added_admin,
    added_user,
    broken_off,
    days_of_the_trash,
    disabled_admin,
    disabled_user,
    exported,
    factor_removed,
    guessed,
    locks_put_back,
    made_admin,
    refused,
    refused_and_summed_up,
    switched_off,
    threshold,
    ticked,
    took_the_role,
)
from tests.alerts.judged import forget_what_was, judge, opened, purged, set_rule
from tests.cast import Cast, company, person

# What was done -> the alerts it raised.
RAISED: dict[str, tuple[Callable[[Cast], None], list[str]]] = {
    "Ugo exports 99 leads": (exported("ugo", 99), []),
    "Ugo exports 100 leads": (exported("ugo", 100), ["exports"]),
    "Anna, an admin, exports 100 leads": (exported("anna", 100), []),
    "a user becomes an admin": (made_admin, ["made_admin"]),
    "an admin is added": (added_admin, ["made_admin"]),
    "a user is added": (added_user, []),
    "an admin becomes a user": (took_the_role, ["lost_admin"]),
    "an admin is disabled": (disabled_admin, ["lost_admin"]),
    "a user is disabled": (disabled_user, []),
    "something is purged": (purged, ["purge"]),
    "a rule is ticked": (ticked, ["privacy"]),
    "four refusals": (refused(4), []),
    "five refusals": (refused(5), ["refusals"]),
    "six refusals in a minute": (refused_and_summed_up, ["refusals"]),
    "a password is guessed": (guessed, ["guessing"]),
    "a second factor is taken away": (factor_removed, ["two_factor_off"]),
    "the threshold is raised": (threshold, ["watch"]),
    "an alert rule is switched off": (switched_off, ["watch"]),
    "locks did not stand": (locks_put_back, ["watch"]),
    "the days of the trash are set": (days_of_the_trash, []),
}


@pytest.mark.parametrize("what", RAISED)
def test_as_an_account_comes(calm: Cast, what: str) -> None:
    act, rules = RAISED[what]
    act(calm)
    judge(calm)
    assert [rule for rule, _acts, _items in opened()] == rules


def test_an_export_broken_off_counts_what_had_gone(calm: Cast) -> None:
    set_rule(calm, "exports", at_least=7)
    judge(calm)
    broken_off(calm)
    judge(calm)
    assert ("exports", 1, 7) in opened()


def test_what_left_with_exported_rows_counts_as_rows(calm: Cast) -> None:
    """An export of three leads with all that was said about them is no small one."""
    ugo = calm.actor(calm.ugo)
    set_rule(calm, "exports", at_least=9, within=60)
    for n in range(3):
        lead = calm.lead(calm.ugo, f"Lead {n}")
        for _n in range(2):
            comment_moves.write(ugo, lead, "They want to be called on Monday")
    with scope.account(calm.ferri.account.pk):
        leaving = door.export(ugo, Lead.objects.all(), format="csv", along=["comment"])
        list(leaving.rows())
        list(leaving.along[0].pages())
        door.authorize_download(ugo, leaving.seq, "lead", 3, along={"comment": 6})
    judge(calm)
    # The file that was made, and its download: what the file holds is counted once.
    assert ("exports", 2, 9) in opened()


def test_exports_are_added_up_within_the_hour(calm: Cast) -> None:
    set_rule(calm, "exports", at_least=6, within=60)
    for n in range(3):
        calm.lead(calm.ugo, f"Lead {n}")
    ugo = calm.actor(calm.ugo)
    for _ in range(2):
        list(door.export(ugo, Lead.objects.all(), format="csv").rows())
    judge(calm)
    assert ("exports", 2, 6) in opened()


def test_a_downloaded_file_was_counted_when_it_was_made(calm: Cast) -> None:
    set_rule(calm, "exports", at_least=8, within=60)
    for n in range(5):
        calm.lead(calm.ugo, f"Lead {n}")
    made = door.export(calm.actor(calm.ugo), Lead.objects.all(), format="csv")
    list(made.rows())
    door.authorize_download(calm.actor(calm.ugo), made.seq, "lead", 5)
    judge(calm)
    assert "exports" not in [rule for rule, _acts, _items in opened()]


def test_one_act_that_meets_several_rules_is_one_alert(calm: Cast) -> None:
    for n in range(2):
        own = Wanted(f"Own {n}", acts=("delete",), kinds=("lead",))
        alerting.add(calm.actor(calm.anna), own)
    forget_what_was(calm)
    door.delete(calm.actor(calm.ugo), [calm.lead(calm.ugo, f"Lead {n}") for n in range(10)])
    judge(calm)
    assert opened() == [("many", 1, 10)]
    alert = Alert.objects.get(acknowledged_at=None)
    own_keys = [
        str(pk) for pk in AlertRule.objects.filter(standard="").values_list("pk", flat=True)
    ]
    assert alert.keys == ["many", *own_keys]


# An own rule -> whose deletion of a lead it notices.
WHOSE = {
    "anybody": {"anna", "ugo", "bruna"},
    "users": {"ugo", "bruna"},
    "admins": {"anna"},
    "applications": set(),
    "one": {"ugo"},
}


@pytest.mark.parametrize("by", WHOSE)
def test_whose_acts_an_own_rule_is_about(calm: Cast, by: str) -> None:
    own = Wanted("Own", acts=("delete",), by=by, by_id=calm.ugo.pk if by == "one" else None)
    key = str(alerting.add(calm.actor(calm.anna), own).pk)
    found = set()
    for who in ("anna", "ugo", "bruna"):
        user = getattr(calm, who)
        door.delete(calm.actor(user), [calm.lead(user)])
        judge(calm)
        if Alert.objects.filter(rule=key, actor_id=user.pk).exists():
            found.add(who)
    assert found == WHOSE[by]


def test_a_new_accounts_first_admin_is_no_news(db: None) -> None:
    young = company("Nuova S.r.l.", Edition.DREAM_TEAM)
    with scope.account(young.account.pk):
        person(young, "Ada", "Nuova", Role.ADMIN)
        judging.judge(young.account.pk)
        assert not Alert.objects.exists()
        person(young, "Eva", "Seconda", Role.ADMIN)
        judging.judge(young.account.pk)
        assert opened() == [("made_admin", 1, 1)]


def test_nothing_is_judged_twice(calm: Cast) -> None:
    purged(calm)
    judge(calm)
    judge(calm)
    assert opened() == [("purge", 1, 1)]
    assert Watched.objects.get().seq == LogEntry.objects.latest("seq").seq


def test_each_accounts_alerts_are_its_own(calm: Cast) -> None:
    purged(calm)
    assert judging.look() > 0
    with scope.account(calm.lodi.account.pk):
        assert not Alert.objects.exists()
    assert opened() == [("purge", 1, 1)]
    assert not factors.are_on(calm.ugo)


def test_one_account_that_cannot_be_judged_holds_up_no_other(
    calm: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged = judging.judge

    def fails_for_the_first(account_id: int) -> int:
        if account_id == min(calm.ferri.account.pk, calm.lodi.account.pk):
            raise RuntimeError("broken")
        return judged(account_id)

    judging.judge(calm.lodi.account.pk)
    for who in (calm.anna, calm.carla):
        with scope.account(who.account_id):
            account_moves.set_trash_days(calm.actor(who), 61)
    monkeypatch.setattr(judging, "judge", fails_for_the_first)
    with pytest.raises(RuntimeError):
        judging.look()
    last = max(calm.ferri.account.pk, calm.lodi.account.pk)
    with scope.account(last):
        assert Watched.objects.get().seq == LogEntry.objects.latest("seq").seq


@pytest.mark.parametrize("details", ["", "{", "[]", "7"])
def test_an_entry_that_cannot_be_read_stops_nothing(calm: Cast, details: str) -> None:
    (fact,) = facts.read([LogEntry(
        account_id=calm.ferri.account.pk, seq=1, at=clock.now(), verb="purge", outcome="done",
        count=3, actor_kind="user", actor_id=calm.anna.pk, details=details,
    )])  # fmt: skip
    assert (fact.acts, fact.items, fact.by_admin) == (frozenset({"purge"}), 3, True)
