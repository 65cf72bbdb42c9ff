"""Who may do what, as a table written by hand from the seed's sentences and the issue's.

"Only admins can export leads" and "Only admins can delete leads", off unless ticked; admins are
never stopped by them. Deleting follows the right to edit (owner, nobody's, admins), exporting the
right to see (all of the account). Only admins purge.
"""

from __future__ import annotations

import pytest

from custode.accounts import moves as account_moves
from custode.guard import door, policy
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry
from custode.kernel import clock, scope
from custode.kernel.actor import Actor
from custode.kernel.errors import Gone, Invalid, Refused
from custode.leads import moves as lead_moves
from custode.leads.models import Lead
from custode.people import moves
from custode.people.models import Role, User
from tests.cast import Cast, person

# who, on whose lead, the ticked rule -> delete, export, restore by the same, purge
TABLE = [
    ("anna", "ugo", "", "yes", "yes", "yes", "yes"),
    ("anna", "ugo", "delete", "yes", "yes", "yes", "yes"),
    ("anna", "ugo", "export", "yes", "yes", "yes", "yes"),
    ("anna", "", "delete", "yes", "yes", "yes", "yes"),
    ("ugo", "ugo", "", "yes", "yes", "yes", "no"),
    ("ugo", "ugo", "delete", "no", "yes", "-", "-"),
    ("ugo", "ugo", "export", "yes", "no", "yes", "no"),
    ("ugo", "", "", "yes", "yes", "yes", "no"),
    ("ugo", "", "delete", "no", "yes", "-", "-"),
    ("ugo", "bruna", "", "no", "yes", "-", "-"),
    ("ugo", "bruna", "delete", "no", "yes", "-", "-"),
    ("ugo", "bruna", "export", "no", "no", "-", "-"),
]


def answer(attempt: object) -> str:
    """What the door says to an attempt."""
    try:
        attempt()  # type: ignore[operator]  # always a callable
    except Refused:
        return "no"
    return "yes"


@pytest.mark.parametrize(("who", "whose", "rule", "delete", "export", "restore", "purge"), TABLE)
def test_the_door_answers_as_the_table_says(
    ferri: Cast, who: str, whose: str, rule: str, delete: str, export: str, restore: str, purge: str
) -> None:
    actor = ferri.actor(getattr(ferri, who))
    lead = ferri.lead(getattr(ferri, whose) if whose else None)
    if rule:
        account_moves.set_privacy(ferri.actor(ferri.anna), Verb(rule), "lead", True)
    leads = Lead.objects.filter(pk=lead.pk)
    refusals = LogEntry.objects.filter(outcome="refused").count

    assert answer(lambda: list(door.export(actor, leads, format="csv").rows())) == export
    assert answer(lambda: door.delete(actor, leads)) == delete
    assert Lead.objects.filter(pk=lead.pk).exists() == (delete == "no")
    assert refusals() == [delete, export].count("no")
    if delete == "yes":
        entry = Lead.with_trashed.get(pk=lead.pk).trash_id or 0
        assert answer(lambda: door.restore(actor, entry)) == restore
        again = door.delete(actor, leads).entry or 0
        assert answer(lambda: door.purge(actor, again, reason="for good")) == purge
        assert Lead.with_trashed.filter(pk=lead.pk).exists() == (purge == "no")


# who deleted their own lead, who restores it, the rule ticked in between -> restored?
RESTORED = [
    ("ugo", "ugo", "", "yes"),
    ("ugo", "ugo", "delete", "no"),
    ("ugo", "ugo", "export", "yes"),
    ("ugo", "bruna", "", "no"),
    ("ugo", "bruna", "delete", "no"),
    ("ugo", "anna", "", "yes"),
    ("ugo", "anna", "delete", "yes"),
    ("anna", "ugo", "", "no"),
    ("anna", "anna", "delete", "yes"),
]


