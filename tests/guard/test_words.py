"""The index of the search: there after every migration, true to the texts, and not needed."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from custode.activities import moves
from custode.activities.models import Comment, CommentWords, EmailWords
from custode.console.serving import conditions
from custode.guard import database_checks, search_index
from custode.guard.search_texts import holding, index_of
from custode.kernel.errors import Invalid
from custode.leads.models import Lead
from tests.cast import Cast

INDEX, OTHER = index_of(CommentWords), index_of(EmailWords)
on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's index")
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's index")


@pytest.fixture
def lead(ferri: Cast) -> Lead:
    return ferri.lead(ferri.ugo)


def said(cast: Cast, lead: Lead, text: str) -> Comment:
    return moves.write(cast.actor(cast.ugo), lead, text)


def numbers(*words: str) -> set[int]:
    return set(holding(CommentWords, *words).values_list("comment", flat=True))


def plan(word: str) -> str:
    return str(holding(CommentWords, word).explain())


def run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def test_the_index_stands_and_is_used(ferri: Cast, lead: Lead) -> None:
    assert search_index.missing() == []
    said(ferri, lead, "Spoken")
    if connection.vendor == "postgresql":
        # Few rows are read as a whole, unless that is forbidden.
        run("SET LOCAL enable_seqscan = off", "SET LOCAL enable_indexscan = off")
    assert INDEX in plan("spoken")


def test_all_words_must_stand_in_the_same_text(ferri: Cast, lead: Lead) -> None:
    both = said(ferri, lead, "Alpha and beta")
    alpha = said(ferri, lead, "Alpha alone")
    assert numbers("alpha") == {both.pk, alpha.pk}
    assert numbers("alpha", "beta") == {both.pk}
    assert numbers("alpha", "d") == {both.pk}


def test_triples_that_stand_apart_are_no_word(ferri: Cast, lead: Lead) -> None:
    said(ferri, lead, "abc bcd")
    assert numbers("abcd") == set()


@on_sqlite
@pytest.mark.parametrize(
    "loss",
    [
        *(f"DROP TRIGGER {INDEX}_{ending}" for ending in ("new", "gone", "other")),
        f"DROP TABLE {INDEX}",
    ],
)
def test_what_was_lost_is_told_and_made_anew(ferri: Cast, lead: Lead, loss: str) -> None:
    before = said(ferri, lead, "Before")
    run(loss)
    assert search_index.missing() == [INDEX]
    with pytest.raises(Invalid, match="custode migrate"):
        conditions.database_is_ready()
    if "TABLE" in loss:
        run(*(f"DROP TRIGGER {INDEX}_{ending}" for ending in ("new", "gone", "other")))
    after = said(ferri, lead, "After")
    call_command("migrate", verbosity=0, interactive=False)
    assert search_index.missing() == []
    assert (numbers("before"), numbers("after")) == ({before.pk}, {after.pk})


@on_sqlite
def test_an_index_that_stands_is_not_made_again(ferri: Cast, lead: Lead) -> None:
    said(ferri, lead, "Spoken")
    run(f"INSERT INTO {INDEX}({INDEX}) VALUES ('delete-all')")
    search_index.install()
    assert numbers("spoken") == set()


@pytest.fixture
def no_extension(ferri: Cast) -> Iterator[None]:
    """A role that may not make the extension, in a database without it."""
    point = transaction.savepoint()
    run("SET CONSTRAINTS ALL IMMEDIATE", f"DROP INDEX {INDEX}, {OTHER}", "DROP EXTENSION pg_trgm")
    run("CREATE ROLE custode_plain", "SET LOCAL ROLE custode_plain")
    yield
    transaction.savepoint_rollback(point)


@on_postgresql
def test_without_the_extension_the_operator_is_told(
    no_extension: None, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        search_index.install()
    assert "CREATE EXTENSION pg_trgm" in caplog.text
    assert "permission denied" in caplog.text
    assert sorted(search_index.missing()) == [INDEX, OTHER]
    assert database_checks.missing_indexes() == []
    assert "custode migrate" in database_checks.slow_search()


@on_postgresql
def test_without_the_extension_the_same_is_found(
    ferri: Cast, lead: Lead, capsys: pytest.CaptureFixture[str]
) -> None:
    comment = said(ferri, lead, "Spoken")
    # No statement about a table's form passes while it owes something.
    run("SET CONSTRAINTS ALL IMMEDIATE", f"DROP INDEX {INDEX}, {OTHER}", "DROP EXTENSION pg_trgm")
    assert numbers("poke") == {comment.pk}
    conditions.database_is_ready()
    assert "CREATE EXTENSION pg_trgm" in capsys.readouterr().err
    call_command("migrate", verbosity=0, interactive=False)
    assert database_checks.slow_search() == ""
    assert numbers("poke") == {comment.pk}
