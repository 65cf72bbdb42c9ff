"""Which acts raise an alert as an account comes, and as it has set its rules: tables by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from custode.accounts import moves as account_moves
from custode.accounts.editions import Edition
from custode.activities import moves as comment_moves
from custode.guard import door, refusals
from custode.guard.alerts import facts, judging
from custode.guard.alerts.models import Alert, AlertRule, Watched
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry
from custode.kernel import clock, scope
from custode.kernel.actor import Actor
from custode.kernel.errors import Refused
from custode.leads.models import Lead
from custode.people import alerting
from custode.people import moves as people_moves
from custode.people.alerting import Wanted
from custode.people.models import Role
from custode.signin import factors, guessing, leaving
from custode.signin.factors import moves as factor_moves
from tests.alerts.judged import forget_what_was, judge, opened, purged, set_rule
from tests.cast import Cast, company, person


def exported(who: str, rows: int) -> Callable[[Cast], None]:
    """Somebody exports so many leads."""

    def act(cast: Cast) -> None:
        for n in range(rows):
            cast.lead(cast.ugo, f"Lead {n}")
        list(door.export(cast.actor(getattr(cast, who)), Lead.objects.all(), format="csv").rows())

    return act


def broken_off(cast: Cast) -> None:
    """Ugo breaks an export off when nearly all rows have gone."""
    for n in range(7):
        cast.lead(cast.ugo, f"Lead {n}")
    rows = door.export(cast.actor(cast.ugo), Lead.objects.all(), format="csv")
    pages = rows.pages()
    next(pages)
    rows.close()
    del pages


def made_admin(cast: Cast) -> None:
    people_moves.set_role(cast.actor(cast.anna), cast.bruna, Role.ADMIN)


def added_admin(cast: Cast) -> None:
    people_moves.create(cast.actor(cast.anna), first_name="Dino", role=Role.ADMIN)


def added_user(cast: Cast) -> None:
    people_moves.create(cast.actor(cast.anna), first_name="Dino")


def took_the_role(cast: Cast) -> None:
    made_admin(cast)
    judge(cast)
    alerting.acknowledge(cast.actor(cast.anna), Alert.objects.values_list("pk", flat=True))
    people_moves.set_role(cast.actor(cast.anna), cast.bruna, Role.USER)


def disabled_admin(cast: Cast) -> None:
    made_admin(cast)
    judge(cast)
    alerting.acknowledge(cast.actor(cast.anna), Alert.objects.values_list("pk", flat=True))
    leaving.disable(cast.actor(cast.anna), cast.bruna)


def disabled_user(cast: Cast) -> None:
    leaving.disable(cast.actor(cast.anna), cast.ugo)


def ticked(cast: Cast) -> None:
    account_moves.set_privacy(cast.actor(cast.anna), Verb.EXPORT, "lead", True)


def refused(times: int) -> Callable[[Cast], None]:
    """Ugo tries so many times what he may not, each in a minute of its own."""

    def act(cast: Cast) -> None:
        start = clock.now() - timedelta(minutes=9)
        for n in range(times):
            with clock.at(start + timedelta(minutes=2 * n)), pytest.raises(Refused):
                door.delete(cast.actor(cast.ugo), [cast.lead(cast.bruna)])

    return act


def refused_and_summed_up(cast: Cast) -> None:
    """Ugo tries the same six times within a minute: one entry, and one that sums up."""
    lead = cast.lead(cast.bruna)
    for _ in range(6):
        with pytest.raises(Refused):
            door.delete(cast.actor(cast.ugo), [lead])
    with clock.at(clock.now() + timedelta(minutes=2)):
        refusals.close_windows(Actor.system(cast.ferri.account.pk, "test"))


def guessed(cast: Cast) -> None:
    guessing.tell(cast.ugo, guessing.PASSWORD, replace(cast.actor(cast.ugo).origin, ip="192.0.2.1"))


def threshold(cast: Cast) -> None:
    account_moves.set_numbers(cast.actor(cast.anna), {"many_count": 1000})


def days_of_the_trash(cast: Cast) -> None:
    account_moves.set_trash_days(cast.actor(cast.anna), 60)


def locks_put_back(cast: Cast) -> None:
    operator = Actor.operator(cast.ferri.account.pk)
    with door.deed(operator, Verb.ACCOUNT, details={"locks": ["custode_x"]}):
        pass


def switched_off(cast: Cast) -> None:
    set_rule(cast, "exports", is_on=False)


def factor_removed(cast: Cast) -> None:
    factor_moves.deactivate(cast.actor(cast.anna), cast.ugo)


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
        door.hand_over(ugo, leaving.seq, "lead", 3, along={"comment": 6})
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
    door.hand_over(calm.actor(calm.ugo), made.seq, "lead", 5)
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
