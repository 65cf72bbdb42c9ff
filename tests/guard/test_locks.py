"""The locks of last resort: the database refuses what no door opened. Each lock is tried."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import Error, connection, transaction
from django.db.models import ProtectedError

from custode.guard import door, lock, lock_installation
from custode.kernel.actor import Actor
from custode.kernel.errors import Gone, UseTheDoor
from custode.leads.models import Lead, LeadTag, Step
from custode.people.models import User
from tests.cast import Cast
from tests.guard.locked import SAID, sql
from tests.guard.side_doors import SIDE_DOORS


@pytest.mark.parametrize("statement", SIDE_DOORS.values(), ids=SIDE_DOORS.keys())
def test_the_database_refuses_to(scene: Cast, statement: str) -> None:
    with pytest.raises(Error, match=SAID):
        sql(statement)


@pytest.mark.parametrize("statement", SIDE_DOORS.values(), ids=SIDE_DOORS.keys())
def test_without_its_lock_nothing_would_stop_one_to(scene: Cast, statement: str) -> None:
    with lock_installation.lifted(), transaction.atomic():
        said = "done"
        try:
            assert sql(statement)
        except Error as error:
            said = str(error)
        transaction.set_rollback(True)
    assert SAID not in said


@pytest.mark.skipif(connection.vendor != "postgresql", reason="TRUNCATE is PostgreSQL's")
@pytest.mark.parametrize("table", ["leads_lead", "guard_logentry", "guard_trashentry"])
def test_a_table_cannot_be_truncated(scene: Cast, table: str) -> None:
    settle()
    with pytest.raises(Error, match=SAID):
        sql(f"TRUNCATE {table} CASCADE")


def test_a_lead_cannot_be_born_in_the_trash(scene: Cast) -> None:
    entry = Lead.with_trashed.get(title="Trashed").trash_id or 0
    lead = Lead(title="Stillborn", step=scene.ferri.steps[0], trash_id=entry, arrived_id=entry)
    with pytest.raises(Error, match=SAID), transaction.atomic():
        lead.save()


def test_a_door_open_for_one_entry_moves_no_other_row(scene: Cast) -> None:
    mine = Lead.with_trashed.get(title="Trashed").trash_id or 0
    with lock.opened(f"restore:{mine + 1}"), pytest.raises(Error, match=SAID):
        sql("UPDATE leads_lead SET trash_id = NULL WHERE title = 'Trashed'")


def test_a_door_open_to_delete_does_not_purge(scene: Cast) -> None:
    mine = Lead.with_trashed.get(title="Trashed").trash_id or 0
    with lock.opened(f"delete:{mine}"), pytest.raises(Error, match=SAID):
        sql("DELETE FROM leads_lead WHERE title = 'Trashed'")


REWRITTEN = {
    "another act": "UPDATE guard_change SET seq = 9 WHERE seq IS NOT NULL",
    "no act": "UPDATE guard_change SET seq = NULL WHERE seq IS NOT NULL",
    "the act that is open, with somebody else in it": (
        "UPDATE guard_change SET seq = 9, actor_name = 'Bruna' WHERE seq IS NULL"
    ),
    "the act that is open, with another text in it": (
        "UPDATE guard_change SET seq = 9, new = 'x' WHERE seq IS NULL"
    ),
    "an act that is not open": "UPDATE guard_change SET seq = 8 WHERE seq IS NULL",
}


@pytest.mark.parametrize("statement", REWRITTEN.values(), ids=REWRITTEN.keys())
def test_a_line_of_history_is_not_rewritten_by_who_gives_it_to(scene: Cast, statement: str) -> None:
    leads = Lead.objects.filter(title="Living")
    door.change(scene.actor(scene.anna), leads, "step", scene.ferri.steps[1])
    with lock.opened(f"change:{scene.ferri.account.pk}:9"), pytest.raises(Error, match=SAID):
        sql(statement)


def test_a_line_of_no_act_is_given_to_the_one_that_is_open(scene: Cast) -> None:
    with lock.opened(f"change:{scene.ferri.account.pk}:9"):
        assert sql("UPDATE guard_change SET seq = 9 WHERE seq IS NULL")


def test_a_tag_may_be_taken_off_but_history_stays(scene: Cast) -> None:
    assert sql("DELETE FROM leads_leadtag") == 1
    assert not LeadTag.objects.exists()


def test_after_the_act_the_door_is_shut_again(scene: Cast) -> None:
    entry = Lead.with_trashed.get(title="Trashed").trash_id or 0
    door.restore(scene.actor(scene.anna), entry)
    with pytest.raises(Error, match=SAID):
        sql("UPDATE leads_lead SET trash_id = %s WHERE title = 'Trashed'", entry)


ORM_SIDE_DOORS: dict[str, Callable[[Lead], Any]] = {
    "lead.delete()": lambda lead: lead.delete(),
    "objects.delete()": lambda lead: Lead.objects.all().delete(),
    "with_trashed.delete()": lambda lead: Lead.with_trashed.all().delete(),
    "_raw_delete()": lambda lead: Lead.objects.all()._raw_delete("default"),
    "update(trash=…)": lambda lead: Lead.with_trashed.update(trash=None),
    "update(account=…)": lambda lead: Lead.objects.update(account_id=99),
    "save(update_fields=[trash])": lambda lead: lead.save(update_fields=["trash"]),
    "bulk_update([trash])": lambda lead: Lead.with_trashed.bulk_update([lead], ["trash"]),
    "user.delete()": lambda lead: User.objects.get(first_name="Ugo").delete(),
    "users.delete()": lambda lead: User.objects.all().delete(),
    "step.delete()": lambda lead: Step.objects.all().delete(),
    "account.delete()": lambda lead: lead.account.delete(),
}


@pytest.mark.parametrize("attempt", ORM_SIDE_DOORS.values(), ids=ORM_SIDE_DOORS.keys())
def test_the_orm_has_no_side_door_by(scene: Cast, attempt: Callable[[Lead], Any]) -> None:
    before = sorted(Lead.with_trashed.values_list("title", "trash_id"))
    lead = Lead.with_trashed.get(title="Living")
    with pytest.raises((UseTheDoor, ProtectedError)), transaction.atomic():
        attempt(lead)
    assert sorted(Lead.with_trashed.values_list("title", "trash_id")) == before
    assert User.objects.filter(first_name="Ugo").exists()


def test_a_copy_read_before_the_deletion_does_not_bring_the_lead_back(scene: Cast) -> None:
    stale = Lead.objects.get(title="Living")
    door.delete(scene.actor(scene.anna), [stale])
    stale.title = "Risen"
    with pytest.raises(Gone, match="moved to the trash"), transaction.atomic():
        stale.save()
    assert not Lead.objects.filter(title="Risen").exists()


def settle() -> None:
    """PostgreSQL alters no table that has constraints still to be checked."""
    connection.check_constraints()


def test_a_weakened_lock_is_missed(scene: Cast) -> None:
    assert lock_installation.missing() == []
    settle()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER custode_leads_lead_delete")
            cursor.execute(
                "CREATE TRIGGER custode_leads_lead_delete BEFORE DELETE ON leads_lead"
                " WHEN 1 = 0 BEGIN SELECT RAISE(ABORT, 'no'); END"
            )
        else:
            cursor.execute("ALTER TABLE leads_lead DISABLE TRIGGER custode_leads_lead_delete")
    assert lock_installation.missing() == ["custode_leads_lead_delete"]


WEAKER = {
    "custode_door": "CREATE OR REPLACE FUNCTION custode_door() RETURNS text LANGUAGE sql STABLE"
    " AS $$ SELECT 'purge:1'::text $$",
    "custode_leads_lead_truncate": "DROP TRIGGER custode_leads_lead_truncate ON leads_lead",
    "custode_leads_lead_trash": "CREATE OR REPLACE TRIGGER custode_leads_lead_trash"
    " BEFORE UPDATE OF title ON leads_lead FOR EACH ROW"
    " EXECUTE FUNCTION custode_leads_lead_trash()",
    "custode_leads_lead_delete": "CREATE OR REPLACE FUNCTION custode_leads_lead_delete()"
    " RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN OLD; END $$",
}


@pytest.mark.skipif(connection.vendor != "postgresql", reason="what only PostgreSQL has")
@pytest.mark.parametrize("name", WEAKER)
def test_whatever_a_lock_is_made_of_is_looked_at(scene: Cast, name: str) -> None:
    settle()
    with connection.cursor() as cursor:
        cursor.execute(WEAKER[name])
    assert lock_installation.missing() == [name]
    lock_installation.install()
    assert lock_installation.missing() == []


def test_the_system_is_an_actor_too(scene: Cast) -> None:
    act = door.delete(Actor.system(scene.ferri.account.pk, "spring cleaning"), Lead.objects.all())
    assert act.entry is not None
    assert act.entry.actor_name == "spring cleaning"
