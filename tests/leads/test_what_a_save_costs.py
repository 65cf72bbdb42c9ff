"""An ordinary save costs one statement more than without policy and log, and never more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from custode.accounts import moves as account_moves
from custode.accounts import sharing
from custode.accounts.sharing import Sharing
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry
from custode.leads import moves
from custode.leads.models import Lead
from custode.people.models import User
from tests.cast import Cast

FRAME = {"BEGIN", "SAVEPOINT", "RELEASE", "COMMIT", "ROLLBACK"}


def cost(act: Callable[[], Any]) -> int:
    """How many statements it takes, without those that frame a transaction."""
    with CaptureQueriesContext(connection) as asked:
        act()
    return sum(query["sql"].split()[0] not in FRAME for query in asked.captured_queries)


def _unasked(_actor: object, _lead: object) -> None:
    """Nobody asks whether somebody may."""


@pytest.mark.parametrize("mode", ["shared", "admins"])
@pytest.mark.parametrize("rules", [False, True])
@pytest.mark.parametrize("who", ["anna", "ugo"])
def test_an_edit_costs_one_statement_more(
    ferri: Cast, monkeypatch: pytest.MonkeyPatch, who: str, rules: bool, mode: str
) -> None:
    anna = ferri.actor(ferri.anna)
    sharing.change(anna, Sharing(mode, True, "managers", "everybody"))
    for verb in (Verb.DELETE, Verb.EXPORT) if rules else ():
        account_moves.set_privacy(anna, verb, "lead", True)
    lead = ferri.lead(ferri.ugo)
    actor = ferri.actor(User.objects.select_related("account").get(pk=getattr(ferri, who).pk))
    entries = LogEntry.objects.count()
    with monkeypatch.context() as patched:
        patched.setattr(moves, "require_edit", _unasked)
        bare = cost(lambda: moves.edit(actor, lead, title="One"))
    whole = cost(lambda: moves.edit(actor, lead, title="Two"))
    assert bare <= whole <= bare + 1
    assert Lead.objects.get(pk=lead.pk).title == "Two"
    # An edit of one lead is no sensitive act.
    assert LogEntry.objects.count() == entries


def test_a_bare_save_is_one_statement(ferri: Cast) -> None:
    lead = ferri.lead(ferri.ugo)
    lead.title = "Other"
    assert cost(lead.save) == 1
