"""The sales team's file that the developers have at hand comes in whole, by the command.

What is right is computed here from the file by the csv module alone, not by the reader.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db.models import Count, Max, Min, Sum

from custode.console.main import main
from custode.guard import door
from custode.guard.models import LogEntry
from custode.kernel import scope
from custode.leads.models import Lead
from custode.people.models import User
from tests.cast import Cast

FILE = (
    Path(__file__).resolve().parents[2].parent
    / "shared/data/crm-sales-opportunities/sales_pipeline.csv"
)
ROME = ZoneInfo("Europe/Rome")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not FILE.is_file(),
        reason="The developers' data is not here: ../shared/data/crm-sales-opportunities",
    ),
]


def _day(text: str) -> date | None:
    return datetime.strptime(text, "%m/%d/%Y").date() if text else None  # noqa: DTZ007 (a day)


@pytest.fixture
def rows() -> list[dict[str, str]]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_real_file_comes_in_whole(
    people: Cast, rows: list[dict[str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setattr(settings, "DATA", tmp_path)
    line = ["import", "leads", str(FILE), "--account", "Ferri S.p.A.", "--as", "anna@ferri.example"]
    assert main(line) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "8,800 imported, 0 refused"
    with scope.account(people.ferri.account.pk):
        _check_every_lead(rows, people.ferri.steps[-1].name)
        _check_totals(rows)
        imported = LogEntry.objects.get(verb="import", outcome="done")
        assert door.undo(people.actor(people.anna), imported.seq).count == 8800
        assert not Lead.objects.exists()


def _check_every_lead(rows: list[dict[str, str]], last: str) -> None:
    leads = {
        lead.reference: lead for lead in Lead.objects.select_related("owner", "step__pipeline")
    }
    assert len(leads) == len(rows) == 8800
    for row in rows:
        lead = leads[row["opportunity_id"]]
        assert str(lead.owner) == row["sales_agent"]
        assert row["product"] in lead.title
        assert row["account"] in lead.title
        assert lead.fields.get("account", "") == row["account"]
        assert lead.fields["product"] == row["product"]
        stage = row["deal_stage"]
        assert lead.status == {"Won": "won", "Lost": "lost"}.get(stage, "todo")
        assert lead.step.name == (stage if lead.status == "todo" else last)
        value = row["close_value"]
        assert lead.amount_minor == (int(value) * 100 if value else None)
        if row["engage_date"]:
            assert lead.created_at.astimezone(ROME).date() == _day(row["engage_date"])
        closed = lead.closed_at and lead.closed_at.astimezone(ROME).date()
        assert closed == _day(row["close_date"])


def _check_totals(rows: list[dict[str, str]]) -> None:
    by_agent: dict[str, int] = defaultdict(int)
    for row in rows:
        by_agent[row["sales_agent"]] += int(row["close_value"] or 0) * 100
    told = Lead.objects.values_list("owner__first_name", "owner__last_name").annotate(
        total=Sum("amount_minor")
    )
    assert {f"{first} {last}": total or 0 for first, last, total in told} == dict(by_agent)
    stages = Counter({"Won": "won", "Lost": "lost"}.get(row["deal_stage"], "todo") for row in rows)
    assert dict(Lead.objects.values_list("status").annotate(n=Count("pk"))) == dict(stages)
    ends = Lead.objects.aggregate(first=Min("closed_at"), last=Max("closed_at"))
    days = [day for row in rows if (day := _day(row["close_date"]))]
    assert (ends["first"].date(), ends["last"].date()) == (min(days), max(days))
    agents = User.objects.filter(email=None)
    assert agents.count() == len(by_agent) == 30
    assert not any(agent.can_sign_in for agent in agents)
