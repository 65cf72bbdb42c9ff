"""SQLite fetches a page's leads by their numbers, not by walking through the account's."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from custode.guard import door
from custode.kernel import schedule
from custode.leads import planner, queries, tagging
from custode.leads.models import Lead, LeadTag
from tests.cast import Cast
from tests.exchange.bringing import many, started, worked

LEADS = 300


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DATA", tmp_path)


def _walks_through_the_account(cast: Cast) -> list[bool]:
    """Whether a page's leads, and their tags, are looked for by the account alone."""
    leads = queries.visible(cast.actor(cast.anna)).filter(pk__anyof=[1, 2, 3])
    tags = LeadTag.objects.filter(lead__in=[1, 2, 3])
    return ["(account_id=?)" in str(rows.explain()) for rows in (leads, tags)]


def _filled(cast: Cast) -> None:
    anna = cast.actor(cast.anna)
    entry = door.begin_import(anna, "lead", details={}, labels=["leads.csv"])
    leads = [Lead(title=f"L{n}", step=cast.ferri.steps[n % 5]) for n in range(LEADS)]
    with door.import_chunk(anna, entry):
        for lead in leads:
            lead.derive()
        door.save_imported(entry, list(leads))
    door.finish_import(anna, entry, details={})
    (tag,) = tagging.tags_named(anna, ["Hot"])
    door.change_labels(anna, Lead.objects.all(), "tag", add=[tag])


def test_it_knows_once_it_was_told(ferri: Cast) -> None:
    _filled(ferri)
    planner.tell()
    assert _walks_through_the_account(ferri) == [False, False]


def test_it_is_told_every_hour_and_after_each_import(
    ferri: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[bool] = []
    periodic = [one for one in schedule.everything() if one.work is planner.tell]
    assert [one.every.total_seconds() for one in periodic] == [3600]
    monkeypatch.setattr(planner, "tell", lambda: told.append(True))
    worked(started(ferri, ferri.anna, many(3)))
    assert told == [True]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL tells itself.")
def test_untold_it_walks(ferri: Cast) -> None:
    """What the rest is good for: should SQLite learn this by itself, all of it can go."""
    _filled(ferri)
    assert True in _walks_through_the_account(ferri)