@pytest.mark.parametrize("way", ["restore", "undo"])
@pytest.mark.parametrize(("who", "restorer", "rule", "restored"), RESTORED)
def test_who_may_not_delete_any_more_may_not_restore_either(
    ferri: Cast, who: str, restorer: str, rule: str, restored: str, way: str
) -> None:
    lead = ferri.lead(getattr(ferri, who))
    act = door.delete(ferri.actor(getattr(ferri, who)), [lead])
    if rule:
        account_moves.set_privacy(ferri.actor(ferri.anna), Verb(rule), "lead", True)
    actor = ferri.actor(getattr(ferri, restorer))
    attempt = {
        "restore": lambda: door.restore(actor, act.entry or 0),
        "undo": lambda: door.undo(actor, act.seq),
    }
    assert answer(attempt[way]) == restored
    assert Lead.objects.filter(pk=lead.pk).exists() == (restored == "yes")
    refused = LogEntry.objects.filter(verb="restore", outcome="refused").count()
    assert refused == (0 if restored == "yes" else 1)


def test_rules_are_off_unless_ticked(ferri: Cast) -> None:
    for verb in (Verb.DELETE, Verb.EXPORT):
        assert policy.may(ferri.actor(ferri.ugo), verb, "lead").ok


def test_an_unticked_rule_stops_nobody_any_more(ferri: Cast) -> None:
    anna = ferri.actor(ferri.anna)
    for on in (True, False):
        account_moves.set_privacy(anna, Verb.DELETE, "lead", on)
    assert door.delete(ferri.actor(ferri.ugo), [ferri.lead(ferri.ugo)]).count == 1


def test_one_accounts_rule_is_not_another_accounts(ferri: Cast) -> None:
    account_moves.set_privacy(ferri.actor(ferri.anna), Verb.DELETE, "lead", True)
    seller = person(ferri.lodi, "Livio", "Neri", Role.USER)
    with scope.account(ferri.lodi.account.pk):
        actor = ferri.actor(seller)
        assert not policy.holds(ferri.lodi.account.pk, Verb.DELETE, "lead")
        lead = lead_moves.create(actor, title="Lodi's", owner=seller, step=ferri.lodi.steps[0])
        assert door.delete(actor, [lead]).count == 1


def test_a_rule_holds_whatever_account_is_in_scope(ferri: Cast) -> None:
    account_moves.set_privacy(ferri.actor(ferri.anna), Verb.DELETE, "lead", True)
    with scope.account(ferri.lodi.account.pk):
        assert policy.holds(ferri.ferri.account.pk, Verb.DELETE, "lead")
        assert not policy.may(ferri.actor(ferri.ugo), Verb.DELETE, "lead").ok


def test_only_an_admin_of_dream_team_ticks_rules(ferri: Cast) -> None:
    with pytest.raises(Refused, match="Only admins"):
        account_moves.set_privacy(ferri.actor(ferri.ugo), Verb.DELETE, "lead", True)
    with pytest.raises(Refused, match="Dream Team"), scope.account(ferri.lodi.account.pk):
        account_moves.set_privacy(ferri.actor(ferri.carla), Verb.DELETE, "lead", True)
    told = LogEntry.objects.filter(verb="privacy", outcome="refused")
    assert list(told.values_list("actor_id", flat=True)) == [ferri.ugo.pk]
    with scope.account(ferri.lodi.account.pk):
        refused = LogEntry.objects.get(verb="privacy", outcome="refused")
        assert refused.actor_id == ferri.carla.pk


def test_a_downgraded_account_keeps_its_protection(ferri: Cast) -> None:
    anna = ferri.actor(ferri.anna)
    account_moves.set_privacy(anna, Verb.DELETE, "lead", True)
    account_moves.set_edition(anna, "sales_essentials")
    with pytest.raises(Refused):
        door.delete(ferri.actor(ferri.ugo), [ferri.lead(ferri.ugo)])
    account_moves.set_privacy(anna, Verb.DELETE, "lead", False)
    assert door.delete(ferri.actor(ferri.ugo), [ferri.lead(ferri.ugo)]).count == 1


def test_who_deleted_may_restore_and_nobody_else_but_an_admin(ferri: Cast) -> None:
    act = door.delete(ferri.actor(ferri.ugo), [ferri.lead(ferri.ugo)])
    entry = act.entry or 0
    with pytest.raises(Refused, match="Ugo Conti deleted this"):
        door.restore(ferri.actor(ferri.bruna), entry)
    assert door.restore(ferri.actor(ferri.anna), entry).count == 1
    with pytest.raises(Gone):
        door.restore(ferri.actor(ferri.anna), entry)


