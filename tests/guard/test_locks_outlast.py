"""The locks of last resort hold against another program on the file, and outlast migrations."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest
from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import connection, models
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations import AlterField

from custode.guard import lock_installation
from tests.cast import Cast
from tests.guard.locked import SAID
from tests.guard.scene import lay_scene


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the sqlite3 program opens SQLite files")
def test_another_program_on_the_file_fails_closed(transactional_db: None, ferri: Cast) -> None:
    lay_scene(ferri).lead(ferri.ugo, "Other")
    with sqlite3.connect(connection.settings_dict["NAME"]) as stranger:
        for statement in (
            "DELETE FROM leads_lead",
            "UPDATE leads_lead SET trash_id = NULL",
            "UPDATE guard_trashentry SET purge_at = at",
            "UPDATE guard_loghead SET seq = seq + 1",
            "INSERT OR REPLACE INTO guard_logentry SELECT * FROM guard_logentry",
            "INSERT OR REPLACE INTO accounts_account SELECT * FROM accounts_account",
        ):
            with pytest.raises(sqlite3.Error, match="custode_door"):
                stranger.execute(statement)
        for statement in (
            "DELETE FROM guard_logentry",
            "DELETE FROM accounts_account",
            "UPDATE guard_logentry SET count = 0",
            "UPDATE OR REPLACE leads_lead SET rowid = (SELECT MIN(id) FROM leads_lead)",
            "UPDATE OR REPLACE people_user SET rowid = (SELECT MIN(id) FROM people_user)",
            "UPDATE OR REPLACE leads_step SET name = (SELECT MIN(name) FROM leads_step)",
            "INSERT OR REPLACE INTO leads_step SELECT * FROM leads_step",
        ):
            with pytest.raises(sqlite3.Error, match=SAID):
                stranger.execute(statement)


@pytest.fixture
def rebuilt(transactional_db: None) -> Iterator[None]:
    """The leads' table is altered by a migration, as a new version of Custode would."""
    state = MigrationExecutor(connection).loader.project_state()
    wider = AlterField("lead", "reference", models.CharField(max_length=200, blank=True))
    after = state.clone()
    wider.state_forwards("leads", after)
    with connection.schema_editor() as editor:
        wider.database_forwards("leads", editor, state, after)
    yield
    with connection.schema_editor() as editor:
        wider.database_backwards("leads", editor, after, state)
    lock_installation.install()


def test_locks_lost_by_a_migration_are_missed_and_put_back(rebuilt: None) -> None:
    if connection.vendor == "sqlite":
        assert "custode_leads_lead_delete" in lock_installation.missing()
    emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
    assert lock_installation.missing() == []


def test_a_table_of_which_the_locks_of_others_speak_is_altered(transactional_db: None) -> None:
    state = MigrationExecutor(connection).loader.project_state()
    wider = AlterField("step", "name", models.CharField(max_length=99))
    after = state.clone()
    wider.state_forwards("leads", after)
    for change, was, then in (
        (wider.database_forwards, state, after), (wider.database_backwards, after, state),
    ):  # fmt: skip
        emit_pre_migrate_signal(
            verbosity=0,
            interactive=False,
            db="default",
            plan=[(Migration("wider", "leads"), False)],
        )
        with connection.schema_editor() as editor:
            change("leads", editor, was, then)
        emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
        assert lock_installation.missing() == []
