"""SQLite's REPLACE deletes rows behind the triggers on deletion: no key lets it.

It is tried by every key that a row has: its number, under each of the names that SQLite knows for
it, and what is unique. Custode's own connections have these triggers asked (`recursive_triggers`);
another program's have not, so that here they are not either.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import Error, connection, models
from django.db.models.functions import Lower

from custode.guard import lock, unique_constraints
from custode.guard.models import Logged
from custode.guard.owned import Owned, Tenant
from custode.kernel import scope
from custode.leads.models import LeadTag, Pipeline
from custode.leads.tagging import tags_named
from custode.people import moves as people_moves
from custode.people.models import User
from custode.signin.models import Session, Totp
from tests.cast import Cast
from tests.guard.locked import SAID, sql

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="REPLACE is SQLite's")


@pytest.fixture(autouse=True)
def _as_another_program(db: None) -> Iterator[None]:
    """What SQLite does unless it is told otherwise."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA recursive_triggers=OFF")
        assert cursor.execute("PRAGMA recursive_triggers").fetchone() == (0,)
        yield
        cursor.execute("PRAGMA recursive_triggers=ON")


@pytest.fixture
def twos(scene: Cast) -> Cast:
    """The scene, with a second row of what has keys."""
    tags_named(scene.actor(scene.ugo), ["Hot", "Cold"])
    Pipeline.objects.create(name="Service")
    for who in (scene.ugo, scene.bruna):
        Session.objects.create(user=who, digest=str(who.pk))
    scene.lead(scene.ugo, "Other")
    return scene