def test_another_accounts_leads_entries_and_acts_do_not_exist(ferri: Cast) -> None:
    lead = ferri.lead(ferri.ugo)
    act = door.delete(ferri.actor(ferri.ugo), [ferri.lead(ferri.ugo)])
    entry, carla = act.entry or 0, ferri.actor(ferri.carla)
    assert door.delete(carla, [lead]).count == 0
    assert door.delete(carla, Lead.objects.all()).count == 0
    assert list(door.export(carla, Lead.objects.all(), format="csv").rows()) == []
    assert door.change(carla, [lead], "owner", ferri.carla).count == 0
    for attempt in (
        lambda: door.restore(carla, entry),
        lambda: door.purge(carla, entry, reason="mine now"),
        lambda: door.undo(carla, 10_000),
    ):
        with pytest.raises(Gone):
            attempt()
    assert Lead.objects.get() == lead


def test_a_bulk_change_cannot_reach_into_another_account(ferri: Cast) -> None:
    lead = ferri.lead(ferri.ugo)
    with pytest.raises(Invalid, match="does not exist"):
        door.change(ferri.actor(ferri.ugo), [lead], "owner", ferri.carla)
    with pytest.raises(Invalid, match="does not exist"):
        door.change(ferri.actor(ferri.ugo), [lead], "step", ferri.lodi.steps[0])


def test_only_declared_fields_can_be_changed_in_bulk(ferri: Cast) -> None:
    with pytest.raises(Invalid, match="for many at once"):
        door.change(ferri.actor(ferri.anna), [ferri.lead()], "account", None)


def test_only_allow_listed_columns_leave(ferri: Cast) -> None:
    with pytest.raises(Invalid, match="no column “owner__password”"):
        door.export(
            ferri.actor(ferri.anna),
            Lead.objects.all(),
            format="csv",
            columns=["title", "owner__password"],
        )


def test_users_and_roles_are_admins_matter(ferri: Cast) -> None:
    for actor in (ferri.actor(ferri.ugo), ferri.actor(ferri.bruna)):
        with pytest.raises(Refused):
            moves.create(actor, first_name="Eve")
        with pytest.raises(Refused):
            moves.set_role(actor, ferri.ugo, "admin")
    assert User.objects.get(pk=ferri.ugo.pk).role == "user"
    with pytest.raises(Invalid, match="no admin left"):
        moves.set_role(ferri.actor(ferri.anna), User.objects.get(pk=ferri.anna.pk), "user")


@pytest.mark.parametrize("how", ["named in a file", "invited, without a password", "disabled"])
def test_an_admin_who_cannot_sign_in_does_not_count_as_one(ferri: Cast, how: str) -> None:
    operator = Actor.operator(ferri.ferri.account.pk)
    anna = User.objects.get(pk=ferri.anna.pk)
    if how == "named in a file":
        other = moves.create_named(operator, ["Ada Neri"])["Ada Neri"]
    else:
        other = moves.create(operator, first_name="Ada", email="ada@neri.example")
    if how == "disabled":
        other.set_password("correct-horse-battery")
        other.save(update_fields=["password"])
        with door.sensitive_act(operator, Verb.USERS):
            User.objects.filter(pk=other.pk).update(disabled_at=clock.now())
            other.refresh_from_db()
    moves.set_role(operator, other, "admin")
    with pytest.raises(Invalid, match="no admin left who can sign in"):
        moves.set_role(ferri.actor(ferri.anna), anna, "user")
    assert User.objects.get(pk=anna.pk).role == "admin"


def test_an_admin_steps_down_once_another_can_sign_in(ferri: Cast) -> None:
    moves.set_role(ferri.actor(ferri.anna), User.objects.get(pk=ferri.ugo.pk), "admin")
    moves.set_role(ferri.actor(ferri.anna), User.objects.get(pk=ferri.anna.pk), "user")
    assert [user.first_name for user in User.objects.filter(role="admin")] == ["Ugo"]


def test_where_no_admin_can_sign_in_yet_one_more_can_be_made(ferri: Cast) -> None:
    User.objects.update(password="!")
    moves.set_role(ferri.actor(ferri.anna), User.objects.get(pk=ferri.ugo.pk), "admin")
    assert User.objects.get(pk=ferri.ugo.pk).role == "admin"
