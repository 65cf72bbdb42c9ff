"""The real file of a sales team comes in whole, if the developers' data is at hand."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from custode.exchange.reading import Status, interpret, open_table, propose

FOLDER = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "crm-sales-opportunities"

pytestmark = [
    pytest.mark.once,
    pytest.mark.skipif(
        not FOLDER.is_dir(),
        reason="The developers' data is not here: ../shared/data/crm-sales-opportunities",
    ),
]


@pytest.fixture(scope="module")
def leads():
    table = open_table(FOLDER / "sales_pipeline.csv")
    proposal = propose(table)
    assert proposal.questions == ()
    rows = list(interpret(table, proposal.mapping))
    assert [row.line for row in rows] == list(range(2, 8802))
    return [row.draft for row in rows if row.draft]


def test_all_8800_rows_come_in(leads):
    assert len(leads) == 8800
    assert len({lead.reference for lead in leads}) == 8800


def test_agents_stages_amounts_and_dates_are_right(leads):
    assert len({lead.owner for lead in leads}) == 30
    assert Counter(lead.status for lead in leads) == {
        Status.WON: 4238,
        Status.LOST: 2473,
        Status.TODO: 2089,
    }
    assert Counter(lead.step for lead in leads) == {"": 6711, "Engaging": 1589, "Prospecting": 500}
    assert sum(lead.amount for lead in leads if lead.amount is not None) == 10_005_534
    assert sum(lead.amount is None for lead in leads) == 2089
    created = [lead.created_at for lead in leads if lead.created_at]
    closed = [lead.closed_at for lead in leads if lead.closed_at]
    assert (len(created), str(min(created)), str(max(created))) == (
        8300,
        "2016-10-20",
        "2017-12-27",
    )
    assert (len(closed), str(min(closed)), str(max(closed))) == (6711, "2017-03-01", "2017-12-31")


def test_companies_stand_in_the_title_and_as_a_line(leads):
    first = leads[0]
    assert first.title == "Cancity · GTX Plus Basic"
    assert "account: Cancity" in first.description
    assert sum("account: " in lead.description for lead in leads) == 8800 - 1425


@pytest.mark.parametrize("name", ["accounts", "products", "sales_teams"])
def test_the_files_beside_it_come_in_too(name):
    table = open_table(FOLDER / f"{name}.csv")
    proposal = propose(table)
    assert proposal.questions == ()
    assert all(row.draft for row in interpret(table, proposal.mapping))