def rows(table: str) -> list[int]:
    """The numbers of a table's rows."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {table} ORDER BY id")
        return [pk for (pk,) in cursor.fetchall()]


TWO_ROWS = [
    "leads_lead", "leads_pipeline", "leads_step", "leads_tag", "people_user", "accounts_account",
    "guard_trashentry", "guard_privacysetting", "guard_logentry", "guard_logperson",
    "guard_loghead", "guard_refusalwindow", "guard_change", "signin_session",
]  # fmt: skip


@pytest.mark.parametrize("table", TWO_ROWS)
def test_no_row_takes_the_number_of_another(twos: Cast, table: str) -> None:
    before = rows(table)
    taken = before[0] if len(before) > 1 else 99
    for name in ("id", "rowid", "oid", "_rowid_", "ROWID"):
        with pytest.raises(Error, match=SAID):
            sql(f"UPDATE OR REPLACE {table} SET {name} = %s WHERE id = %s", taken, before[-1])
    assert rows(table) == before


@pytest.mark.parametrize("table", TWO_ROWS)
def test_no_row_is_replaced_by_an_insert_of_its_number(twos: Cast, table: str) -> None:
    before = rows(table)
    with pytest.raises(Error, match=SAID):
        sql(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")
    assert rows(table) == before


INSERTED = {
    "a pipeline's name": (
        "INSERT OR REPLACE INTO leads_pipeline (account_id, name, position, is_default, created_at)"
        " SELECT account_id, name, 9, 0, created_at FROM leads_pipeline"
    ),
    "a step's name": (
        "INSERT OR REPLACE INTO leads_step (account_id, pipeline_id, name, position, created_at)"
        " SELECT account_id, pipeline_id, name, 9, created_at FROM leads_step"
    ),
    "a tag's name": (
        "INSERT OR REPLACE INTO leads_tag (account_id, name, folded)"
        " SELECT account_id, '', folded FROM leads_tag"
    ),
    "a session's cookie": (
        "INSERT OR REPLACE INTO signin_session (account_id, user_id, digest, data, way, device,"
        " browser, system, form, header, ip, started_ip, started_at, seen_at, ended_why, ended_by)"
        " SELECT account_id, user_id, digest, data, way, device, browser, system, form, header,"
        " ip, started_ip, started_at, seen_at, ended_why, ended_by FROM signin_session"
    ),
}


@pytest.mark.parametrize("statement", INSERTED.values(), ids=INSERTED.keys())
def test_no_row_is_replaced_by_an_insert_of(twos: Cast, statement: str) -> None:
    with pytest.raises(Error, match=SAID):
        sql(statement)


UPDATED = {
    "a pipeline's name": "leads_pipeline SET name = (SELECT name FROM leads_pipeline LIMIT 1)",
    "a step's name": "leads_step SET name = (SELECT name FROM leads_step LIMIT 1)",
    "a tag's name": "leads_tag SET folded = (SELECT folded FROM leads_tag LIMIT 1)",
    "a user's address": "people_user SET email = (SELECT email FROM people_user LIMIT 1)",
    "an account's name": "accounts_account SET name = (SELECT name FROM accounts_account LIMIT 1)",
    "a session's cookie": "signin_session SET digest = (SELECT digest FROM signin_session LIMIT 1)",
}


@pytest.mark.parametrize("change", UPDATED.values(), ids=UPDATED.keys())
def test_no_row_is_pushed_out_by_an_update_of(twos: Cast, change: str) -> None:
    with (
        lock.opened(f"sign_in:{twos.ferri.account.pk}"),
        pytest.raises(Error, match=rf"{SAID} \(custode_\w+_displace"),
    ):
        sql(f"UPDATE OR REPLACE {change}")


def test_a_key_among_some_rows_holds_among_these_only(scene: Cast) -> None:
    """One authenticator program per user, of those that were not removed."""
    account, ugo = scene.ferri.account.pk, scene.ugo.pk

    def put_in(removed: str | None) -> None:
        with lock.opened(f"two_factor:{account}"):
            sql(
                "INSERT OR REPLACE INTO signin_totp (account_id, user_id, secret, last_step,"
                " created_at, removed_at) VALUES (%s, %s, 'S', 0, '2026-01-01', %s)",
                account, ugo, removed,
            )  # fmt: skip

    for removed in ("2026-01-02", "2026-01-03", None, "2026-01-04"):
        put_in(removed)
    with pytest.raises(Error, match=SAID):
        put_in(None)
    with (
        lock.opened(f"two_factor:{account}"),
        pytest.raises(Error, match=rf"{SAID} \(custode_signin_totp_displace"),
    ):
        sql("UPDATE OR REPLACE signin_totp SET removed_at = NULL")
    assert Totp.objects.count() == 4


def test_what_clashes_with_nothing_is_taken(scene: Cast) -> None:
    with scope.everywhere("a test"):
        assert Pipeline.objects.filter(name="Sales").count() == 2
    scene.lead(scene.ugo, "Third", tags=tags_named(scene.actor(scene.ugo), ["Hot"]))
    assert LeadTag.objects.filter(tag__name="Hot").count() == 2
    people_moves.create_named(scene.actor(scene.anna), ["Ada Neri", "Ivo Neri"])
    assert User.objects.filter(email=None).count() == 2


def test_every_table_of_an_account_has_these_locks() -> None:
    locked = {(one.table, one.purpose) for one in lock.locks()}
    tables = [m._meta.db_table for m in apps.get_models() if issubclass(m, (Owned, Logged, Tenant))]
    assert len(tables) > 15
    for table in tables:
        assert {(table, "fixed"), (table, "replace")} <= locked


def odd(name: str, **options: object) -> type[models.Model]:
    """A model that is unique in its own way."""
    meta = type("Meta", (), {"app_label": "nowhere", **options})
    fields = {"name": models.CharField(max_length=9), "place": models.CharField(max_length=9)}
    return type(name, (models.Model,), {"__module__": __name__, "Meta": meta, **fields})


def test_what_is_unique_together_is_a_key() -> None:
    together = odd("Together", unique_together=[("name", "place")])
    assert "other.name = NEW.name AND other.place = NEW.place" in unique_constraints.taken(together)


def test_what_is_unique_by_an_expression_stops_the_start() -> None:
    by_lower = models.UniqueConstraint(Lower("name"), name="by_lower")
    with pytest.raises(ImproperlyConfigured, match="by_lower is unique by an expression"):
        unique_constraints.taken(odd("Lowered", constraints=[by_lower]))
